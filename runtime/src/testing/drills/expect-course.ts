import type { CallOracle } from './call-oracle.ts';
import type { DrillRow, Given } from './drill.ts';
import { LASTS_MS } from './play-drill.ts';

/** What must be seen of a service while a failure lasts, and after it. */
export interface ExpectedCourse {
  readonly tries: readonly [atLeast: number, atMost: number];
  /** Between two calls that meet the failure, in milliseconds; undefined: no second one is made. `any`: whether one is, the rules say. */
  readonly gapsMs: readonly [atLeast: number, atMost: number] | 'any' | undefined;
  /** Any of these states of the record, or none where it was never read. */
  readonly states: readonly string[];
  readonly stopped: readonly string[];
  readonly told: readonly string[];
  /** Undefined where it depends on what of the page can be read. */
  readonly cursorMoved: boolean | undefined;
  readonly statesAfter: readonly string[];
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const ANY_GAP = [0, 60 * MINUTE] as const;
const INSIDE_A_CALL = [3, 40] as const;
const ONCE = [1, 1] as const;

/** The course that an action takes: section 8.3 of the design, in figures. */
export function expectCourse(
  oracle: CallOracle,
  { given }: DrillRow,
  /** What a record that goes on without what is not found comes to; undefined where it is written. */
  without?: string,
): ExpectedCourse {
  const { action: decided, afterMs } = oracle.decide(given);
  const first = decided === 'blank' ? (without ?? decided) : decided;
  const action = isTooLong(given) ? (AT_LAST[first] ?? first) : first;
  const told = [...listKinds(action, given, oracle), ...listLate(action, given, oracle)].toSorted();
  const base = given.call === 'read' ? expectRead(action, given) : expectRecord(action, given, oracle);
  const asked = Number(given.answer?.headers?.['retry-after'] ?? 0) * SECOND;
  const waits = action === 'wait' || action === 'pause';
  const course = waits && afterMs !== undefined ? { ...base, tries: [1, 40] as const } : base;
  const leastMs = asked > 0 ? asked : waits ? (afterMs ?? 0) : 0;
  const { gapsMs } = course;
  if (isTooLong(given)) return { ...course, tries: [1, 40], gapsMs: ANY_GAP, told };
  return {
    ...course,
    ...(leastMs > 0 && gapsMs !== undefined && gapsMs !== 'any'
      ? { tries: ONCE, gapsMs: [leastMs, Math.max(gapsMs[1], 2 * leastMs)] }
      : {}),
    told,
  };
}

/** What a day of a healthy system makes of a record that is not taken: section 8.3. */
const AT_LAST: Readonly<Record<string, string>> = {
  retry: 'fail',
  defer: 'fail',
  'look-again': 'fail',
  unknown: 'review',
};

function isTooLong({ lastsMs = 0 }: Given): boolean {
  return lastsMs > 24 * 60 * MINUTE;
}

type Course = Omit<ExpectedCourse, 'told'>;

/** A reading concerns no record: it goes on later, or the flow stops and a person lifts that. */
function expectRead(action: string, given: Given): Course {
  const goesOn: Course = {
    tries: INSIDE_A_CALL,
    gapsMs: ANY_GAP,
    states: [],
    stopped: [],
    cursorMoved: false,
    statesAfter: ['delivered'],
  };
  const staged = expectStaged(goesOn, given);
  if (staged !== undefined) return staged;
  const isSlow = given.answer?.kind === 'timeout';
  switch (action) {
    case 'retry':
      return isSlow ? { ...goesOn, tries: ONCE } : goesOn;
    case 'wait':
    case 'pause':
      return { ...goesOn, tries: [1, 40], gapsMs: [1, 6 * MINUTE] };
    case 'refresh':
      return { ...goesOn, tries: [1, 3], gapsMs: [0, 15 * MINUTE], stopped: ['auth'] };
    case 'defer':
    case 'skip':
    case 'ok':
      return { ...goesOn, tries: ONCE, gapsMs: [30 * SECOND, 6 * MINUTE] };
    case 'review':
    case 'fail':
    case 'missing':
    case 'halt':
      return { ...goesOn, tries: ONCE, gapsMs: undefined, stopped: ['halt'] };
    default:
      return { ...goesOn, tries: [1, 40] };
  }
}

/** Failures in which a page is read before anything is wrong. */
function expectStaged(goesOn: Course, { situation }: Given): Course | undefined {
  const halted: Course = { ...goesOn, states: ['delivered', 'waiting', 'queued'], stopped: ['halt'] };
  // Each time with the first page, whose records are taken in, until that is three times too many.
  if (situation === 'expired-cursor') return { ...halted, tries: [4, 4], gapsMs: [0, MINUTE] };
  if (situation === 'same-page') return { ...halted, tries: [2, 10], gapsMs: [0, MINUTE] };
  // The others on the page go on, and so does the reading; what can be read later is another version.
  if (situation === 'inexact')
    return {
      ...goesOn,
      tries: [1, 3],
      gapsMs: 'any',
      states: ['review'],
      cursorMoved: undefined,
      statesAfter: ['delivered', 'review'],
    };
  return undefined;
}

/** A call about one record: a look-up or a write. */
function expectRecord(action: string, given: Given, oracle: CallOracle): Course {
  const isFind = given.call === 'find';
  const waits = isFind ? ['queued'] : ['waiting', 'sending', 'unknown'];
  const later: Course = {
    tries: INSIDE_A_CALL,
    gapsMs: ANY_GAP,
    states: waits,
    stopped: [],
    cursorMoved: true,
    statesAfter: ['delivered'],
  };
  const isSlow = given.answer?.kind === 'timeout';
  const ended = (state: string): Course => ({
    ...later,
    tries: ONCE,
    gapsMs: undefined,
    states: [state],
    statesAfter: [state],
  });
  switch (action) {
    case 'retry':
      return { ...later, states: isFind ? waits : ['waiting'], ...(isSlow ? { tries: ONCE } : {}) };
    case 'unknown':
      return expectUnknown(later, ended, oracle.tierOf(given), isSlow);
    case 'wait':
    case 'pause':
      return { ...later, tries: [1, 40], gapsMs: [1, 60 * MINUTE] };
    case 'refresh':
      return {
        ...later,
        tries: oracle.renews(given) ? [3, 3] : ONCE,
        gapsMs: [0, 15 * MINUTE],
        stopped: ['auth'],
      };
    case 'defer':
      return { ...later, tries: [1, 10] };
    // With the answers to its look-ups it is written anew.
    case 'look-again':
      return { ...later, tries: [2, 20], states: ['queued'] };
    case 'none':
    case 'many':
      return later;
    case 'blank':
      return { ...ended('delivered'), gapsMs: undefined };
    case 'ok':
      return ended('delivered');
    case 'fail':
      return ended('dead');
    case 'skip':
      return ended('skipped');
    // It is looked up, and what cannot be found is tried three times more.
    case 'exists':
      if (given.situation === 'there') return { ...ended('delivered'), tries: [1, 3], gapsMs: 'any' };
      return { ...ended('review'), tries: [1, 4], gapsMs: ANY_GAP };
    case 'halt':
      return { ...ended('review'), stopped: ['halt'], statesAfter: ['delivered'] };
    default:
      return given.situation === 'another'
        ? { ...ended('review'), tries: [1, 3], gapsMs: 'any' }
        : ended('review');
  }
}

function expectUnknown(
  later: Course,
  ended: (state: string) => Course,
  tier: number,
  isSlow: boolean,
): Course {
  if (tier === 5) return ended('review');
  const states = ['unknown'];
  if (tier >= 3) return { ...later, states, tries: [1, 10] };
  return { ...later, states, ...(isSlow ? { tries: ONCE } : {}) };
}

/** What such an end is told as. */
const KINDS: Readonly<Record<string, string>> = {
  review: 'review',
  exists: 'review',
  missing: 'review',
  fail: 'dead-letter',
  halt: 'halt',
  restart: 'halt',
  refresh: 'auth',
};

function listKinds(action: string, given: Given, oracle: CallOracle): readonly string[] {
  if (given.situation === 'there') return [];
  const stopsReading =
    given.call === 'read' && given.situation !== 'inexact' && ['review', 'fail', 'missing'].includes(action);
  const parksBlind = action === 'unknown' && oracle.tierOf(given) === 5;
  const kind = stopsReading ? 'halt' : parksBlind ? 'review' : KINDS[action];
  // The record that met the rule waits in review, beside the flow that is halted.
  const parks = kind === 'halt' && given.call !== 'read' ? oracle.listTold('review', given.flow) : [];
  const own = kind === undefined ? [] : [...oracle.listTold(kind, given.flow), ...parks];
  // One failure pauses nothing, and for a write that a person decides about nothing waits.
  const isLeft = !parksBlind && isLeftAlone(action, given);
  return isLeft ? [...own, ...oracle.listTold('pause', given.flow)] : own;
}

/** A system that fails for everybody, or asks for patience, for more than an hour. */
function isLeftAlone(action: string, { answer, call }: Given): boolean {
  if (
    answer === undefined ||
    ['halt', 'review', 'fail', 'skip', 'refresh', 'ok', 'missing', 'exists'].includes(action)
  )
    return false;
  // A write that is under way concerns its own record alone.
  if (action === 'wait' && answer.status === 409 && call !== 'read' && call !== 'find') return false;
  if (action === 'wait' || action === 'pause') return true;
  return answer.kind === 'response'
    ? (answer.status ?? 0) >= 500 || answer.status === 429
    : answer.kind !== 'malformed';
}

/** While a failure lasts, a flow falls behind: of that, too, somebody may have to be told. */
function listLate(action: string, given: Given, oracle: CallOracle): readonly string[] {
  const ends = ['review', 'fail', 'skip', 'ok', 'blank', 'exists', 'missing'];
  if (given.situation === 'inexact') return [];
  if (isTooLong(given)) return listStale(given, oracle);
  const isBehind = given.call === 'read' || !ends.includes(action);
  const isParked = action === 'unknown' && given.call !== 'read' && oracle.tierOf(given) === 5;
  return !isBehind || isParked ? [] : listStale(given, oracle);
}

function listStale(given: Given, oracle: CallOracle): readonly string[] {
  const lines = (oracle.rules.alerts?.send ?? []).filter(
    ({ when, flow, over }) =>
      [when].flat().includes('stale') &&
      (flow ?? given.flow) === given.flow &&
      readOver(over) < LASTS_MS - MINUTE,
  );
  return [...new Set(lines.flatMap(({ to }) => [to].flat().map((channel) => `${channel}: stale`)))];
}

function readOver(over: string | undefined): number {
  const [, count = '0', unit = 'm'] = /^(\d+)\s*(s|m|h|d)$/.exec(over ?? '') ?? [];
  return Number(count) * ({ s: SECOND, m: MINUTE, h: 60 * MINUTE, d: 1440 * MINUTE }[unit] ?? MINUTE);
}
