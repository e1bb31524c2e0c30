import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { readSystems } from '../../resolve/read-systems.ts';
import type { Host } from '../../source/host.ts';
import type { ChosenSide } from './render-rules.ts';

/** One of the two systems, with its descriptions read, before an operation of it is chosen. */
export type Side = Omit<ChosenSide, 'operation'>;

export type ReadSides =
  | { readonly kind: 'read'; readonly source: Side; readonly target: Side }
  | { readonly kind: 'same-name'; readonly name: string }
  | { readonly kind: 'broken'; readonly found: readonly Diagnostic[] };

/** @param file the rules file that will name the descriptions @param source `crm=./crm.yaml`; several files of one system */
export function readSides(
  host: Host,
  folder: string,
  file: string,
  { source, target }: { readonly source: readonly string[]; readonly target: readonly string[] },
): ReadSides {
  const [from, to] = [readSide(source, 'source'), readSide(target, 'target')];
  if (from.name === to.name) return { kind: 'same-name', name: from.name };
  const nameSpecs = (paths: readonly string[]): string[] =>
    paths.map((path) => nameFrom(host, file, host.resolve(folder, path)));
  const specs = { [from.name]: nameSpecs(from.paths), [to.name]: nameSpecs(to.paths) };
  const inputs = Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, { spec }]));
  const [systems, found] = readSystems(host, file, inputs);
  const sides = [from, to].map(({ name }): Side | undefined => {
    const read = systems.get(name);
    return read === undefined ? undefined : { name, specs: specs[name] ?? [], read };
  });
  const [one, other] = sides;
  if (found.length > 0 || one === undefined || other === undefined) return { kind: 'broken', found };
  return { kind: 'read', source: one, target: other };
}

/** `crm=./crm.yaml`, or a path whose file names the system: `./xero-accounting.yaml` is of xero. */
function readSide(
  given: readonly string[],
  otherwise: string,
): { readonly name: string; readonly paths: readonly string[] } {
  const parts = given.map((entry) => /^(?:([A-Za-z][A-Za-z0-9-]*)=)?(.+)$/.exec(entry) ?? []);
  const [, name, first = ''] = parts[0] ?? [];
  const base = /([A-Za-z][A-Za-z0-9]*)[^/]*$/
    .exec(first.slice(first.lastIndexOf('/') + 1))?.[1]
    ?.toLowerCase();
  return { name: name ?? base ?? otherwise, paths: parts.map(([, , path = '']) => path) };
}

function nameFrom(host: Host, file: string, path: string): string {
  const relative = host.relative(host.resolve(file, '..'), path);
  return relative.startsWith('.') ? relative : `./${relative}`;
}
