import type { CheckedFlow } from '../../model/checked-model.ts';
import type { FindModel, PolicyModel, SourceModel } from '../../model/integration-model.ts';
import type { AlertKind } from '../../model/rules-input.ts';
import { formatPath } from '../../source/source-ref.ts';
import {
  ANY_OTHER,
  CHANGED_MEANWHILE,
  ERROR_BUT_503,
  LIMITED,
  LOG,
  NO_CONNECTION,
  range,
  REQUEST_TIMEOUT,
  REVIEW,
  row,
  said,
  staged,
  TIMEOUT,
  UNKNOWN_TO_IT,
  UNREADABLE,
  fitting,
} from './answer-row.ts';
import type { AnswerCase, AnswerRow } from './answer-row.ts';
import { END } from './effect.ts';
import type { Effect } from './effect.ts';
import { describeRefusal, effectOfRefusal } from './describe-auth.ts';
import { status } from '../answer-drills.ts';
import type { CaseDrill } from '../answer-drills.ts';

/** @param own how long a rule has it wait where the server names no time */
export function describeWait(own = 'for up to 5 s at a time'): string {
  return `waits until the time that the server named, else ${own}`;
}

export const WAIT: Effect = { kind: 'wait', afterMs: undefined };

/** Nothing is known to have happened, so a call is made again. */
const FAILED = [NO_CONNECTION, ERROR_BUT_503, REQUEST_TIMEOUT, CHANGED_MEANWHILE, TIMEOUT, UNREADABLE];

export const NO_LIST = 'an answer without the list of records';
const EXPIRED = '400, 404, 410 or 422 for a page after the first';
const REPEATED = 'the same cursor, or the same page again and again';
const INEXACT = 'a record with a value that cannot be read exactly';

function isJson({ operation }: SourceModel): boolean {
  const type = operation.responses.find((answer) => answer.status.startsWith('2'))?.mediaType;
  return type === undefined || /^application\/(?:.+\+)?json\b/.test(type) || type === '*/*';
}

/** One that names a record is told apart from no other text in a drill. */
function isCursor({ pages }: SourceModel): boolean {
  return pages?.kind === 'cursor' && pages.last === undefined;
}

/** The standard policy for the call that reads. */
export function listReadRows(source: SourceModel): AnswerRow[] {
  return [
    {
      ...row(
        FAILED,
        'retry',
        `tries at most 3 times within 20 s, then reads on 30 s later ${describePlace(source)}; five failures in a row leave the system alone for 1 s to 5 min`,
        LOG,
        ['pause'],
      ),
      does: { kind: 'retry', next: 'read-on' },
    },
    { ...row(LIMITED, 'wait', `${describeWait()}; the whole system waits`, LOG, ['pause']), does: WAIT },
    {
      ...row(UNKNOWN_TO_IT, 'refresh', describeRefusal(source.system), LOG, ['auth']),
      does: effectOfRefusal(source.system),
    },
    row(
      [fitting([range(300, 399)], staged('a redirect', 'redirect-elsewhere', [307]))],
      'halt',
      describeRedirect(source),
      LOG,
      ['halt'],
    ),
    row(
      [isCursor(source) ? staged(EXPIRED, 'expired-cursor', [404]) : said(EXPIRED)],
      'restart',
      `takes the cursor for expired: reads again ${describePlace(source)}; after 3 times it halts the flow`,
      LOG,
      ['halt'],
    ),
    row(
      [isCursor(source) ? staged(REPEATED, 'same-page') : said(REPEATED)],
      'halt',
      'halts the flow: the source would never come to its end',
      `${LOG}, status`,
      ['halt'],
    ),
    row(
      [ANY_OTHER],
      'halt',
      'halts the flow; nothing is skipped and the place is kept; a person resumes it',
      `${LOG}, status`,
      ['halt'],
    ),
    {
      ...row(
        [source.records.steps.length > 0 && isJson(source) ? staged(NO_LIST, 'no-list') : said(NO_LIST)],
        'defer',
        `counts as a failed call: reads on 30 s later ${describePlace(source)}`,
        LOG,
      ),
      does: { kind: 'later', next: 'read-on' },
    },
    row(
      [isJson(source) ? staged(INEXACT, 'inexact') : said(INEXACT)],
      'review',
      'parks that record: two values under one name, a number out of range, half a character, bytes that are not UTF-8, more than 200 levels',
      REVIEW,
    ),
  ];
}

/** A cursor is as old as the interruption, so the reading goes by what is stored. */
export function describePlace({ order }: SourceModel): string {
  return order === 'oldest-first'
    ? 'from the newest value that is stored'
    : 'from the beginning of the pass (what it has read already is known)';
}

