import { renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { build } from 'rolldown';
import { ROOT } from '../demo/demo-world.ts';

/** The service of the crash runs. */
export const CHILD_SERVICE = join(ROOT, 'test/crash/child-service.ts');

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
  // Inside the repository, for what is loaded on first use is looked for from here. Two processes that bundle at once
  // each move a whole file into its place. What is made of a sabotaged copy goes with it.
  const isCopy = entry !== CHILD_SERVICE;
  const folder = isCopy ? join(dirname(entry), 'bundle') : join(ROOT, 'test/.tmp/bundle');
  const dir = join(folder, String(process.pid));
  await build({
    input: entry,
    platform: 'node',
    output: { dir, format: 'esm', codeSplitting: false },
    logLevel: 'silent',
  });
  const name = basename(entry).replace(/\.ts$/, '.js');
  renameSync(join(dir, name), join(folder, name));
  rmSync(dir, { recursive: true });
  return join(folder, name);
}
