import type { Answer } from './answer.ts';
import { createRateWindow } from './rate-window.ts';
import { answerXeroProblem } from './xero-answers.ts';

export interface XeroLimitOptions {
  readonly ratePerMinute: number;
  readonly concurrency: number;
  /** Unlimited when absent. */
  readonly dailyLimit?: number;
  readonly now: () => number;
}

export interface XeroLimits {
  /** The 429 when a limit is reached. Otherwise the call counts as running until `leave`. */
  enter(): Answer | undefined;
  leave(): void;
  headers(): Record<string, string>;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

function refuseRate(problem: string, waitMs: number): Answer {
  return answerXeroProblem(429, `limit reached: ${problem}`, {
    'x-rate-limit-problem': problem,
    'retry-after': String(Math.ceil(waitMs / 1000)),
  });
}

export function createXeroLimits(options: XeroLimitOptions): XeroLimits {
  const minute = createRateWindow(options.ratePerMinute, minuteMs, options.now);
  const day =
    options.dailyLimit === undefined ? undefined : createRateWindow(options.dailyLimit, dayMs, options.now);
  let running = 0;
  return {
    enter() {
      if (running >= options.concurrency) return refuseRate('concurrent', 1000);
      // The day is asked first: a call that the day refuses must not use up the minute.
      if (day !== undefined && day.remaining() === 0) return refuseRate('day', day.take());
      const waitMs = minute.take();
      if (waitMs > 0) return refuseRate('minute', waitMs);
      day?.take();
      running += 1;
      return undefined;
    },
    leave() {
      running -= 1;
    },
    headers: () => ({
      'x-minlimit-remaining': String(minute.remaining()),
      ...(day && { 'x-daylimit-remaining': String(day.remaining()) }),
    }),
  };
}
