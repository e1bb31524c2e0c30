import type { AlertsModel, CallRule, StatusMatch } from '../../model/integration-model.ts';
import type { AlertKind } from '../../model/rules-input.ts';
import type { SourceRef } from '../../source/source-ref.ts';
import { END } from './effect.ts';
import type { Effect } from './effect.ts';
import { status as statusDrill } from '../answer-drills.ts';
import type { CaseDrill } from '../answer-drills.ts';
import { listToldOf } from './describe-alerts.ts';

/** A row of the answer book as it is read. */
export interface CallRow {
  readonly when: string;
  readonly answer: string;
  readonly told: string;
  readonly by: string;
  /** Names of the drills that prove it; empty where none can be played. */
  readonly ids: readonly string[];
}

/** One of the things that a row is about. */
export interface AnswerCase {
  readonly text: string;
  /** What a rule has to name to decide all of it; undefined where no rule can. */
  readonly on: readonly StatusMatch[] | undefined;
  /** Which answers are of this kind, where a rule for them would still not decide all of it. */
  readonly fits?: readonly StatusMatch[];
  /** It is so only for an answer that says more than its status. */
  readonly only?: 'limit' | 'scope';
  /** How it is brought about to prove the row. */
  readonly drills: readonly CaseDrill[];
}

/** A row before it is known which rules go before it, and who is told beside the log. */
export interface AnswerRow {
  readonly cases: readonly AnswerCase[];
  /** What the service does, as one of the actions of the rules, `unknown` or `restart`. */
  readonly action: string;
  readonly answer: string;
  readonly told: string;
  readonly by: string;
  readonly alerts: readonly AlertKind[];
  readonly does: Effect;
  /** The rule that decides; undefined for the standard policy. */
  readonly origin?: SourceRef;
}

export const LOG = 'the log and /metrics';
export const REVIEW = 'the review queue';
/** What an alert is of, where that is not plain from the row. */
const ALERTED: Readonly<Record<AlertKind, string>> = {
  'dead-letter': 'a dead letter',
  review: 'a review',
  halt: 'the halt',
  auth: 'the refusal',
  stale: 'a flow that is behind',
  pause: 'a pause of more than an hour',
};

export const range = (from: number, to = from): StatusMatch => ({ kind: 'range', from, to });
const classOf = (name: string): StatusMatch => ({ kind: 'class', name });
const status = (code: number): AnswerCase => ({
  text: String(code),
  on: [range(code)],
  drills: [statusDrill(String(code))],
});
/** A 403 that is a refusal of another kind is told by what stands in it. */
const forbidden = (
  text: string,
  only: NonNullable<AnswerCase['only']>,
  suffix: string,
  headers: Readonly<Record<string, string>>,
): AnswerCase => ({
  text,
  on: [range(403)],
  only,
  drills: [{ suffix: `403.${suffix}`, statuses: [403], headers }],
});

