import { customFile, listCustomCalls } from '../check/custom-calls.ts';
import type { CheckedModel } from '../model/checked-model.ts';
import type { CustomFunctionPlan } from '../model/service-plan.ts';

/** The hand-written functions that expressions call, in the order in which the rules declare them. */
export function planCustom({ model, expressions }: CheckedModel): readonly CustomFunctionPlan[] {
  const called = new Set(
    [...expressions.values()].flatMap(({ tree }) => listCustomCalls(tree).map(({ name }) => name)),
  );
  return Object.entries(model.rules.custom ?? {}).flatMap(([name, declared]) =>
    called.has(name) ? [{ name, file: customFile(name), declared }] : [],
  );
}
