import type { Clock } from '../clock.ts';
import type { ClaimedIntent } from '../store/store.ts';

/**
 * What the look-ups of one target ask just now. Two records that are looked up alike would both find nothing and both be
 * created, so one goes after the other.
 */
export interface QuestionBook {
  /** @returns whether nobody else asks this, or has asked it so lately that an index may not show yet what came of it */
  take(question: string, intent: ClaimedIntent): boolean;
  /** What became of these is written down. */
  release(intents: readonly ClaimedIntent[]): void;
}

/** @param settleMs how long the index of the look-up may lag */
export function createQuestionBook(clock: Clock, settleMs = 0): QuestionBook {
  /** The intents that ask, or have asked last, by their questions; and the other way round. */
  const holders = new Map<string, number>();
  const questions = new Map<number, string>();
  /** Those that have ended, the oldest first. */
  let ended: { readonly id: number; readonly untilMs: number }[] = [];
  const forget = (id: number): void => {
    const question = questions.get(id);
    questions.delete(id);
    if (question !== undefined && holders.get(question) === id) holders.delete(question);
  };
  const prune = (): void => {
    const now = clock.now();
    const kept = ended.findIndex(({ untilMs }) => untilMs > now);
    for (const { id } of kept < 0 ? ended : ended.slice(0, kept)) forget(id);
    ended = kept < 0 ? [] : ended.slice(kept);
  };
  return {
    take(question, { id }) {
      prune();
      const holder = holders.get(question);
      if (holder !== undefined && holder !== id) return false;
      holders.set(question, id);
      questions.set(id, question);
      ended = ended.filter((one) => one.id !== id);
      return true;
    },
    release(intents) {
      for (const { id } of intents)
        if (questions.has(id)) ended.push({ id, untilMs: clock.now() + settleMs });
      prune();
    },
  };
}
