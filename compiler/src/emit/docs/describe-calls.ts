import { listCompared } from '../../check/compared-fields.ts';
import { nameOperation } from '../../model/api-model.ts';
import type { CheckedModel, CheckedTarget, CheckedFlow } from '../../model/checked-model.ts';
import type {
  CallRule,
  Expression,
  NotApplied,
  PolicyModel,
  SourceModel,
  StatusMatch,
  SystemModel,
  TargetModel,
  FindModel,
} from '../../model/integration-model.ts';
import type { AlertKind } from '../../model/rules-input.ts';
import type { FlowPlan, ServicePlan } from '../../model/service-plan.ts';
import { isKnownUnapplied, isUnapplied } from '../../resolve/check-call-rules.ts';
import { formatPath } from '../../source/source-ref.ts';
import { formatDuration } from '../text/format-duration.ts';
import { describeFound, describePlace, describeWait, listFindRows, listReadRows } from './answer-read.ts';
import { drillMatch, satisfyAnswer } from '../answer-drills.ts';
import type { CaseDrill } from '../answer-drills.ts';
import { isDecided, LOG, REVIEW, said, withoutDecided } from './answer-row.ts';
import type { AnswerRow, CallRow } from './answer-row.ts';
import { describeAdoption, describeUnknown, listWriteRows } from './answer-write.ts';
import { describeRefusal, effectOfRefusal } from './describe-auth.ts';
import { effectOfUnknown, END } from './effect.ts';
import type { Effect } from './effect.ts';

export interface CallAnswers {
  readonly operation: string;
  readonly system: string;
  readonly role: string;
  readonly rows: readonly CallRow[];
}

/** Where in a service a call is made. */
export interface CallPlace {
  readonly flow: string;
  readonly call: 'read' | 'find' | 'write' | 'create' | 'update';
  /** Of the look-up, or of the target. */
  readonly name: string | undefined;
}

/** A row with the rules that go before it. */
export interface PlacedRow {
  readonly row: AnswerRow;
  readonly decided: readonly StatusMatch[];
}

export interface CallSection extends Omit<CallAnswers, 'rows'> {
  readonly place: CallPlace;
  readonly rows: readonly PlacedRow[];
}

/** Each call with what was decided for it: the rules first, what the standard policy still decides below them. */
export function describeCalls(plan: ServicePlan, entry: FlowPlan): CallSection[] {
  return listCalls(plan, entry).map(({ rules, notApplied, actions, standard, system, ...call }) => {
    const decidedBefore = (count: number): readonly StatusMatch[] =>
      rules.slice(0, count).flatMap(({ on, when }) => (when === undefined ? on : []));
    return {
      ...call,
      system: system.name,
      rows: [
        ...rules.map((rule, index) => ({
          row: describeRule(rule, actions(rule), {
            expressions: plan.checked.expressions,
            isWrite: call.place.call !== 'read' && call.place.call !== 'find',
            notApplied,
          }),
          decided: decidedBefore(index),
        })),
        ...standard
          .flatMap((one) => withoutDecided(one, rules))
          .map((one) => ({ row: one, decided: decidedBefore(rules.length) })),
      ],
    };
  });
}

/** A call with the rules about it, and what holds below them. */
export interface AnsweredCall {
  readonly place: CallPlace;
  /** How it is named: `crm.read`, `ledger.contact`, `ledger.known`. */
  readonly names: readonly string[];
  readonly operation: string;
  readonly system: SystemModel;
  readonly role: string;
  /** Those of the call and of its system, and what facts say below them. */
  readonly rules: readonly CallRule[];
  /** Failures of a write after which nothing was applied. */
  readonly notApplied: readonly NotApplied[];
  readonly actions: (rule: CallRule) => Action;
  readonly standard: readonly AnswerRow[];
  /** When an answer of success is a refusal; undefined where nothing is looked for in it. */
  readonly unless: Expression | undefined;
  /** A success is looked into, so that one without a body is no success. */
  readonly readsBody: boolean;
}

