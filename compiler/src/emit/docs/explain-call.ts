import type { AlertKind } from '../../model/rules-input.ts';
import type { CallRule, StatusMatch } from '../../model/integration-model.ts';
import type { FlowPlan, ServicePlan } from '../../model/service-plan.ts';
import { keyAt, valueAt } from '../../source/source-ref.ts';
import type { SourceRef } from '../../source/source-ref.ts';
import { NO_LIST } from './answer-read.ts';
import { LOG, renderRow, row } from './answer-row.ts';
import type { AnswerCase, AnswerRow } from './answer-row.ts';
import { listToldOf } from './describe-alerts.ts';
import { describeRule, listCalls } from './describe-calls.ts';
import type { AnsweredCall } from './describe-calls.ts';
import { planTimeline } from './timeline.ts';
import type { GivenAnswer, TimelineStep } from './timeline.ts';

/** What the service will do after one answer to one of its calls. */
export interface ExplainedCall {
  /** `crm.read`. */
  readonly name: string;
  readonly operation: string;
  readonly system: string;
  /** `read by customers`. */
  readonly role: string;
  /** The first that holds decides; only the last has no condition. */
  readonly decisions: readonly ExplainedDecision[];
}

export interface ExplainedDecision {
  /** The expression of the rule that must be true; undefined where the decision needs none. */
  readonly when: string | undefined;
  readonly answer: string;
  readonly told: string;
  readonly by: string;
  /** Where it is decided. */
  readonly at: SourceRef;
  readonly steps: readonly TimelineStep[];
}

interface NamedCall {
  readonly call: AnsweredCall;
  readonly flow: FlowPlan;
  readonly names: readonly string[];
}

/** Every call of the service by its names: `crm.read`, `ledger.contact`, `ledger.POST /contacts`. */
export function listCallNames(plan: ServicePlan): readonly NamedCall[] {
  return plan.flows.flatMap((flow) =>
    listCalls(plan, flow).map((call) => ({
      call,
      flow,
      names: [...call.names, call.operation].map((name) => `${call.system.name}.${name}`),
    })),
  );
}

/** @returns one for each call of that name; several flows may have one */
export function explainCall(plan: ServicePlan, name: string, given: GivenAnswer): ExplainedCall[] {
  return listCallNames(plan)
    .filter(({ names }) => names.includes(name))
    .map(({ call, flow, names }) => ({
      name: names[0] ?? name,
      operation: call.operation,
      system: call.system.name,
      role: call.role,
      decisions: decide(plan, call, given).map((decided) =>
        explain(plan, { call, flow: flow.flow.name, given }, decided),
      ),
    }));
}

interface Decided {
  readonly when: string | undefined;
  readonly row: AnswerRow;
}

/** The rules that fit, as far as the first without a condition; else what the standard policy says. */
function decide(plan: ServicePlan, call: AnsweredCall, given: GivenAnswer): Decided[] {
  const exact = matchOf(given);
  const decided: Decided[] = [];
  const fitting = call.rules.filter(
    // A condition is about an answer, so without one it does not hold.
    ({ on, when }) =>
      on.some((match) => fits(match, given)) && (when === undefined || given.status !== undefined),
  );
  for (const rule of fitting) {
    // Said of this answer alone: a rule about several may do with each what is safe for it.
    const narrowed: CallRule = { ...rule, on: [exact] };
    decided.push({
      when: rule.when?.text.trim(),
      row: describeRule(narrowed, call.actions(narrowed), contextOf(plan, call)),
    });
    if (rule.when === undefined) return decided;
  }
  const standard = findStandard(call, given);
  const { policy } = plan.checked.model.rules;
  const by =
    policy === undefined || policy === 'standard'
      ? 'the standard policy'
      : `the standard policy, below "${policy}"`;
  const { unless } = call;
  const refusal = call.standard.find(({ origin }) => origin !== undefined && origin === unless?.at);
  if (standard === undefined && unless !== undefined && refusal !== undefined)
    decided.push({ when: unless.text.trim(), row: refusal });
  const last = standard ?? row([], 'ok', 'counts it as success', LOG);
  return [...decided, { when: undefined, row: { ...last, by: last.by === 'standard' ? by : last.by } }];
}

