import type { SourceRef } from '../source/source-ref.ts';
import { isAtLeast } from './level.ts';
import type { Level } from './level.ts';
import type { Use } from './use.ts';
import type { VarianceId } from './variance-rules.ts';

/** What one rule of variance says of one place of two descriptions. */
export interface Verdict {
  readonly id: VarianceId;
  /** What changed, to stand behind the name of the place: `can also be "lost"`. */
  readonly says: string;
  readonly level: Level;
  /** The lines of the rules that it reaches, where they are fewer than those that use the place. */
  readonly uses?: readonly Use[];
  /** What to do, where it is more than the rule of variance says of all its kind. */
  readonly advice?: string;
  /** Keys below the place that show it, where there are such: `maxLength`. */
  readonly below?: string;
}

/** One change of a description, judged by what the rules use. */
export interface Variance {
  readonly id: VarianceId;
  readonly level: Level;
  readonly system: string;
  /** What changed, as a sentence without its full stop. */
  readonly says: string;
  readonly advice: string | undefined;
  readonly before: SourceRef;
  readonly after: SourceRef;
  readonly uses: readonly Use[];
}

/** The same change reached by several ways is one: at its highest level, with the lines of the rules that it has there. */
export function mergeVariances(given: readonly Variance[]): Variance[] {
  const merged = new Map<string, Variance>();
  for (const variance of given) {
    const { id, system, says, before, after } = variance;
    const name = JSON.stringify([id, system, says, before.file, before.path, after.file, after.path]);
    const known = merged.get(name);
    if (known === undefined) merged.set(name, variance);
    else merged.set(name, join(known, variance));
  }
  const used = new Set(
    [...merged.values()].flatMap((entry) => (entry.level === 'NONE' ? [] : [nameChange(entry)])),
  );
  return [...merged.values()]
    .filter((entry) => entry.level !== 'NONE' || !used.has(nameChange(entry)))
    .map((variance) => ({ ...variance, uses: uniqueUses(variance.uses) }));
}

/** One schema is reached from many operations; where one of them is used, the others have nothing to add. */
function nameChange({ id, before, after }: Variance): string {
  return JSON.stringify([id, before.file, before.path, after.file, after.path]);
}

function join(left: Variance, right: Variance): Variance {
  if (left.level === right.level) return { ...left, uses: [...left.uses, ...right.uses] };
  return isAtLeast(left.level, right.level) ? left : right;
}

function uniqueUses(uses: readonly Use[]): Use[] {
  return [...new Map(uses.map((use) => [JSON.stringify([use.at.file, use.at.path]), use])).values()];
}
