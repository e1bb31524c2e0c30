import type { Host } from '../source/host.ts';

/** The rules files that were named, else `specs/*.rules.yaml` below the folder. */
export function findRules(host: Host, folder: string, named: readonly string[]): readonly string[] {
  if (named.length > 0) return named.map((path) => host.resolve(folder, path));
  const specs = host.resolve(folder, 'specs');
  return host
    .listFiles(specs)
    .filter((path) => /^[^/]+\.rules\.yaml$/.test(path))
    .map((path) => host.resolve(specs, path));
}
