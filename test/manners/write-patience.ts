import type { Dice } from '../soak/dice.ts';

/** An answer that asks for patience, and the first moment at which a call is welcome again. */
export interface Patience {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly notBeforeMs: number;
}

type Shape = (dice: Dice, nowMs: number) => Patience;

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const LEFT = ['ratelimit', 'x-ratelimit', 'x-rate-limit'] as const;

/** Whatever vendors and RFC 9110 10.2.3 write. Each says by itself what it means, without any code of the service. */
export const SHAPES: Readonly<Record<string, Shape>> = {
  seconds: after((seconds) => ({ text: String(seconds), waitMs: seconds * 1000 })),
  decimals: after((seconds) => ({ text: `${seconds}.75`, waitMs: seconds * 1000 + 750 })),
  'blanks around': after((seconds) => ({ text: `  ${seconds} `, waitMs: seconds * 1000 })),
  'an HTTP date': until((at) => at.toUTCString()),
  'a date of RFC 850': until((at) => {
    const [, day, month, year, time] = /^\w+, (\d+) (\w+) \d\d(\d\d) ([\d:]+)/.exec(at.toUTCString()) ?? [];
    return `${DAYS[at.getUTCDay()]}, ${day}-${month}-${year} ${time} GMT`;
  }),
  'a date of asctime': until((at) => {
    const [, name, day, month, year, time] =
      /^(\w+), (\d+) (\w+) (\d+) ([\d:]+)/.exec(at.toUTCString()) ?? [];
    return `${name} ${month} ${String(Number(day)).padStart(2)} ${time} ${year}`;
  }),
  'an ISO date': until((at) => at.toISOString()),
  'an epoch in seconds': until((at) => String(at.getTime() / 1000)),
  'an epoch in milliseconds': until((at) => String(at.getTime())),
  'what cannot be read': (dice, nowMs) => ({
    status: dice.pick([429, 503]),
    headers: { 'retry-after': dice.pick(['soon', '', '-30', 'NaN', '1e3', 'Mon', '30 seconds']) },
    notBeforeMs: nowMs,
  }),
  'nothing at all': (dice, nowMs) => ({ status: dice.pick([429, 503]), headers: {}, notBeforeMs: nowMs }),
  'a success with the last call': (dice, nowMs) => {
    const seconds = dice.spread(2, 1800);
    return { status: 200, headers: countDown(dice, String(seconds)), notBeforeMs: nowMs + seconds * 1000 };
  },
  'a reset as an epoch': (dice, nowMs) => {
    const seconds = Math.ceil(nowMs / 1000) + dice.spread(2, 1800);
    const text = dice.chance(0.5) ? String(seconds) : String(seconds * 1000);
    return { status: dice.pick([200, 429]), headers: countDown(dice, text), notBeforeMs: seconds * 1000 };
  },
  'the field of the draft': (dice, nowMs) => {
    const seconds = dice.spread(2, 1800);
    const headers = { ratelimit: `"default";r=0;t=${seconds}` };
    return { status: dice.pick([200, 429]), headers, notBeforeMs: nowMs + seconds * 1000 };
  },
  'a 403 that names the limit': (dice, nowMs) => {
    const seconds = dice.spread(2, 1800);
    return { status: 403, headers: { 'retry-after': String(seconds) }, notBeforeMs: nowMs + seconds * 1000 };
  },
  'two that differ': (dice, nowMs) => {
    const [one, other] = [dice.spread(2, 1800), dice.spread(2, 1800)];
    const headers = { 'retry-after': String(one), ...countDown(dice, String(other)) };
    return { status: 429, headers, notBeforeMs: nowMs + Math.max(one, other) * 1000 };
  },
};

function after(write: (seconds: number) => { readonly text: string; readonly waitMs: number }): Shape {
  return (dice, nowMs) => {
    const { text, waitMs } = write(dice.spread(1, 3600));
    return { status: dice.pick([429, 503]), headers: { 'retry-after': text }, notBeforeMs: nowMs + waitMs };
  };
}

function until(write: (at: Date) => string): Shape {
  return (dice, nowMs) => {
    const at = new Date(Math.ceil(nowMs / 1000) * 1000 + dice.spread(1, 3600) * 1000);
    return {
      status: dice.pick([429, 503]),
      headers: { 'retry-after': write(at) },
      notBeforeMs: at.getTime(),
    };
  };
}

function countDown(dice: Dice, reset: string): Record<string, string> {
  const name = dice.pick(LEFT);
  return { [`${name}-limit`]: '100', [`${name}-remaining`]: '0', [`${name}-reset`]: reset };
}
