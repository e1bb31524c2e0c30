import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import type { Operation, Schema } from '../model/api-model.ts';
import { nameOperation } from '../model/api-model.ts';
import type { FieldPath } from '../model/field-path.ts';
import type { TargetModel } from '../model/integration-model.ts';
import type { TargetInput } from '../model/rules-input.ts';
import { childOf } from '../source/source-ref.ts';
import type { SourceRef } from '../source/source-ref.ts';
import { checkItem, findForgottenItem, listMapFaults } from './check-map-paths.ts';
import { listRequired } from './list-required.ts';
import type { CallFact } from './list-required.ts';
import { resolveCallInput } from './resolve-call-input.ts';
import { findSystem, resolveCallRules, resolveExpression, resolvePath } from './resolve-context.ts';
import type { ResolveContext, ResolvedSystem } from './resolve-context.ts';
import { resolveFields } from './resolve-field.ts';
import { resolveOnce } from './resolve-once.ts';
import { findAnswer } from './resolve-source.ts';

export function resolveTarget(
  context: ResolveContext,
  input: TargetInput,
  origin: SourceRef,
): TargetModel | undefined {
  const at = (key: string): SourceRef => childOf(origin, key);
  const system = findSystem(context, input.system, at('system'));
  const call = resolveCall(context, input, origin);
  const operation = call === undefined ? undefined : system?.operations.find(call.name, at(call.mode));
  if (system === undefined || call === undefined || operation === undefined) return undefined;
  const place = resolveItem(context, input, { operation, at: at(call.mode) }, origin);
  if (place === undefined) return undefined;
  const { body, item } = place;
  const itemSchema = item?.schema ?? body;
  const answer = findAnswer(operation);
  const id =
    input.id === undefined || answer === undefined
      ? undefined
      : resolvePath(context, input.id, answer, `the answer of ${nameOperation(operation)}`, at('id'));
  const facts = listCallFacts(context, system, operation, body);
  const required = listRequired(itemSchema, item?.path, facts, listMapped(input.map));
  const once = resolveOnce({ context, system, operation, input }, origin);
  return {
    origin,
    name: input.name,
    mode: call.mode,
    system: system.model,
    operation,
    input: resolveCallInput(context, operation, input.with ?? {}, at('with'), {
      filled: once.flatMap((entry) => (entry.kind === 'key' ? [entry.header] : [])),
      bodyGiven: true,
      system: system.model,
    }),
    item: item?.path,
    itemSchema,
    answer,
    id: id?.path,
    unless: input.unless === undefined ? undefined : resolveExpression(input.unless, at('unless')),
    once,
    fields: resolveFields(context, input.map, { item: itemSchema, at: childOf(origin, 'map') }, required),
    required,
    requiredStated: facts.some(({ fact }) => fact.required !== undefined) || statesRequired(body, item?.path),
    replaces: facts.map(({ fact }) => fact.replaces).find((value) => value !== undefined),
    calls: resolveCallRules(context, input.calls, at('calls')),
  };
}

/** The body that the mapping makes, and where in it the mapped object stands. */
function resolveItem(
  context: ResolveContext,
  input: TargetInput,
  { operation, at }: { readonly operation: Operation; readonly at: SourceRef },
  origin: SourceRef,
): { readonly body: Schema; readonly item: ReturnType<typeof resolvePath> } | undefined {
  const body = operation.body?.schema;
  if (body === undefined) {
    const what = `${nameOperation(operation)} describes no request body, and a mapping to it`;
    const related = [{ at: operation.origin, message: 'the operation' }];
    context.found.push(createDiagnostic('unsupported', { what }, at, { related }));
    return undefined;
  }
  const paths = Object.keys(input.map);
  const map = childOf(origin, 'map');
  if (input.item === undefined) {
    const forgotten = findForgottenItem(body, paths, map);
    context.found.push(...(forgotten === undefined ? listMapFaults(paths, map) : [forgotten]));
    return forgotten === undefined ? { body, item: undefined } : undefined;
  }
  const where = `the body of ${nameOperation(operation)}`;
  const item = resolvePath(context, input.item, body, where, childOf(origin, 'item'));
  if (item === undefined) return undefined;
  context.found.push(...checkItem(item.path, childOf(origin, 'item')), ...listMapFaults(paths, map));
  return { body, item };
}

function resolveCall(
  context: ResolveContext,
  input: TargetInput,
  origin: SourceRef,
): { readonly mode: 'write' | 'create'; readonly name: string } | undefined {
  if (input.write !== undefined) return { mode: 'write', name: input.write };
  if (input.create !== undefined) return { mode: 'create', name: input.create };
  context.found.push(createDiagnostic('missing-key', { key: 'write' }, origin, { fix: 'write: POST /…' }));
  return undefined;
}

/** The paths that are mapped, with those inside lists. */
function listMapped(map: TargetInput['map']): string[] {
  return Object.entries(map).flatMap(([path, rule]) => {
    const inner = typeof rule === 'object' && rule !== null ? (rule.map ?? {}) : {};
    return [path, ...listMapped(inner).map((below) => `${path}[].${below}`)];
  });
}

/** The facts about this operation; their paths must exist in its body. */
function listCallFacts(
  context: ResolveContext,
  system: ResolvedSystem,
  operation: Operation,
  body: Schema,
): CallFact[] {
  const name = system.model.name;
  const given = context.workspace.rules.systems[name]?.facts ?? [];
  const facts = given.flatMap((fact, index) => {
    const at = childOf(system.model.origin, 'facts', index);
    const wanted = fact.call?.trim().replaceAll(/\s+/g, ' ').toLowerCase();
    return wanted === nameOperation(operation).toLowerCase() || fact.call === operation.id
      ? [{ fact, at }]
      : [];
  });
  for (const { fact, at } of facts) {
    fact.required?.forEach(
      (text, index) =>
        void resolvePath(
          context,
          text,
          body,
          `the body of ${nameOperation(operation)}`,
          childOf(at, 'required', index),
        ),
    );
  }
  return facts;
}

/** Whether the description says of any object on the way to the item what it requires. */
function statesRequired(body: Schema, item: FieldPath | undefined): boolean {
  let schema: Schema | undefined = body;
  const states = (candidate: Schema): boolean =>
    [...candidate.properties.values()].some((property) => property.required);
  for (const step of item?.steps ?? [])
    schema = step.kind === 'name' ? schema?.properties.get(step.name)?.schema : schema?.items;
  return schema !== undefined && states(schema);
}