export interface Action {
  readonly action?: string;
  readonly answer: string;
  readonly told?: string;
  readonly alerts?: readonly AlertKind[];
  readonly does?: Effect;
}

export function listCalls(plan: ServicePlan, { flow, checked }: FlowPlan): AnsweredCall[] {
  const { expressions, model } = plan.checked;
  const { policy } = model;
  const { source, find, name } = flow;
  return [
    {
      names: ['read'],
      operation: nameOperation(source.operation),
      system: source.system,
      role: `read by ${name}`,
      place: { flow: name, call: 'read', name: undefined },
      rules: [...source.calls, ...source.system.calls],
      notApplied: [],
      actions: (rule) => readAction(rule, source),
      standard: listReadRows(source),
      unless: undefined,
      readsBody: true,
    },
    ...find.map((one) => ({
      names: [one.name],
      operation: nameOperation(one.operation),
      system: one.system,
      role: `looked up as ${one.name} by ${name}${one.target === undefined ? '' : `, for ${one.target} alone`}`,
      place: { flow: name, call: 'find' as const, name: one.name },
      rules: [...one.calls, ...one.system.calls],
      notApplied: [],
      actions: (rule: CallRule) =>
        rule.do === 'missing'
          ? describeMissing(one, policy, checked.targets)
          : listActions(one.system, rule)[rule.do],
      standard: listFindRows(one, policy, checked.targets),
      unless: undefined,
      readsBody: true,
    })),
    ...checked.targets.map((leg) => ({
      names: leg.target.mode === 'write' ? [leg.target.name] : [leg.target.mode, leg.target.name],
      operation: nameOperation(leg.target.operation),
      system: leg.target.system,
      role: `${WRITTEN[leg.target.mode]} by ${name}`,
      place: { flow: name, call: leg.target.mode, name: leg.target.name },
      rules: withUnapplied(leg.target),
      notApplied: leg.target.notApplied,
      actions: (rule: CallRule) => writeAction(rule, leg),
      standard: listWriteRows(
        leg,
        findCompared(leg, expressions),
        find.some(({ target }) => target === undefined || target === leg.target.name),
      ),
      unless: leg.target.unless,
      readsBody:
        leg.target.unless !== undefined || (leg.target.id !== undefined && leg.target.mode !== 'update'),
    })),
  ];
}

/** By which fields the look-up before a create tells what it finds from other objects. */
function findCompared(
  { target }: CheckedTarget,
  expressions: CheckedModel['expressions'],
): readonly string[] {
  const once = target.once.find((entry) => entry.kind === 'look-up');
  return once === undefined ? [] : listCompared(once, expressions);
}

/** A rule may say of an answer that nothing was found. */
function describeMissing(
  find: FindModel,
  policy: PolicyModel | undefined,
  targets: CheckedFlow['targets'],
): Action {
  const action = find.none ?? policy?.none ?? 'review';
  const { answer, ...rest } = describeFound(find, action, targets);
  return { ...rest, action, answer: `counts it as nothing found: ${answer}` };
}

const WRITTEN = { write: 'written', create: 'created', update: 'changed' } as const;

export function describeRule(
  rule: CallRule,
  { action = rule.do, answer, told = LOG, alerts = [], does = END }: Action,
  context: RuleContext,
): AnswerRow {
  const on = rule.on.map(formatMatch).join(', ');
  const text = rule.when === undefined ? on : `${on} when ${rule.when.text.trim()}`;
  return {
    cases: [said(text, ...drillRule(rule, context))],
    action,
    answer,
    told,
    by: `${formatPath(rule.origin.path)}${rule.because === undefined ? '' : ` (${rule.because})`}`,
    alerts: [...new Set([...alerts, ...(rule.on.some(leavesAlone) ? (['pause'] as const) : [])])],
    does,
    origin: rule.origin,
  };
}

interface RuleContext {
  readonly expressions: CheckedModel['expressions'];
  readonly isWrite: boolean;
  readonly notApplied: readonly NotApplied[];
}

