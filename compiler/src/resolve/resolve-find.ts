import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import type { Operation, Schema } from '../model/api-model.ts';
import { nameOperation } from '../model/api-model.ts';
import type { FieldPath } from '../model/field-path.ts';
import type { CallRule, FindModel } from '../model/integration-model.ts';
import type { FindInput, FlowInput } from '../model/rules-input.ts';
import { childOf } from '../source/source-ref.ts';
import type { SourceRef } from '../source/source-ref.ts';
import { checkPages } from './check-pages.ts';
import { parseDurationMs } from './parse-units.ts';
import { resolveCallInput } from './resolve-call-input.ts';
import { choosePages, findSystem, resolveCallRules, resolvePages } from './resolve-context.ts';
import type { ResolveContext } from './resolve-context.ts';
import { resolveAnswer, resolveRecords } from './resolve-source.ts';

/** The look-ups of a flow, in the order of the rules; undefined where one of them cannot be resolved. */
export function resolveFinds(
  context: ResolveContext,
  { find = {}, from, to }: FlowInput,
  flowCalls: readonly CallRule[],
  flow: SourceRef,
): readonly FindModel[] | undefined {
  const shared = Object.entries(find).map(([name, input]): PlacedFind => ({
    name,
    input: { ...input, system: input.system ?? from.system },
    target: undefined,
    origin: childOf(flow, 'find', name),
  }));
  const own = to.flatMap((target, index) =>
    Object.entries(target.find ?? {}).map(([name, input]): PlacedFind => ({
      name,
      input: { ...input, system: input.system ?? target.system },
      target: target.name,
      origin: childOf(flow, 'to', index, 'find', name),
    })),
  );
  const placed = [...shared, ...own];
  const seen = new Map<string, SourceRef>();
  const resolved = placed.map((one) => {
    const other = seen.get(one.name);
    seen.set(one.name, other ?? one.origin);
    if (other === undefined) return resolveFind(context, one, flowCalls);
    const problem = `"found.${one.name}" is what another look-up of this flow finds. Give each its own name.`;
    const related = [{ at: other, message: 'the other' }];
    context.found.push(createDiagnostic('invalid-value', { problem }, one.origin, { related }));
    return undefined;
  });
  return resolved.every((entry) => entry !== undefined) ? resolved : undefined;
}

interface PlacedFind {
  readonly name: string;
  readonly input: FindInput & { readonly system: string };
  readonly target: string | undefined;
  readonly origin: SourceRef;
}

function resolveFind(
  context: ResolveContext,
  { name, input, target, origin }: PlacedFind,
  flowCalls: readonly CallRule[],
): FindModel | undefined {
  const at = (key: string): SourceRef => childOf(origin, key);
  const system = findSystem(context, input.system, at('system'));
  const operation = system?.operations.find(input.call, at('call'));
  if (system === undefined || operation === undefined) return undefined;
  const answer = resolveAnswer(context, operation, at('call'));
  const list = answer === undefined ? undefined : resolveFound(context, { operation, answer, input, origin });
  if (answer === undefined || list === undefined) return undefined;
  const own = input.pages === undefined ? undefined : resolvePages(context, input.pages, at('pages'));
  const pages = list.path === undefined ? undefined : choosePages(system, operation, own);
  if (list.path !== undefined) checkPages(context, pages, operation, { answer, record: list.record });
  return {
    origin,
    name,
    target,
    system: system.model,
    operation,
    input: resolveCallInput(context, operation, input.with ?? {}, at('with'), {
      filled: [pages?.send, pages?.size?.name].filter((entry) => entry !== undefined),
      bodyGiven: false,
      system: system.model,
    }),
    records: list.path,
    answer,
    record: list.record,
    pages,
    take: input.take === 'all' ? 'all' : 'one',
    none: input.none,
    many: input.many,
    cacheMs: input.cache === undefined ? undefined : parseDurationMs(input.cache),
    because: input.because,
    calls: [...resolveCallRules(context, input.calls, at('calls')), ...flowCalls],
  };
}

/** Keys that speak of a list. */
const OF_LISTS = ['records', 'many', 'pages'] as const;

/** The list in the answer and what its elements are; or the answer, which is the object. */
function resolveFound(
  context: ResolveContext,
  at: {
    readonly operation: Operation;
    readonly answer: Schema;
    readonly input: FindInput;
    readonly origin: SourceRef;
  },
): { readonly path: FieldPath | undefined; readonly record: Schema } | undefined {
  const { operation, answer, input, origin } = at;
  const report = (problem: string, key: string): undefined => {
    const related = [{ at: answer.origin, message: 'the answer' }];
    context.found.push(createDiagnostic('invalid-value', { problem }, childOf(origin, key), { related }));
    return undefined;
  };
  if (input.take !== 'object') {
    if (input.records !== undefined)
      return resolveRecords(context, operation, answer, input.records, childOf(origin, 'records'));
    const fix = answer.items === undefined && answer.properties.size > 0 ? FIX : 'records: "[]"';
    context.found.push(createDiagnostic('missing-key', { key: 'records' }, origin, { fix }));
    return undefined;
  }
  const spare = OF_LISTS.find((key) => input[key] !== undefined);
  if (spare !== undefined)
    return report(
      `With "take: object" the answer is the object, so nothing is said of a list: remove "${spare}".`,
      spare,
    );
  if (
    answer.items !== undefined ||
    (answer.properties.size + answer.variants.length === 0 && answer.additional === undefined)
  )
    return report(
      `${nameOperation(operation)} answers no object${answer.items === undefined ? '' : ' but a list: write records: "[]"'}.`,
      'take',
    );
  return { path: undefined, record: answer };
}

const FIX = 'records: …   # the list in the answer; or, where the answer is the object itself: take: object';
