import { describeProbes } from '../../check/rules/once.rule.ts';
import type { CheckedTarget } from '../../model/checked-model.ts';
import { formatPath } from '../../source/source-ref.ts';
import { describeWait, WAIT } from './answer-read.ts';
import {
  ACCEPTED,
  ANY_OTHER,
  CHANGED_FOR_LONG,
  CONFLICT,
  ERROR_BUT_503,
  LIMITED,
  LIMITED_BUT_503,
  LOG,
  NO_CONNECTION,
  REQUEST_TIMEOUT,
  REVIEW,
  row,
  staged,
  SERVER_ERROR,
  TIMEOUT,
  UNCLEAR_REDIRECT,
  UNKNOWN_TO_IT,
  UNREADABLE,
  said,
} from './answer-row.ts';
import type { AnswerCase, AnswerRow } from './answer-row.ts';
import { effectOfUnknown } from './effect.ts';
import { describeRefusal, effectOfRefusal } from './describe-auth.ts';

/**
 * The standard policy for a call that writes.
 * @param compared fields by which its look-up tells what it finds from other objects
 * @param looksUp whether something is looked up for the record before it goes to this target
 */
export function listWriteRows(
  checked: CheckedTarget,
  compared: readonly string[],
  looksUp: boolean,
): AnswerRow[] {
  const { target, tier } = checked;
  return [
    {
      ...row(
        [NO_CONNECTION],
        'retry',
        'tries at most 3 times within 20 s, then later with growing delays; after 24 hours of a healthy system it is a dead letter',
        LOG,
        ['dead-letter', 'pause'],
      ),
      does: { kind: 'retry', next: 'dead' },
    },
    {
      ...row(
        listUnknown(checked),
        'unknown',
        `${describeUnknown(checked)}${tier === 5 ? '' : AT_LAST}`,
        tier === 5 ? REVIEW : LOG,
        ['review', 'pause'],
      ),
      does: effectOfUnknown(tier),
    },
    describeThrottle(tier),
    {
      ...row(UNKNOWN_TO_IT, 'refresh', describeRefusal(target.system), LOG, ['auth']),
      does: effectOfRefusal(target.system),
    },
    ...describeFoundBefore(checked, compared),
    describeConflict(checked),
    describeChanged(looksUp, tier),
    row([ANY_OTHER], 'review', 'parks the record', REVIEW),
    ...(target.unless === undefined
      ? []
      : [
          {
            ...row(
              [staged('success, but the answer carries a refusal', 'refusal')],
              'review',
              'parks the record with the target’s own words',
              REVIEW,
            ),
            by: formatPath(target.unless.at.path),
            origin: target.unless.at,
          },
        ]),
    ...listBatchRows(checked),
  ];
}

/** The state that a condition was for is no longer so, and nothing was written. */
function describeChanged(looksUp: boolean, tier: Tier): AnswerRow {
  const isBlind = tier === 1 || tier === 5;
  const answer = looksUp
    ? `looks up again what the write was made of, with growing delays, and writes what that gives: the state has changed, and nothing was written${isBlind ? '; where an earlier try may have been applied, it goes to review' : ''}`
    : 'tries again, then later: the state has changed, and nothing was written';
  return {
    ...row(
      [CHANGED_FOR_LONG],
      looksUp ? 'look-again' : 'retry',
      `${answer}; after 24 hours of a healthy system it is a dead letter`,
      LOG,
      looksUp && isBlind ? ['dead-letter', 'review'] : ['dead-letter'],
    ),
    does: looksUp ? { kind: 'later', next: 'dead' } : { kind: 'retry', next: 'dead' },
  };
}

/** What concerns some records of a call and not the others. */
function listBatchRows({ target, tier }: CheckedTarget): AnswerRow[] {
  const { batch } = target;
  if (batch === undefined) return [];
  const refused = {
    ...row(
      [said('success, but the record’s own result is a refusal')],
      'review',
      'parks that record with the target’s own words; the others of the call are delivered',
      REVIEW,
    ),
    by: formatPath(batch.error?.at.path ?? batch.origin.path),
  };
  return [
    ...(batch.error === undefined ? [] : [refused]),
    row(
      [said('success, without a result for a record, or with two')],
      'unknown',
      `the outcome of that record is unknown: ${tier === 5 ? 'it goes to review' : 'it goes out again, alone where no key forbids it'}`,
      tier === 5 ? REVIEW : LOG,
      ['review'],
    ),
    row(
      [said('a refusal of the whole call')],
      'review',
      'sends it again at once in halves, until the target says which record it will not take; that one is parked',
      REVIEW,
    ),
  ];
}

