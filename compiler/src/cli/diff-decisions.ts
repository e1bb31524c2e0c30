import type { DecisionEntry } from '../model/checked-model.ts';

/** One decision that is not what it was. */
export interface DecisionChange {
  readonly kind: 'added' | 'removed' | 'changed';
  readonly now: DecisionEntry | undefined;
  readonly before: DecisionEntry | undefined;
}

/** What changed in behaviour between two registers, in the order of the newer one; what is gone stands at the end. */
export function diffDecisions(
  before: readonly DecisionEntry[],
  now: readonly DecisionEntry[],
): DecisionChange[] {
  const nameOf = ({ gate, subject }: DecisionEntry): string => `${gate}\n${subject}`;
  const old = new Map(before.map((entry) => [nameOf(entry), entry]));
  const known = new Set(now.map(nameOf));
  return [
    ...now.flatMap((entry): DecisionChange[] => {
      const was = old.get(nameOf(entry));
      if (was === undefined) return [{ kind: 'added', now: entry, before: undefined }];
      // Whoever takes over a policy's answer, or leaves it to the policy, decides; so do other reasons.
      const isSame = was.chosen === entry.chosen && was.from === entry.from && was.because === entry.because;
      return isSame ? [] : [{ kind: 'changed', now: entry, before: was }];
    }),
    ...before
      .filter((entry) => !known.has(nameOf(entry)))
      .map((entry): DecisionChange => ({ kind: 'removed', now: undefined, before: entry })),
  ];
}