function withoutUnapplied({ statuses }: CaseDrill, notApplied: readonly NotApplied[]): Partial<CaseDrill> {
  return statuses === undefined
    ? {}
    : { statuses: statuses.filter((status) => !isUnapplied(status, notApplied)) };
}

/** The rules about a write, and below them what facts say of its failures, as the rules that it comes to. */
function withUnapplied({ calls, system, notApplied }: TargetModel): CallRule[] {
  const above = [...calls, ...system.calls];
  const decided = above.flatMap(({ on, when }) => (when === undefined ? on : []));
  const below = notApplied.flatMap(({ from, to, because, origin }) => {
    const rule = (first: number, last: number, action: 'retry' | 'wait'): CallRule[] =>
      first > last || isDecided({ kind: 'range', from: first, to: last }, decided)
        ? []
        : [
            {
              origin,
              on: [{ kind: 'range', from: first, to: last }],
              when: undefined,
              do: action,
              afterMs: undefined,
              because,
            },
          ];
    if (from === 429) return rule(from, to, 'wait');
    // Of a 412 everybody knows it.
    if (from <= 412 && to >= 412) return [...rule(from, 411, 'retry'), ...rule(413, to, 'retry')];
    if (from > 503 || to < 503) return rule(from, to, 'retry');
    return [...rule(503, 503, 'wait'), ...rule(from, 502, 'retry'), ...rule(504, to, 'retry')];
  });
  return [...above, ...below];
}

/** With a condition, an answer for which it holds; none where such an answer cannot be made up. */
function drillRule(rule: CallRule, { expressions, isWrite, notApplied }: RuleContext): CaseDrill[] {
  const { on, when } = rule;
  const drills = on.flatMap((match) =>
    drillMatch(match).map((drill) =>
      isWrite && isUnclear(match, rule, notApplied)
        ? { ...drill, ...withoutUnapplied(drill, notApplied), action: 'unknown' }
        : drill,
    ),
  );
  if (when === undefined) return drills;
  const tree = expressions.get(when)?.tree;
  const answer = tree === undefined ? undefined : satisfyAnswer(tree);
  if (answer === undefined) return [];
  return drills.map((drill) => ({ ...drill, ...answer, suffix: `${drill.suffix}.when` }));
}

/** The system is left alone for a while as well, whatever becomes of the call. */
function leavesAlone(match: StatusMatch): boolean {
  if (match.kind === 'class') return match.name !== 'malformed';
  return match.to >= 500 || (match.from <= 429 && match.to >= 429);
}

function formatMatch(match: StatusMatch): string {
  if (match.kind === 'class') return match.name;
  return match.from === match.to ? String(match.from) : `${match.from}–${match.to}`;
}

/** What an action of a rule means for a call about one record. */
function listActions(system: SystemModel, { afterMs }: CallRule): Readonly<Record<CallRule['do'], Action>> {
  const own = afterMs === undefined ? undefined : `for ${formatDuration(afterMs)}`;
  return {
    retry: {
      answer:
        'tries at most 3 times within 20 s, then later with growing delays; after 24 hours of a healthy system it is a dead letter',
      alerts: ['dead-letter'],
      does: { kind: 'retry', next: 'dead' },
    },
    wait: {
      answer: `${describeWait(own)}; the whole system waits`,
      alerts: ['pause'],
      does: { kind: 'wait', afterMs },
    },
    defer: {
      answer:
        'tries again later, with growing delays; after 24 hours of a healthy system it is a dead letter',
      alerts: ['dead-letter'],
      does: { kind: 'later', next: 'dead' },
    },
    pause: {
      answer: `pauses the system until the time that it named, else ${own ?? 'for about a second at a time'}`,
      alerts: ['pause'],
      does: { kind: 'pause', afterMs },
    },
    refresh: { answer: describeRefusal(system), alerts: ['auth'], does: effectOfRefusal(system) },
    ok: { answer: 'counts it as success' },
    missing: { answer: 'counts it as not there' },
    exists: { answer: 'looks the object up', alerts: ['review'] },
    skip: { answer: 'leaves the record out, counted' },
    review: { answer: 'parks the record', told: REVIEW, alerts: ['review'] },
    fail: { answer: 'makes the record a dead letter', alerts: ['dead-letter'] },
    halt: {
      answer: 'halts the flow; the record waits in review, and is tried again once a person lifts that',
      alerts: ['halt', 'review'],
    },
  };
}

