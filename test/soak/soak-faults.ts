import type { WireOutcome, WireRequest } from '../../runtime/src/http/transport.ts';
import { respond } from '../../runtime/src/testing/memory-transport.ts';
import type { Dice } from './dice.ts';
import type { Part } from './soak-story.ts';

/** Ways in which a call goes wrong. */
export type FaultKind =
  | 'refused'
  | 'cut'
  | 'timeout'
  | '500'
  | '502'
  | '503'
  | '503-after'
  | '429'
  | '429-after'
  | '408'
  | '401'
  | 'garbage'
  | 'envelope'
  | '404'
  | '422';

const EVERYWHERE = [
  'refused',
  'cut',
  'timeout',
  '500',
  '502',
  '503',
  '503-after',
  '429',
  '429-after',
] as const;

/** What an outage of a system looks like. */
export const EPISODES: Readonly<Record<Part, readonly FaultKind[]>> = {
  source: [...EVERYWHERE, '408', '401', 'garbage', 'envelope'],
  target: [...EVERYWHERE, '408', '401', 'garbage'],
  token: [...EVERYWHERE, 'garbage'],
  channel: EVERYWHERE,
};

/** What goes wrong now and then on an ordinary day. */
export const SINGLE: Readonly<
  Record<Part, { readonly share: number; readonly kinds: readonly FaultKind[] }>
> = {
  source: { share: 0.02, kinds: [...EVERYWHERE, '408', '401', 'garbage', 'envelope', '404'] },
  target: { share: 0.04, kinds: [...EVERYWHERE, '408', '401', 'garbage', '422', '422'] },
  token: { share: 0.02, kinds: [...EVERYWHERE, 'garbage'] },
  channel: { share: 0.02, kinds: EVERYWHERE },
};

export interface Strike {
  readonly outcome: WireOutcome;
  /** What was asked for has been done all the same. */
  readonly isDone: boolean;
  /** Nothing comes until the caller gives up. */
  readonly stalls: boolean;
}

/** After these nobody can tell whether the work was done. */
const OPEN_ENDED: ReadonlySet<FaultKind> = new Set(['cut', 'timeout', '500', '502', '503', 'garbage']);

export function strike(kind: FaultKind, request: WireRequest, dice: Dice, nowMs: number): Strike {
  return {
    outcome: answer(kind, request, dice, nowMs),
    isDone: OPEN_ENDED.has(kind) && dice.chance(0.5),
    stalls: kind === 'timeout',
  };
}

function answer(kind: FaultKind, request: WireRequest, dice: Dice, nowMs: number): WireOutcome {
  // Systems that quote what they were sent, credentials and all.
  const echo = `${request.method} ${request.url} ${JSON.stringify(request.headers)} ${request.body ?? ''}`;
  const message = { message: `cannot do ${echo}` };
  const date = new Date(nowMs).toUTCString();
  switch (kind) {
    case 'refused':
      return { kind: 'not-sent', detail: `ECONNREFUSED ${request.url}` };
    case 'cut':
    case 'timeout':
      return { kind: 'unknown', reason: kind, detail: `${kind} at ${request.url}` };
    case '502':
      return respond(502, `<html><h1>Bad gateway</h1>${echo}</html>`, { 'content-type': 'text/html' });
    case '503-after':
      return respond(503, message, { date, 'retry-after': writeRetryAfter(dice, nowMs) });
    case '429-after':
      return respond(429, message, { date, 'retry-after': writeRetryAfter(dice, nowMs) });
    case 'garbage':
      return respond(200, `{"rows":[{"id":"r1",${echo}`);
    case 'envelope':
      return respond(200, { error: 'try again', echo });
    default:
      return respond(Number(kind), message);
  }
}

/** Seconds, a date, or something that cannot be read. */
function writeRetryAfter(dice: Dice, nowMs: number): string {
  const seconds = dice.spread(1, 1200);
  return dice.pick([
    String(seconds),
    `${seconds}.5`,
    new Date(nowMs + seconds * 1000).toUTCString(),
    'soon',
    '-5',
  ]);
}