export const NO_CONNECTION: AnswerCase = {
  text: 'no connection',
  on: [classOf('not-sent')],
  drills: [{ suffix: 'not-sent', kind: 'not-sent' }],
};
const SERVER_ERRORS = [500, 502, 504, 501, 505, 520, 599];
export const SERVER_ERROR: AnswerCase = {
  text: '5xx',
  on: [range(500, 599)],
  drills: [statusDrill('5xx', SERVER_ERRORS), statusDrill('503')],
};
export const ERROR_BUT_503: AnswerCase = {
  text: '5xx but 503',
  on: [range(500, 502), range(504, 599)],
  drills: [statusDrill('5xx', SERVER_ERRORS)],
};
export const REQUEST_TIMEOUT = status(408);
export const ACCEPTED = status(202);
export const CONFLICT = status(409);
export const CHANGED_MEANWHILE = status(412);
/** Longer than the day after which a record that is not taken is given up. */
const LONG_MS = 26 * 3_600_000;
export const CHANGED_FOR_LONG: AnswerCase = {
  ...CHANGED_MEANWHILE,
  drills: [...CHANGED_MEANWHILE.drills, { suffix: '412.for-a-day', statuses: [412], lastsMs: LONG_MS }],
};
export const UNCLEAR_REDIRECT: AnswerCase = {
  text: '3xx but 307 and 308',
  on: [range(300, 306), range(309, 399)],
  drills: [statusDrill('3xx', [302, 303, 300, 304])],
};
export const TIMEOUT: AnswerCase = {
  text: 'timeout',
  on: [classOf('timeout')],
  drills: [{ suffix: 'timeout', kind: 'timeout' }],
};
export const UNREADABLE: AnswerCase = {
  text: 'a cut, too large or unreadable answer',
  on: [classOf('unknown')],
  drills: (['cut', 'too-large', 'malformed'] as const).map((kind) => ({ suffix: kind, kind })),
};
const PATIENT = { 'retry-after': '120' };
const TOO_MANY: AnswerCase = {
  text: '429',
  on: [range(429)],
  drills: [statusDrill('429'), { suffix: '429.retry-after', statuses: [429], headers: PATIENT }],
};
const LIMITED_403 = forbidden('a 403 that names a limit', 'limit', 'limited', PATIENT);
export const LIMITED: readonly AnswerCase[] = [TOO_MANY, status(503), LIMITED_403];
export const LIMITED_BUT_503: readonly AnswerCase[] = [TOO_MANY, LIMITED_403];
export const UNAVAILABLE = status(503);
export const UNKNOWN_TO_IT: readonly AnswerCase[] = [
  status(401),
  status(407),
  forbidden('403 insufficient_scope', 'scope', 'insufficient-scope', {
    'www-authenticate': 'Bearer error="insufficient_scope"',
  }),
];
export const ANY_OTHER = fitting(
  [range(300, 499)],
  said('any other 3xx or 4xx', statusDrill('4xx', [422, 400, 418, 451, 403])),
);

/** Which answers are of a kind that a rule for them would still not decide whole. */
export function fitting(fits: readonly StatusMatch[], entry: AnswerCase): AnswerCase {
  return { ...entry, fits };
}

/** Something that no status alone tells. */
export function said(text: string, ...drills: readonly CaseDrill[]): AnswerCase {
  return { text, on: undefined, drills };
}

/** A case that is more than one answer. */
export function staged(text: string, situation: string, statuses?: readonly number[]): AnswerCase {
  return said(text, { suffix: situation, situation, ...(statuses === undefined ? {} : { statuses }) });
}

export function row(
  cases: readonly AnswerCase[],
  action: string,
  answer: string,
  told: string,
  alerts: readonly AlertKind[] = told === REVIEW ? ['review'] : [],
): AnswerRow {
  return { cases, action, answer, told, by: 'standard', alerts, does: END };
}

/** The row without what rules decide in every case, or nothing where that is all of it. */
export function withoutDecided(given: AnswerRow, rules: readonly CallRule[]): AnswerRow[] {
  const decided = rules.filter((rule) => rule.when === undefined).flatMap((rule) => rule.on);
  const cases = given.cases.filter(
    ({ on }) => on === undefined || !on.every((match) => isDecided(match, decided)),
  );
  return cases.length === 0 ? [] : [{ ...given, cases }];
}

export function isDecided(match: StatusMatch, decided: readonly StatusMatch[]): boolean {
  if (match.kind === 'class')
    return decided.some(
      (one) =>
        one.kind === 'class' &&
        (one.name === match.name || (one.name === 'unknown' && match.name !== 'not-sent')),
    );
  for (let code = match.from; code <= match.to; code += 1)
    if (!decided.some((one) => one.kind === 'range' && one.from <= code && code <= one.to)) return false;
  return true;
}

export function renderRow(
  given: AnswerRow,
  alerts: AlertsModel | undefined,
  { flow, ids }: { readonly flow: string; readonly ids: readonly string[] },
): CallRow {
  const { cases, answer, told, by } = given;
  const others = given.alerts.flatMap((kind) => {
    const channels = listToldOf(alerts, kind, flow);
    const isPlain = given.alerts.length === 1 && kind !== 'pause';
    const what = isPlain ? '' : ` of ${ALERTED[kind]}`;
    return channels.length === 0 ? [] : [`alert to ${channels.join(', ')}${what}`];
  });
  return {
    when: cases.map(({ text }) => text).join(', '),
    answer,
    told: [told, ...others].join('; '),
    by,
    ids,
  };
}