function findStandard(call: AnsweredCall, given: GivenAnswer): AnswerRow | undefined {
  const { status = 0 } = given;
  if (!BODILESS.has(status) || !call.readsBody)
    return call.standard.find(({ cases }) => cases.some((one) => isCaseOf(one, given)));
  const unreadable: GivenAnswer = { status: undefined, failure: 'malformed', retryAfterMs: undefined };
  const list = call.standard.find(({ cases }) => cases.some(({ text }) => text === NO_LIST));
  if (list !== undefined) return list;
  const found = call.standard.find(({ cases }) => cases.some((one) => isCaseOf(one, unreadable)));
  // The call itself went well, so it is not tried again at once.
  return found?.does.kind === 'retry' ? { ...found, does: { ...found.does, kind: 'later' } } : found;
}

/** Successes that never have a body. */
const BODILESS: ReadonlySet<number> = new Set([204, 205]);

function explain(
  plan: ServicePlan,
  { call, flow, given }: { readonly call: AnsweredCall; readonly flow: string; readonly given: GivenAnswer },
  { when, row: decided }: Decided,
): ExplainedDecision {
  const { rulesFile } = plan.checked.model.workspace;
  const alerts = plan.alerts?.alerts;
  const policyAt =
    plan.checked.model.rules.policy === undefined
      ? keyAt(rulesFile, ['flows', flow])
      : valueAt(rulesFile, ['policy']);
  const steps = planTimeline({
    system: call.system.name,
    effect: decided.does,
    answer: decided.answer,
    given,
  });
  const isCalledAgain = steps.filter(({ isCall }) => isCall).length > 1;
  const long: AlertKind = 'pause';
  const told = listToldOf(alerts, long, flow);
  // Of a pause that lasts somebody is told after an hour, if the rules say whom.
  const hour: TimelineStep = {
    fromMs: HOUR,
    toMs: HOUR,
    what: `if ${call.system.name} is still left alone: ${told.length === 0 ? 'nobody is told; /status shows it' : `alert to ${told.join(', ')}`}`,
    isCall: false,
  };
  const all = isCalledAgain && decided.alerts.includes(long) ? [...steps, hour] : steps;
  return {
    when,
    answer: decided.answer,
    told: renderRow(decided, alerts, { flow, ids: [] }).told,
    by: decided.by,
    at: decided.origin ?? policyAt,
    steps: all.toSorted((left, right) => left.fromMs - right.fromMs || left.toMs - right.toMs),
  };
}

function contextOf({ checked }: ServicePlan, { place, notApplied }: AnsweredCall) {
  const isWrite = place.call !== 'read' && place.call !== 'find';
  return { expressions: checked.expressions, isWrite, notApplied };
}

const HOUR = 3_600_000;

function matchOf({ status, failure = '' }: GivenAnswer): StatusMatch {
  return status === undefined
    ? { kind: 'class', name: failure }
    : { kind: 'range', from: status, to: status };
}

/** As the running service matches a rule. */
function fits(match: StatusMatch, { status, failure }: GivenAnswer): boolean {
  if (match.kind === 'range') return status !== undefined && match.from <= status && status <= match.to;
  if (failure === undefined) return false;
  return match.name === failure || (match.name === 'unknown' && failure !== 'not-sent');
}

function isCaseOf({ on, fits: also, only }: AnswerCase, given: GivenAnswer): boolean {
  // Of the scope of a token nothing is known here.
  if (only === 'scope' || (only === 'limit' && given.retryAfterMs === undefined)) return false;
  return (on ?? also ?? []).some((match) => fits(match, given));
}
