import { nameOperation } from '../../model/api-model.ts';
import type { CheckedTarget } from '../../model/checked-model.ts';
import type { CallRule, FindModel, PolicyModel } from '../../model/integration-model.ts';
import type { AlertKind } from '../../model/rules-input.ts';
import type { ServicePlan } from '../../model/service-plan.ts';
import { formatPath } from '../../source/source-ref.ts';
import { tellOf } from './describe-alerts.ts';

export interface CallRow {
  readonly when: string;
  readonly answer: string;
  readonly told: string;
  readonly by: string;
}

export interface CallAnswers {
  readonly operation: string;
  readonly system: string;
  readonly role: string;
  readonly rows: readonly CallRow[];
}

/** A row as it is written here: who is told beside the log depends on the rules. */
interface RowTemplate extends CallRow {
  readonly alert: AlertKind | undefined;
}

const LOG = 'the log and /metrics';
const REVIEW = 'the review queue';

const READ_ROWS: readonly RowTemplate[] = [
  row(
    'no connection, 5xx, timeout, unreadable answer',
    'tries 3 times within 20 s, then reads on 30 s later from where it was; five failures in a row leave the system alone for 1 s to 5 min',
    LOG,
  ),
  row(
    '429, 503, or 403 that names a limit',
    'waits until the time that the server named, else a growing time; the whole system waits',
    LOG,
  ),
  row(
    '401, 407, or 403 insufficient_scope',
    'refreshes the credentials once and tries again; if they are refused still, the system is paused for a minute at first, later for up to 15 minutes at a time, and records wait',
    LOG,
    'auth',
  ),
  row(
    'a redirect',
    'follows it at most 5 times on the same host; to another one never, which halts the flow',
    LOG,
    'halt',
  ),
  row(
    '400, 404, 410 or 422 for a page after the first',
    'takes the cursor for expired: reads again from the newest value that is stored where records come oldest first, else from the beginning; after 3 times it halts the flow',
    LOG,
    'halt',
  ),
  row(
    'the same cursor, or the same page again and again',
    'halts the flow: the source would never come to its end',
    `${LOG}, status`,
    'halt',
  ),
  row(
    'any other 3xx or 4xx',
    'halts the flow; nothing is skipped and the place is kept; a person resumes it',
    `${LOG}, status`,
    'halt',
  ),
  row('an answer without the list of records', 'counts as a failed call: reads on 30 s later', LOG),
  row(
    'a record with a value that cannot be read exactly',
    'parks that record: two values under one name, a number out of range, half a character, bytes that are not UTF-8, more than 200 levels',
    REVIEW,
  ),
];

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

function findRows(find: FindModel, policy: PolicyModel | undefined): readonly RowTemplate[] {
  const { take, origin } = find;
  const none = find.none ?? policy?.none ?? 'review';
  const many = find.many ?? policy?.many ?? 'review';
  const by = formatPath(origin.path);
  const told = (action: string): string => (action === 'review' ? REVIEW : LOG);
  return [
    row(
      'no connection, 5xx, timeout, unreadable answer',
      'tries 3 times within 20 s, then later with growing delays; after 24 hours of a healthy system it is a dead letter; nothing was written',
      LOG,
      'dead-letter',
    ),
    row(
      '429, 503, or 403 that names a limit',
      'waits until the time that the server named, else a growing time; the whole system waits; records do not age',
      LOG,
    ),
    row(
      '401, 407, or 403 insufficient_scope',
      'refreshes the credentials once and tries again; if they are refused still, the system is paused for a minute at first, later for up to 15 minutes at a time, and records wait',
      LOG,
      'auth',
    ),
    {
      ...row('nothing is found, 404, or what it needs is blank', FOUND[none] ?? none, told(none)),
      alert: FOUND_ALERTS[none],
      by,
    },
    ...(take === 'all'
      ? []
      : [{ ...row('several are found', FOUND[many] ?? many, told(many)), alert: FOUND_ALERTS[many], by }]),
    row('any other 3xx or 4xx', 'parks the record', REVIEW),
  ];
}

