import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSampleProject } from './sample-project.ts';

/**
 * Makes compiler/src/emit/templates/package-lock.json anew, with the versions of this repository's lock file.
 * Run it with: node test/update-package-lock.ts
 */
const ROOT = join(import.meta.dirname, '..');
const TEMPLATE = join(ROOT, 'compiler/src/emit/templates/package-lock.json');

const folder = mkdtempSync(join(tmpdir(), 'mortise-lock-'));
const project = createSampleProject();
try {
  await project.gen({ vendorRuntime: true, output: folder });
  cpSync(join(ROOT, 'package-lock.json'), join(folder, 'package-lock.json'));
  const environment = { ...process.env, npm_config_omit_lockfile_registry_resolved: 'true' };
  const args = ['install', '--package-lock-only', '--no-audit', '--no-fund'];
  const { status } = spawnSync('npm', args, { cwd: folder, env: environment, stdio: 'inherit' });
  if (status !== 0) throw new Error(`npm ended with ${status}`);
  const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
  const name = 'integration';
  const text = JSON.stringify(
    { ...lock, name, packages: { ...lock.packages, '': { ...lock.packages[''], name } } },
    null,
    2,
  );
  writeFileSync(TEMPLATE, `${text}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
  project.remove();
}
