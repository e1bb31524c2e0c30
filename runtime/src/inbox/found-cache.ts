import type { Clock } from '../clock.ts';
import type { CallOutcome } from '../http/call-outcome.ts';

type Answer = Extract<CallOutcome, { readonly kind: 'ok' }>;

/** Answers of look-ups that the rules allow to be used again for a while. */
export interface FoundCache {
  read(request: string): Answer | undefined;
  keep(request: string, answer: Answer, forMs: number): void;
  clear(): void;
}

/** The oldest go first. */
const MOST = 1000;

export function createFoundCache(clock: Clock): FoundCache {
  const answers = new Map<string, { readonly answer: Answer; readonly untilMs: number }>();
  return {
    read(request) {
      const known = answers.get(request);
      if (known === undefined || known.untilMs <= clock.now()) return undefined;
      return known.answer;
    },
    keep(request, answer, forMs) {
      answers.delete(request);
      answers.set(request, { answer, untilMs: clock.now() + forMs });
      const [oldest] = answers.keys();
      if (answers.size > MOST && oldest !== undefined) answers.delete(oldest);
    },
    clear() {
      answers.clear();
    },
  };
}
