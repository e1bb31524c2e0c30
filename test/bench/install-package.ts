import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const INSTALL_MS = 300_000;

export type Installation =
  /** @param file of the package, absolute */
  | { readonly kind: 'installed'; readonly file: string }
  | { readonly kind: 'absent'; readonly reason: string };

/**
 * A package that only a benchmark needs, outside of the repository; what was installed once is there the next time.
 * @param file of the package that is wanted
 */
export function installPackage(name: string, version: string, file: string): Installation {
  const wanted = `${name}@${version}`;
  const folder = join(tmpdir(), `mortise-bench-${wanted.replaceAll(/[^a-z0-9.]+/g, '-')}`);
  const whole = join(folder, 'installed');
  const installed = { kind: 'installed', file: join(folder, 'node_modules', name, file) } as const;
  if (existsSync(whole)) return installed;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  process.stderr.write(`installing ${wanted} in ${folder}\n`);
  const { status, stderr, error } = spawnSync(
    'npm',
    ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--save-exact', wanted],
    { cwd: folder, encoding: 'utf8', timeout: INSTALL_MS },
  );
  if (status !== 0) {
    const said =
      error?.message ??
      stderr.split('\n').find((line) => line.startsWith('npm error')) ??
      `npm ended with ${status}`;
    return { kind: 'absent', reason: `${wanted} cannot be installed: ${said}` };
  }
  writeFileSync(whole, '');
  return installed;
}