function writeRows({ target, tier }: CheckedTarget): readonly RowTemplate[] {
  const unknown = {
    0: 'sends the same bytes again, which gives the same state',
    1: 'sends the same bytes with the same idempotency key again while the key lasts; after that, what follows in "once" or a review decides',
    2: 'sends the same bytes again, which updates what is there',
    3: 'looks the object up first; adopts it where it is there, creates it where it is not',
    4: 'waits for the index and looks the object up; adopts it where it is there, and creates it only after as many look-ups as the rules say have found nothing',
    5: 'does not send it again: it goes to review as "unknown outcome"',
  }[tier];
  const throttled =
    tier === 5
      ? 'does not send it again: it goes to review as "unknown outcome"'
      : 'waits until the time that the server named, else a growing time; the whole system waits; records do not age';
  const conflict =
    tier === 1
      ? 'waits and sends it again'
      : tier === 3 || tier === 4
        ? 'looks the object up and adopts it; what it cannot find in 3 more tries goes to review'
        : 'parks the record';
  return [
    row(
      'no connection',
      'tries 3 times within 20 s, then later with growing delays; after 24 hours of a healthy system it is a dead letter',
      LOG,
      'dead-letter',
    ),
    row(
      '5xx, 408, 202, 3xx but 307 and 308, timeout, a cut or unreadable answer',
      `the outcome is unknown: ${unknown}`,
      tier === 5 ? REVIEW : LOG,
    ),
    row('429, 503, or 403 that names a limit', throttled, tier === 5 ? REVIEW : LOG),
    row(
      '401, 407, or 403 insufficient_scope',
      'refreshes the credentials once and tries again; if they are refused still, the system is paused for a minute at first, later for up to 15 minutes at a time, and records wait',
      LOG,
      'auth',
    ),
    row('409', conflict, tier === 1 || tier === 3 || tier === 4 ? LOG : REVIEW),
    row('412', 'tries again, then later: the state has changed, and nothing was written', LOG, 'dead-letter'),
    row('any other 3xx or 4xx', 'parks the record', REVIEW),
    ...(target.unless === undefined
      ? []
      : [
          {
            ...row(
              'success, but the answer carries a refusal',
              'parks the record with the target’s own words',
              REVIEW,
            ),
            by: formatPath(target.unless.at.path),
          },
        ]),
  ];
}

function row(when: string, answer: string, told: string, alert?: AlertKind): RowTemplate {
  return { when, answer, told, by: 'standard', alert: alert ?? (told === REVIEW ? 'review' : undefined) };
}

const RULE_ACTIONS: Readonly<Record<CallRule['do'], string>> = {
  retry: 'tries again, then later with growing delays',
  wait: 'waits until the time that the server named; the whole system waits',
  defer: 'tries again later',
  pause: 'pauses the system',
  refresh: 'refreshes the credentials and tries again',
  ok: 'counts it as success',
  missing: 'counts it as not there',
  exists: 'looks the object up and adopts it',
  skip: 'leaves the record out, counted',
  review: 'parks the record',
  fail: 'makes the record a dead letter',
  halt: 'halts the flow',
};

/** What an action of a rule has people told of. */
const RULE_ALERTS: Readonly<Partial<Record<CallRule['do'], AlertKind>>> = {
  pause: 'pause',
  review: 'review',
  fail: 'dead-letter',
  halt: 'halt',
};

/** Each call with what was decided for it: the rules first, the standard policy below them. */
export function describeCalls(plan: ServicePlan): CallAnswers[] {
  return plan.flows.flatMap((entry) => {
    const { source, find, name } = entry.flow;
    const finish = ({ alert, ...given }: RowTemplate): CallRow => ({
      ...given,
      told: alert === undefined ? given.told : `${given.told}${tellOf(plan.alerts?.alerts, alert, name)}`,
    });
    return [
      {
        operation: nameOperation(source.operation),
        system: source.system.name,
        role: `read by ${entry.flow.name}`,
        rows: [...describeRules([...source.calls, ...source.system.calls], 'read'), ...READ_ROWS].map(finish),
      },
      ...find.map((one) => ({
        operation: nameOperation(one.operation),
        system: one.system.name,
        role: `looked up as ${one.name} by ${name}`,
        rows: [
          ...describeRules([...one.calls, ...one.system.calls], 'look-up'),
          ...findRows(one, plan.checked.model.policy),
        ].map(finish),
      })),
      ...entry.checked.targets.map((leg) => ({
        operation: nameOperation(leg.target.operation),
        system: leg.target.system.name,
        role: `${leg.target.mode === 'update' ? 'changed' : leg.target.mode === 'create' ? 'created' : 'written'} by ${name}`,
        rows: [
          ...describeRules([...leg.target.calls, ...leg.target.system.calls], 'write'),
          ...writeRows(leg),
        ].map(finish),
      })),
    ];
  });
}

function describeRules(rules: readonly CallRule[], role: 'read' | 'look-up' | 'write'): RowTemplate[] {
  return rules.map((rule) => {
    const on = rule.on
      .map((match) =>
        match.kind === 'class'
          ? match.name
          : match.from === match.to
            ? String(match.from)
            : `${match.from}–${match.to}`,
      )
      .join(', ');
    const parks = rule.do === 'review' && role === 'read';
    return {
      when: rule.when === undefined ? on : `${on} when ${rule.when.text.trim()}`,
      answer: parks ? 'halts the flow: a reading has no record to park' : RULE_ACTIONS[rule.do],
      told: rule.do === 'review' && !parks ? REVIEW : LOG,
      by: `${formatPath(rule.origin.path)}${rule.because === undefined ? '' : ` (${rule.because})`}`,
      alert: parks ? 'halt' : RULE_ALERTS[rule.do],
    };
  });
}
