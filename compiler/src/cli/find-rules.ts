import type { Host } from '../source/host.ts';

/** The rules files that were named, else `specs/*.rules.yaml` below the folder; where there is none, it says so. */
export function findRules(
  host: Host,
  folder: string,
  named: readonly string[],
  print: (text: string) => void,
): readonly string[] {
  if (named.length > 0) return named.map((path) => host.resolve(folder, path));
  const specs = host.resolve(folder, 'specs');
  const found = host
    .listFiles(specs)
    .filter((path) => /^[^/]+\.rules\.yaml$/.test(path))
    .map((path) => host.resolve(specs, path));
  if (found.length === 0) print('There is no rules file: name one, or put it at specs/<name>.rules.yaml.\n');
  return found;
}
