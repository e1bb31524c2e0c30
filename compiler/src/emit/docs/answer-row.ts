import type { AlertsModel, CallRule, StatusMatch } from '../../model/integration-model.ts';
import type { AlertKind } from '../../model/rules-input.ts';
import type { SourceRef } from '../../source/source-ref.ts';
import { END } from './effect.ts';
import type { Effect } from './effect.ts';
import { listToldOf } from './describe-alerts.ts';

/** A row of the answer book as it is read. */
export interface CallRow {
  readonly when: string;
  readonly answer: string;
  readonly told: string;
  readonly by: string;
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
}

/** A row before it is known which rules go before it, and who is told beside the log. */
export interface AnswerRow {
  readonly cases: readonly AnswerCase[];
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
const status = (code: number): AnswerCase => ({ text: String(code), on: [range(code)] });
/** A 403 that is a refusal of another kind is told by what stands in it. */
const forbidden = (text: string, only: AnswerCase['only']): AnswerCase => ({
  text,
  on: [range(403)],
  ...(only && { only }),
});

export const NO_CONNECTION: AnswerCase = { text: 'no connection', on: [classOf('not-sent')] };
export const SERVER_ERROR: AnswerCase = { text: '5xx', on: [range(500, 599)] };
export const ERROR_BUT_503: AnswerCase = { text: '5xx but 503', on: [range(500, 502), range(504, 599)] };
export const REQUEST_TIMEOUT = status(408);
export const ACCEPTED = status(202);
export const CONFLICT = status(409);
export const CHANGED_MEANWHILE = status(412);
export const UNCLEAR_REDIRECT: AnswerCase = {
  text: '3xx but 307 and 308',
  on: [range(300, 306), range(309, 399)],
};
export const TIMEOUT: AnswerCase = { text: 'timeout', on: [classOf('timeout')] };
export const UNREADABLE: AnswerCase = {
  text: 'a cut, too large or unreadable answer',
  on: [classOf('unknown')],
};
export const LIMITED: readonly AnswerCase[] = [
  status(429),
  status(503),
  forbidden('a 403 that names a limit', 'limit'),
];
export const LIMITED_BUT_503: readonly AnswerCase[] = [
  status(429),
  forbidden('a 403 that names a limit', 'limit'),
];
export const UNAVAILABLE = status(503);
export const UNKNOWN_TO_IT: readonly AnswerCase[] = [
  status(401),
  status(407),
  forbidden('403 insufficient_scope', 'scope'),
];
export const ANY_OTHER = said('any other 3xx or 4xx', [range(300, 499)]);

/** Something that no status alone tells. */
export function said(text: string, fits?: readonly StatusMatch[]): AnswerCase {
  return fits === undefined ? { text, on: undefined } : { text, on: undefined, fits };
}

export function row(
  cases: readonly AnswerCase[],
  answer: string,
  told: string,
  alerts: readonly AlertKind[] = told === REVIEW ? ['review'] : [],
): AnswerRow {
  return { cases, answer, told, by: 'standard', alerts, does: END };
}

/** The row without what rules decide in every case, or nothing where that is all of it. */
export function withoutDecided(given: AnswerRow, rules: readonly CallRule[]): AnswerRow[] {
  const decided = rules.filter((rule) => rule.when === undefined).flatMap((rule) => rule.on);
  const cases = given.cases.filter(
    ({ on }) => on === undefined || !on.every((match) => isDecided(match, decided)),
  );
  return cases.length === 0 ? [] : [{ ...given, cases }];
}

function isDecided(match: StatusMatch, decided: readonly StatusMatch[]): boolean {
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

export function renderRow(given: AnswerRow, alerts: AlertsModel | undefined, flow: string): CallRow {
  const { cases, answer, told, by } = given;
  const others = given.alerts.flatMap((kind) => {
    const channels = listToldOf(alerts, kind, flow);
    const isPlain = given.alerts.length === 1 && kind !== 'pause';
    const what = isPlain ? '' : ` of ${ALERTED[kind]}`;
    return channels.length === 0 ? [] : [`alert to ${channels.join(', ')}${what}`];
  });
  return { when: cases.map(({ text }) => text).join(', '), answer, told: [told, ...others].join('; '), by };
}
