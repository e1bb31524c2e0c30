import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'rolldown';
import { ROOT } from '../demo/demo-world.ts';

const bundles = new Map<string, Promise<string>>();

/**
 * The same code in one file: hundreds of processes of it are started, and most of what a process does that soon dies is
 * to find and to load its modules.
 */
export function bundleService(entry: string): Promise<string> {
  const known = bundles.get(entry);
  if (known !== undefined) return known;
  const made = bundle(entry);
  bundles.set(entry, made);
  return made;
}

async function bundle(entry: string): Promise<string> {
  const parent = join(ROOT, 'test/.tmp');
  mkdirSync(parent, { recursive: true });
  // Inside the repository, for what is loaded on first use is looked for from here.
  const dir = mkdtempSync(join(parent, 'bundle-'));
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
  await build({
    input: entry,
    platform: 'node',
    output: { dir, format: 'esm', codeSplitting: false },
    logLevel: 'silent',
  });
  return join(dir, basename(entry).replace(/\.ts$/, '.js'));
}
