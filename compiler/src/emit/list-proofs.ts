import type { FlowPlan, ServicePlan } from '../model/service-plan.ts';
import { formatPath } from '../source/source-ref.ts';
import type { DrillGiven } from './answer-drills.ts';
import { listAnswers } from './list-answers.ts';
import type { FlowAnswers } from './list-answers.ts';

/** A drill of the answer book, and the rule whose decision it shows. */
export interface Proof {
  /** As the answer book and the emitted test name it. */
  readonly id: string;
  /** `flows.customers.to[0].map.Name`; of a standard answer, the call that it is about. */
  readonly rule: string;
}

/** Which rule each row of the answer book is about. */
export function listProofs(plan: ServicePlan): Proof[] {
  return listAnswers(plan).flatMap((answers) => {
    const decided = new Map<string, string>();
    for (const { ids, by } of [...answers.calls.flatMap(({ rows }) => rows), ...answers.records])
      for (const id of ids) decided.set(id, readRule(by));
    return answers.drills.map(({ id, given }) => ({ id, rule: findRule(answers, given, decided.get(id)) }));
  });
}

/** `flows.customers.to\[0\].calls\[0\] (because …)`, as a table of the book says who decides. */
function readRule(by: string): string {
  return by.replaceAll('\\', '').split(' (')[0] ?? '';
}

function findRule({ flow }: FlowAnswers, given: DrillGiven, by: string | undefined): string {
  if (by !== undefined && /^(?:flows|systems|policies)\./.test(by)) return by;
  const target = flow.targets.find(
    ({ checked }) =>
      checked.target.name === given.name && (given.call === undefined || checked.target.mode === given.call),
  );
  const field = target?.checked.fields.find((one) => one.field.path.text === given.field);
  if (given.field !== undefined && field !== undefined) return formatPath(field.field.origin.path);
  return findCall(flow, given) ?? formatPath((target?.checked.target ?? flow.flow).origin.path);
}

function findCall({ flow }: FlowPlan, { call, name }: DrillGiven): string | undefined {
  if (call === 'read') return formatPath(flow.source.origin.path);
  const find = call === 'find' ? flow.find.find((one) => one.name === name) : undefined;
  return find === undefined ? undefined : formatPath(find.origin.path);
}
