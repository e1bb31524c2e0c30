import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { DecisionEntry } from '../model/checked-model.ts';
import { formatPath, formatPointer } from '../source/source-ref.ts';

/** A target that creates and updates is judged for both calls: what is said of both is one finding, with the places of both. */
export function mergeFindings(found: readonly Diagnostic[]): Diagnostic[] {
  const merged = new Map<string, Diagnostic>();
  for (const finding of found) {
    const { code, message, at, related } = finding;
    const name = JSON.stringify([code, message, at.file, at.path, at.part, at.span]);
    const before = merged.get(name);
    const known = new Set(before?.related.map((place) => placeName(place.at)));
    merged.set(
      name,
      before === undefined
        ? finding
        : {
            ...before,
            related: [...before.related, ...related.filter((place) => !known.has(placeName(place.at)))],
          },
    );
  }
  return [...merged.values()];
}

/** What one line of the rules decides in the same words for both calls is one decision. */
export function mergeDecisions(register: readonly DecisionEntry[]): DecisionEntry[] {
  const merged = new Map<string, DecisionEntry>();
  for (const entry of register) {
    const { gate, subject, chosen, origin } = entry;
    const name = JSON.stringify([gate, subject, chosen, formatPath(origin.path)]);
    if (!merged.has(name)) merged.set(name, entry);
  }
  return [...merged.values()];
}

function placeName({ file, path }: Diagnostic['at']): string {
  return `${file}${formatPointer(path)}`;
}
