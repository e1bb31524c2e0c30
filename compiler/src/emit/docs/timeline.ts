import { formatDuration } from '../text/format-duration.ts';
import type { Effect, Following } from './effect.ts';

/** One try and how it ended. Every try after it is taken to end the same way. */
export interface GivenAnswer {
  /** Undefined where there was no answer. */
  readonly status: number | undefined;
  /** `not-sent`, `timeout`, `unknown`, `malformed`, `too-large`; undefined for an answer. */
  readonly failure: string | undefined;
  /** What the server names. */
  readonly retryAfterMs: number | undefined;
}

/** From the first try on; both bounds are 0 for what happens at once. */
export interface TimelineStep {
  readonly fromMs: number;
  readonly toMs: number;
  readonly what: string;
  /** Whether the call is made then. */
  readonly isCall: boolean;
}

export interface TimelineOptions {
  readonly system: string;
  readonly effect: Effect;
  /** What the service does, as the answer book says it. */
  readonly answer: string;
  readonly given: GivenAnswer;
}

interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

// The runtime's own figures, in milliseconds. test/explain holds what comes of them against a running service.
const TRY_TIMEOUT = 30_000;
const MOST_PER_CALL = 20_000;
const TRIES = 3;
/** Full jitter: the second try within this of the first, the third within twice that of the second. */
const BACKOFF = 200;
const THROTTLE = { least: 500, step: 1000 };
const RETRY_AFTER_JITTER = 250;
const READ_ON = 30_000;
const DEFERRAL = 5000;
const AUTH_PAUSES = [60_000, 120_000, 240_000, 480_000, 900_000];
const RENEWED_AGAIN = 5000;

/** When the next calls come after one that ended so; jitter makes most moments a range. */
export function planTimeline(options: TimelineOptions): TimelineStep[] {
  const { effect, given } = options;
  const first = step(AT_ONCE, `the call ${nameAnswer(given)}`, true);
  const start = given.failure === 'timeout' ? { fromMs: TRY_TIMEOUT, toMs: TRY_TIMEOUT } : AT_ONCE;
  const over = start.toMs === 0 ? [] : [step(start, 'the time limit of a try is over')];
  const next = planNext(options, effect, start);
  // A step of its own where nothing else follows by itself.
  const isOver = effect.kind === 'end' ? [step(start, options.answer)] : [];
  return [first, ...over, ...isOver, ...next];
}

const AT_ONCE: Range = { fromMs: 0, toMs: 0 };

function step({ fromMs, toMs }: Range, what: string, isCall = false): TimelineStep {
  return { fromMs, toMs, what, isCall };
}

function add(range: Range, fromMs: number, toMs: number): Range {
  return { fromMs: range.fromMs + fromMs, toMs: range.toMs + toMs };
}

function planNext({ system, given }: TimelineOptions, effect: Effect, start: Range): TimelineStep[] {
  const pause = readPause(given);
  switch (effect.kind) {
    case 'end':
      return pause === undefined && !isThrottle(given)
        ? []
        : [
            step(
              start,
              `no other call goes to ${system} ${pause === undefined ? 'for 0.5 s to 1.5 s' : 'before the time that it named'}`,
            ),
          ];
    case 'refresh':
      return planRefusal(system, effect.renews, start);
    case 'wait':
    case 'pause':
      return planWait(system, effect, pause);
    case 'later':
      return pause === undefined ? planFollowing(effect.next, start) : planPaused(system, effect.next, pause);
    case 'retry': {
      // What the server asks for goes before the service's own pace, and so does a limit that is reached.
      if (pause !== undefined) return planPaused(system, effect.next, pause);
      const tries = start.toMs >= MOST_PER_CALL ? [] : listTries(start, isThrottle(given));
      const after = tries.at(-1) ?? start;
      return [...tries, ...planFollowing(effect.next, after), ...planBreaker(system, given, after)];
    }
  }
}

/** @param isPaced the whole system is left alone for a while between them */
function listTries(start: Range, isPaced: boolean): TimelineStep[] {
  let at = start;
  return Array.from({ length: TRIES - 1 }, (_, index) => {
    const grown = 2 ** index;
    at = isPaced
      ? add(at, THROTTLE.least, THROTTLE.least + THROTTLE.step * grown)
      : add(at, 0, BACKOFF * grown);
    return step(at, `try ${index + 2} of ${TRIES}`, true);
  });
}

function planFollowing(next: Following, after: Range): TimelineStep[] {
  if (next === 'read-on') return [step(add(after, READ_ON, READ_ON), 'the reading goes on', true)];
  const first = add(after, DEFERRAL / 2, DEFERRAL);
  const what =
    next === 'look-up'
      ? step(first, 'looks the object up first: it is adopted, or written again where it is not there')
      : step(first, 'taken up again', true);
  const growing = 'again after 5–10 s, 10–20 s and so on, in the end every 30–60 min';
  return [what, step(add(first, DEFERRAL, 2 * DEFERRAL), growing), ...END_OF[next]];
}

