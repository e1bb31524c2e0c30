import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readAssets } from '../compiler/src/cli/read-assets.ts';
import { compile } from '../compiler/src/pipeline.ts';
import type { Host } from '../compiler/src/source/host.ts';
import { createNodeHost } from '../compiler/src/source/node-host.ts';

const CASES = join(import.meta.dirname, 'cases');
const NOWHERE = '/mortise-nowhere/';

/**
 * Every file that the sound cases' services would have, by `<case>/<path>`; nothing is written to the disk.
 * @param names of the cases; all of them where it is left out
 */
export function emitSoundCases(
  names: readonly string[] = listSoundCases(),
): Promise<ReadonlyMap<string, string>> {
  return emitServices(new Map(names.map((name) => [name, join(CASES, name, 'integration.rules.yaml')])));
}

export function listSoundCases(): string[] {
  return readdirSync(CASES).filter((entry) => existsSync(join(CASES, entry, 'ok')));
}

/** @param entries the rules file of each service, by a name of the service's folder */
export async function emitServices(
  entries: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string>> {
  const all: [string, string][] = [];
  for (const [name, entry] of entries) all.push(...(await emitOne(createNodeHost(), name, entry)));
  return new Map(all);
}

/** @param disk where the rules and the descriptions are read */
export async function emitOne(disk: Host, name: string, entry: string): Promise<ReadonlyMap<string, string>> {
  const written = new Map<string, string>();
  const host: Host = {
    ...disk,
    writeFile: (path, text) => void written.set(path.slice(NOWHERE.length), text),
  };
  const assets = readAssets(host);
  await compile(host, entry, {
    assets,
    check: false,
    force: false,
    vendorRuntime: false,
    output: `${NOWHERE}${name}`,
    onStage: () => undefined,
  });
  return written;
}
