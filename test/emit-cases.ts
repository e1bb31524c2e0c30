import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readAssets } from '../compiler/src/cli/read-assets.ts';
import { compile } from '../compiler/src/pipeline.ts';
import type { Host } from '../compiler/src/source/host.ts';
import { createNodeHost } from '../compiler/src/source/node-host.ts';

const CASES = join(import.meta.dirname, 'cases');

/** Every file that the sound cases' services would have, by `<case>/<path>`; nothing is written to the disk. */
export async function emitSoundCases(): Promise<ReadonlyMap<string, string>> {
  const written = new Map<string, string>();
  const disk = createNodeHost();
  const host: Host = { ...disk, writeFile: (path, text) => void written.set(path, text) };
  const assets = readAssets(host);
  for (const name of readdirSync(CASES).filter((entry) => existsSync(join(CASES, entry, 'ok')))) {
    const entry = join(CASES, name, 'integration.rules.yaml');
    const output = `/mortise-nowhere/${name}`;
    await compile(host, entry, {
      assets,
      check: false,
      force: false,
      vendorRuntime: false,
      output,
      onStage: () => undefined,
    });
  }
  return new Map([...written].map(([path, text]) => [path.slice('/mortise-nowhere/'.length), text]));
}