/** A reading concerns no record: it goes on later, or it stops. */
function readAction(rule: CallRule, source: SourceModel): Action {
  const later = `reads on 30 s later ${describePlace(source)}`;
  switch (rule.do) {
    case 'retry':
      return {
        answer: `tries at most 3 times within 20 s, then ${later}`,
        does: { kind: 'retry', next: 'read-on' },
      };
    case 'defer':
    case 'skip':
      return { answer: later, does: { kind: 'later', next: 'read-on' } };
    case 'review':
      return { answer: 'halts the flow: a reading has no record to park', alerts: ['halt'] };
    case 'fail':
      return { answer: 'halts the flow: a reading has no record to give up', alerts: ['halt'] };
    case 'missing':
      return { answer: 'halts the flow: the source has no such list', alerts: ['halt'] };
    case 'halt':
      return { answer: 'halts the flow', alerts: ['halt'] };
    default:
      return listActions(source.system, rule)[rule.do];
  }
}

/** However a rule is written, a write of which nobody knows whether it was applied is not taken for a failure. */
function writeAction(rule: CallRule, checked: CheckedTarget): Action {
  const own = describeOwnWait(rule) ?? (rule.do === 'missing' ? NOT_THERE : describeExists(rule, checked));
  const action = own ?? listActions(checked.target.system, rule)[rule.do];
  const { notApplied } = checked.target;
  if (!rule.on.some((match) => isUnclear(match, rule, notApplied))) return action;
  const alerts = ['review', ...(action.alerts ?? [])] as const;
  if (rule.on.every((match) => isUnclear(match, rule, notApplied)))
    return {
      action: 'unknown',
      answer: describeUnknown(checked),
      alerts: ['review'],
      does: effectOfUnknown(checked.tier),
    };
  return {
    ...action,
    answer: `${action.answer}; where ${describeUnknown(checked)}`,
    alerts,
  };
}

/** A conflict concerns its own record, and the system goes on. */
function describeOwnWait({ do: action, on, afterMs }: CallRule): Action | undefined {
  const isConflict = on.every((match) => match.kind === 'range' && match.from === 409 && match.to === 409);
  if (action !== 'wait' || !isConflict) return undefined;
  const answer =
    'waits and sends this record again; what is not taken after 24 hours of a healthy system goes to review';
  return { answer, alerts: ['review'], does: { kind: 'wait', afterMs } };
}

/** What is to be written to is not there. */
const NOT_THERE: Action = {
  answer: 'parks the record: there is no such object',
  told: REVIEW,
  alerts: ['review'],
};

function describeExists({ do: action }: CallRule, checked: CheckedTarget): Action | undefined {
  if (action !== 'exists') return undefined;
  return {
    answer: `looks the object up: ${describeAdoption(checked)}; what it cannot find in 3 more tries goes to review`,
    alerts: ['review'],
  };
}

const NEVER_UNCLEAR: ReadonlySet<string> = new Set(['exists', 'review', 'halt']);

/** Whether the service keeps to the tier of the write instead of the rule, as it does where a repeat could harm. */
function isUnclear(match: StatusMatch, rule: CallRule, notApplied: readonly NotApplied[]): boolean {
  if (isKnownUnapplied(match, notApplied)) return false;
  if (match.kind === 'class') return match.name !== 'not-sent' && !NEVER_UNCLEAR.has(rule.do);
  const mayBeDone =
    match.to >= 500 || (match.from <= 408 && match.to >= 408) || (match.from <= 202 && match.to >= 202);
  if (!mayBeDone) return false;
  if (rule.do === 'retry' || rule.do === 'defer') return true;
  return (rule.do === 'fail' || rule.do === 'skip') && rule.when === undefined;
}