const DAY = 86_400_000;
const END_OF: Readonly<Record<Following, readonly TimelineStep[]>> = {
  'read-on': [],
  dead: [
    step({ fromMs: DAY, toMs: DAY }, 'a dead letter, if the system was well for the others all the while'),
  ],
  review: [
    step(
      { fromMs: DAY, toMs: DAY },
      'goes to review as "unknown outcome", if the system was well for the others all the while',
    ),
  ],
  'look-up': [
    step(
      { fromMs: DAY, toMs: DAY },
      'goes to review as "unknown outcome", if the system was well for the others all the while',
    ),
  ],
};

/** Whatever becomes of this call, nobody calls before the time that the server named. */
function planPaused(system: string, next: Following, pause: Range): TimelineStep[] {
  const again = next === 'look-up' ? 'the object is looked up' : 'the next try';
  return [
    step(AT_ONCE, `no call goes to ${system} before the time that it named`),
    step(pause, again, next !== 'look-up'),
    ...END_OF[next],
  ];
}

function planWait(
  system: string,
  effect: Extract<Effect, { readonly kind: 'wait' | 'pause' }>,
  named: Range | undefined,
): TimelineStep[] {
  const own = effect.afterMs === undefined ? undefined : { fromMs: effect.afterMs, toMs: effect.afterMs };
  const fixed = named ?? own;
  let at = AT_ONCE;
  const calls = Array.from({ length: TRIES }, (_, index) => {
    // A pause ends the call, so that its time does not grow from try to try.
    const grown = effect.kind === 'pause' ? 1 : 2 ** index;
    const pause = fixed ?? { fromMs: THROTTLE.least, toMs: THROTTLE.least + THROTTLE.step * grown };
    at = add(at, pause.fromMs, pause.toMs);
    return step(at, index === 0 ? 'the next try' : 'and the next, as long as the system answers so', true);
  });
  const until =
    named !== undefined
      ? 'before the time that it named'
      : own === undefined
        ? 'for a while: it named no time'
        : `for ${formatDuration(own.toMs)}`;
  return [step(AT_ONCE, `no call goes to ${system} ${until}; records wait and do not age`), ...calls];
}

function planRefusal(system: string, renews: boolean, start: Range): TimelineStep[] {
  let at = start;
  const renewed: TimelineStep[] = [];
  if (renews) {
    renewed.push(step(at, 'the credentials are renewed, and the call is made again', true));
    at = add(at, 0, RENEWED_AGAIN);
    renewed.push(step(at, 'they are renewed once more, and the call is made again', true));
  }
  const left = at;
  const pauses = AUTH_PAUSES.map((pauseMs, index) => {
    at = add(at, pauseMs, pauseMs);
    const isLast = index === AUTH_PAUSES.length - 1;
    return step(at, isLast ? 'one call, and from now on one every 15 min' : 'one call goes out', true);
  });
  return [
    ...renewed,
    step(left, `${system} is left alone; one alert; records wait and do not age`),
    ...pauses,
  ];
}

/** Of failures of the system itself five in a row are enough. */
function planBreaker(system: string, { status, failure }: GivenAnswer, after: Range): TimelineStep[] {
  const isFailure = status === undefined ? failure !== 'malformed' : status >= 500;
  const what = `from the fifth failure in a row on, ${system} is left alone: for 1–2 s at first, later for up to 5 min; records do not age`;
  return isFailure ? [step(add(after, DEFERRAL / 2, DEFERRAL), what)] : [];
}

function isThrottle({ status }: GivenAnswer): boolean {
  return status === 429 || status === 503;
}

/** The time that the server named, which only a refusal or a failure can. */
function readPause({ status, retryAfterMs }: GivenAnswer): Range | undefined {
  if (retryAfterMs === undefined || status === undefined || status < 300) return undefined;
  return { fromMs: retryAfterMs, toMs: retryAfterMs + RETRY_AFTER_JITTER };
}

const FAILURES: Readonly<Record<string, string>> = {
  'not-sent': 'finds no connection: not a byte of it was written',
  timeout: 'goes out, and no answer comes',
  unknown: 'goes out, and the answer is cut off',
  malformed: 'is answered by something that cannot be read',
  'too-large': 'is answered by more than is read',
};

function nameAnswer({ status, failure, retryAfterMs }: GivenAnswer): string {
  if (failure !== undefined) return FAILURES[failure] ?? failure;
  const named = retryAfterMs === undefined ? '' : ` and Retry-After: ${retryAfterMs / 1000}`;
  return `is answered with ${status}${named}`;
}
