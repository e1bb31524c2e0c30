import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { RulesInput } from '../model/rules-input.ts';
import type { Host } from '../source/host.ts';
import { childOf, valueAt } from '../source/source-ref.ts';
import type { SourceRef } from '../source/source-ref.ts';

/** A file or folder outside of the descriptions' folders that their references may lead to. */
export interface AllowedPlace {
  /** As the rules name it. */
  readonly name: string;
  /** Absolute, links resolved. */
  readonly path: string;
  /** The address of which it is a copy. */
  readonly address: string | undefined;
  readonly at: SourceRef;
}

/** What `references` of the systems allow; a place that is not there is a finding. */
export function readReferences(
  host: Host,
  rulesFile: string,
  rules: RulesInput,
): { readonly places: readonly AllowedPlace[]; readonly found: readonly Diagnostic[] } {
  const found: Diagnostic[] = [];
  const places = Object.entries(rules.systems).flatMap(([system, { references = [] }]) =>
    references.flatMap((given, index): AllowedPlace[] => {
      const entry = valueAt(rulesFile, ['systems', system, 'references', index]);
      const isCopy = typeof given !== 'string';
      const name = isCopy ? given.file : given;
      const at = isCopy ? childOf(entry, 'file') : entry;
      const path = host.realPath(host.resolve(rulesFile, '..', name));
      if (path === undefined && /^https?:/i.test(name)) {
        const problem = 'This is an address, and nothing is fetched. Save a copy, and say where it is.';
        const fix = `{ address: ${JSON.stringify(name)}, file: ./… }`;
        found.push(createDiagnostic('invalid-value', { problem }, at, { fix }));
        return [];
      }
      if (path !== undefined) return [{ name, path, address: isCopy ? given.address : undefined, at }];
      found.push(createDiagnostic('file-not-found', { path: name, what: '"references"' }, at));
      return [];
    }),
  );
  for (const { address, path, at } of places) {
    const other = places.find((place) => place.address === address && place.path !== path);
    if (address === undefined || other === undefined) continue;
    const problem = `${address} has a copy at another place, ${other.name}, so that it is not known which of them is meant.`;
    found.push(createDiagnostic('invalid-value', { problem }, at));
  }
  return { places, found };
}

/** Those that no reference leads to. */
export function findUnusedReferences(
  places: readonly AllowedPlace[],
  used: ReadonlySet<AllowedPlace>,
): Diagnostic[] {
  return places
    .filter((place) => !used.has(place))
    .map(({ name, address, at }) => createDiagnostic('unused-reference', { name: address ?? name }, at));
}