/** It answers something else than was asked, whatever its status says. */
const NAMELESS = said('a success that does not say what the object is called (`id`)');

type Tier = CheckedTarget['tier'];

/** Of a write whose outcome is unknown nobody can say that it failed for good. */
const AT_LAST = '; what is not known after 24 hours of a healthy system goes to review';

/** A gateway also answers 503 for a server that has done the work, so where a repeat harms it is looked up. */
function listUnknown({ target, tier }: CheckedTarget): AnswerCase[] {
  const failed = tier === 3 || tier === 4 ? SERVER_ERROR : ERROR_BUT_503;
  const nameless = target.id === undefined || target.mode === 'update' ? [] : [NAMELESS];
  return [failed, REQUEST_TIMEOUT, ACCEPTED, UNCLEAR_REDIRECT, TIMEOUT, UNREADABLE, ...nameless];
}

/** What becomes of a write of which nobody knows whether it was applied. */
export function describeUnknown(checked: CheckedTarget): string {
  const adoption = describeAdoption(checked);
  const what = {
    0: 'sends the same bytes again, which gives the same state',
    1: 'sends the same bytes with the same idempotency key again while the key lasts; after that, what follows in "once" or a review decides',
    2: 'sends the same bytes again, which updates what is there',
    3: `looks the object up first; where it is there, ${adoption}; where it is not, it is created`,
    4: `waits for the index and looks the object up; where it is there, ${adoption}; it is created only where ${describeProbes(checked.target)}`,
    5: 'does not send it again: it goes to review as "unknown outcome"',
  }[checked.tier];
  return `the outcome is unknown: ${what}`;
}

function describeThrottle(tier: Tier): AnswerRow {
  if (tier === 5)
    return row(
      LIMITED,
      'unknown',
      'does not send it again: it goes to review as "unknown outcome"; the whole system waits',
      REVIEW,
      ['review'],
    );
  const cases = tier === 3 || tier === 4 ? LIMITED_BUT_503 : LIMITED;
  return {
    ...row(cases, 'wait', `${describeWait()}; the whole system waits; records do not age`, LOG, ['pause']),
    does: WAIT,
  };
}

/** What was there before is no object that the service has made: it holds something else. */
function describeFoundBefore(checked: CheckedTarget, compared: readonly string[]): AnswerRow[] {
  if (checked.tier !== 3 && checked.tier !== 4) return [];
  const answer = `creates nothing: ${describeAdoption(checked)}; one that belongs to another record goes to review`;
  return [
    row([staged('the look-up finds an object that was there before', 'there')], 'exists', answer, LOG, [
      'review',
    ]),
    ...(compared.length === 0
      ? []
      : [
          row(
            [
              staged(
                `the look-up finds only objects with another ${compared.join(' or ')} than was asked for`,
                'another',
              ),
            ],
            'review',
            'creates nothing, adopts nothing, and parks the record',
            REVIEW,
          ),
        ]),
  ];
}

/** What becomes of an object that the look-up finds. */
export function describeAdoption({ flow, target }: CheckedTarget): string {
  const isChanged =
    flow.later.changed === 'update' &&
    flow.targets.some(({ mode, name }) => mode === 'update' && name === target.name);
  return isChanged
    ? 'it is adopted and changed at once to what the record says'
    : 'it is adopted and left as it is';
}

/** A drill lasts an hour and a quarter: then what follows the key would decide in it. */
const DRILL_MS = 75 * 60_000;

function lapsesSoon({ target }: CheckedTarget): boolean {
  return target.once.some((entry) => entry.kind === 'key' && entry.lastsMs <= DRILL_MS);
}

function describeConflict(checked: CheckedTarget): AnswerRow {
  const { tier } = checked;
  if (tier === 1)
    return {
      ...row(
        [lapsesSoon(checked) ? { ...CONFLICT, drills: [] } : CONFLICT],
        'wait',
        `waits and sends it again${AT_LAST}`,
        LOG,
        ['review'],
      ),
      does: { kind: 'retry', next: 'review' },
    };
  if (tier === 3 || tier === 4)
    return row(
      [CONFLICT],
      'exists',
      `looks the object up: ${describeAdoption(checked)}; what it cannot find in 3 more tries goes to review`,
      LOG,
      ['review'],
    );
  return row([CONFLICT], 'review', 'parks the record', REVIEW);
}