function describeRedirect({ operation }: SourceModel): string {
  return operation.method === 'GET'
    ? 'follows it at most 5 times on the same host; one to another host halts the flow'
    : 'follows 307 and 308 at most 5 times on the same host; any other, and one to another host, halts the flow';
}

const FOUND: Readonly<Record<string, string>> = {
  review: 'parks the record',
  defer: 'looks again later, with growing delays; after 24 hours of a healthy system it is a dead letter',
  skip: 'leaves the record out, counted',
  fail: 'makes the record a dead letter',
  blank: 'goes on without it: the decisions about blank fields answer',
};

const FOUND_ALERTS: Readonly<Record<string, AlertKind>> = {
  review: 'review',
  defer: 'dead-letter',
  fail: 'dead-letter',
};

/** A field that what is found goes into, and which stops the record where it is blank. */
interface Stop {
  readonly field: string;
  readonly action: 'review' | 'fail' | 'skip';
}

/** What becomes of a record for which nothing is found and that goes on without. */
function listStops({ name }: FindModel, targets: CheckedFlow['targets']): Stop[] {
  const reads = new RegExp(String.raw`\bfound\s*(?:\?\.)?(?:\.\s*${name}\b|\[\s*['"]${name}['"])`);
  return targets.flatMap(({ fields }) =>
    fields.flatMap(({ field, blank, blankKinds }): Stop[] => {
      const texts = [
        ...field.values.flatMap((value) => (value.kind === 'expression' ? [value.expression.text] : [])),
        ...(field.each === undefined ? [] : [field.each.list.text]),
      ];
      if (blankKinds.length === 0 || !texts.some((text) => reads.test(text))) return [];
      const stops = (['fail', 'review', 'skip'] as const).filter((action) =>
        [...blank.values()].some(({ decision }) => 'action' in decision && decision.action === action),
      );
      return stops[0] === undefined ? [] : [{ field: field.path.text, action: stops[0] }];
    }),
  );
}

/** What becomes of a record for which nothing is found, or too much. */
export function describeFound(
  find: FindModel,
  action: string,
  targets: CheckedFlow['targets'],
): Pick<AnswerRow, 'answer' | 'told' | 'alerts' | 'does'> {
  const stops = action === 'blank' ? listStops(find, targets) : [];
  const ends = [action, ...stops.map((stop) => stop.action)];
  const without = stops.map((stop) => `; ${stop.field} ${FOUND[stop.action]}`).join('');
  return {
    answer: `${FOUND[action] ?? action}${without}`,
    told: ends.includes('review') ? REVIEW : LOG,
    alerts: [...new Set(ends.flatMap((end) => FOUND_ALERTS[end] ?? []))],
    does: action === 'defer' ? { kind: 'later', next: 'dead' } : END,
  };
}

/** The standard policy for a call that looks something up. */
export function listFindRows(
  find: FindModel,
  policy: PolicyModel | undefined,
  targets: CheckedFlow['targets'],
): AnswerRow[] {
  const { take, records, origin, system } = find;
  const none = find.none ?? policy?.none ?? 'review';
  const many = find.many ?? policy?.many ?? 'review';
  const decided = (entry: AnswerCase, action: string): AnswerRow => {
    const { answer, told, alerts, does } = describeFound(find, action, targets);
    return {
      ...row([entry], action, answer, told, alerts),
      does,
      by: formatPath(origin.path),
      origin,
    };
  };
  const found = (when: string, situation: string, ...more: CaseDrill[]): AnswerCase =>
    said(when, { suffix: situation, situation }, ...more);
  return [
    {
      ...row(
        FAILED,
        'retry',
        'tries at most 3 times within 20 s, then later with growing delays; after 24 hours of a healthy system it is a dead letter; nothing was written',
        LOG,
        ['dead-letter', 'pause'],
      ),
      does: { kind: 'retry', next: 'dead' },
    },
    {
      ...row(LIMITED, 'wait', `${describeWait()}; the whole system waits; records do not age`, LOG, [
        'pause',
      ]),
      does: WAIT,
    },
    {
      ...row(UNKNOWN_TO_IT, 'refresh', describeRefusal(system), LOG, ['auth']),
      does: effectOfRefusal(system),
    },
    decided(
      fitting([range(404)], found('nothing is found, 404, or what it needs is blank', 'none', status('404'))),
      none,
    ),
    ...(take === 'all' || records === undefined ? [] : [decided(found('several are found', 'many'), many)]),
    row([ANY_OTHER], 'review', 'parks the record', REVIEW),
  ];
}
