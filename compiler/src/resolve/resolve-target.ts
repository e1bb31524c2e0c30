import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import type { Operation, Parameter, Schema } from '../model/api-model.ts';
import { nameOperation } from '../model/api-model.ts';
import { parseFieldPath } from '../model/field-path.ts';
import type { FieldPath } from '../model/field-path.ts';
import type { TargetModel } from '../model/integration-model.ts';
import type { TargetInput } from '../model/rules-input.ts';
import { childOf } from '../source/source-ref.ts';
import type { SourceRef } from '../source/source-ref.ts';
import { resolveBatch, selectOne } from './resolve-batch.ts';
import { checkWriteRules } from './check-call-rules.ts';
import { checkItem, findForgottenItem, listMapFaults } from './check-map-paths.ts';
import { findField } from './find-field.ts';
import { listRequired } from './list-required.ts';
import type { CallFact } from './list-required.ts';
import { resolveCallInput } from './resolve-call-input.ts';
import { findSystem, resolveCallRules, resolveExpression, resolvePath } from './resolve-context.ts';
import type { ResolveContext, ResolvedSystem } from './resolve-context.ts';
import { isRule, resolveFields } from './resolve-field.ts';
import { resolveNotApplied } from './resolve-not-applied.ts';
import { resolveOnce } from './resolve-once.ts';
import { findAnswer } from './resolve-source.ts';

/** A target; where it also says how its objects are changed, that is a second one of the same name. */
export function resolveTarget(
  context: ResolveContext,
  given: TargetInput,
  origin: SourceRef,
): readonly TargetModel[] | undefined {
  const input = selectOne(context, given, origin);
  if (input === undefined) return undefined;
  const call = resolveCall(context, input, origin);
  if (input.update === undefined) checkOneCall(context, input, origin);
  const own = call === undefined ? undefined : resolveWrite(context, input, call, origin);
  if (input.update === undefined) return own === undefined ? undefined : [own];
  if (call?.mode === 'write') {
    const problem = '"update" stands beside "create"; what "write" calls creates and updates by itself.';
    context.found.push(createDiagnostic('invalid-value', { problem }, childOf(origin, 'update')));
    return undefined;
  }
  if (input.id === undefined)
    context.found.push(
      createDiagnostic('missing-key', { key: 'id' }, origin, {
        fix: 'id: …   # where the answer to create names the object, so that it can be changed',
      }),
    );
  const update = resolveWrite(context, input, { mode: 'update', name: input.update }, origin);
  return own === undefined || update === undefined ? undefined : [own, update];
}

/** `on` tells the two calls of a target apart; where there is one, it would be said in vain. */
function checkOneCall(context: ResolveContext, { map, create }: TargetInput, origin: SourceRef): void {
  for (const [path, rule] of Object.entries(map)) {
    if (!isRule(rule) || rule.on === undefined || rule.on === 'both') continue;
    if (create !== undefined && rule.on === 'create') continue;
    const problem = `"on: ${rule.on}" has no meaning here, for this target has one call: what it is sent is sent each time. Name both, "create" and "update", or leave it out.`;
    context.found.push(createDiagnostic('invalid-value', { problem }, childOf(origin, 'map', path, 'on')));
  }
}

interface WriteCall {
  readonly mode: TargetModel['mode'];
  readonly name: string;
}

function resolveWrite(
  context: ResolveContext,
  input: TargetInput,
  call: WriteCall,
  origin: SourceRef,
): TargetModel | undefined {
  const at = (key: string): SourceRef => childOf(origin, key);
  const system = findSystem(context, input.system, at('system'));
  const operation = system?.operations.find(call.name, at(call.mode));
  if (system === undefined || operation === undefined) return undefined;
  const given = selectMap(input.map, call.mode);
  const place = resolveItem(
    context,
    { ...input, map: given, item: selectItem(input, call, operation) },
    { operation, at: at(call.mode) },
    origin,
  );
  if (place === undefined) return undefined;
  const { body, item } = place;
  const itemSchema = item?.schema ?? body;
  const answer = findAnswer(operation);
  const changes = call.mode === 'update';
  const id =
    input.id === undefined || answer === undefined || changes
      ? undefined
      : resolvePath(context, input.id, answer, `the answer of ${nameOperation(operation)}`, at('id'));
  if (id !== undefined && (id.schema.enum !== undefined || id.schema.types.includes('boolean'))) {
    const problem = `"${id.path.text}" is one of a few values, and cannot name an object.`;
    context.found.push(createDiagnostic('invalid-value', { problem }, at('id')));
  }
  if (id?.path.steps.some((step) => step.kind === 'index' && step.index > 0) === true) {
    const problem = `One record is sent in each call, so "${id.path.text}" would be the id of another object. The first of a list is [0].`;
    context.found.push(createDiagnostic('invalid-value', { problem }, at('id')));
  }
  const facts = listCallFacts(context, system, operation, body);
  const required = listRequired(itemSchema, item?.path, facts, listMapped(given));
  const notApplied = resolveNotApplied(context, facts, call.name);
  const calls = resolveCallRules(context, input.calls, at('calls'));
  // Both calls of a target take the same rules.
  if (!changes) context.found.push(...checkWriteRules(calls, notApplied));
  const once = changes ? [] : resolveOnce({ context, system, operation, input }, origin);
  const idParameter = changes ? findIdParameter(context, input, operation, at('update')) : undefined;
  return {
    origin,
    name: input.name,
    mode: call.mode,
    idParameter,
    system: system.model,
    operation,
    input: resolveCallInput(context, operation, selectWith(input, call, system), at('with'), {
      filled: [
        ...once.flatMap((entry) => (entry.kind === 'key' ? [entry.header] : [])),
        ...(idParameter === undefined ? [] : [idParameter.name]),
      ],
      bodyGiven: true,
      system: system.model,
    }),
    item: item?.path,
    itemSchema,
    answer,
    id: id?.path,
    // The success test is written for the answer to create; to another answer it says nothing.
    unless:
      input.unless === undefined || (changes && !hasSameAnswer(context, input, operation))
        ? undefined
        : resolveExpression(input.unless, at('unless')),
    batch: changes
      ? undefined
      : resolveBatch(context, input, { operation, item: itemSchema, answer }, origin),
    once,
    fields: resolveFields(
      context,
      given,
      { item: itemSchema, at: childOf(origin, 'map'), where: nameWhole(call, operation) },
      required,
    ),
    required,
    requiredStated:
      changes || facts.some(({ fact }) => fact.required !== undefined) || statesRequired(body, item?.path),
    replaces: facts.map(({ fact }) => fact.replaces).find((value) => value !== undefined),
    notApplied,
    calls,
  };
}

/** Where a target has two calls, a field that only its creation takes says so with `on`. */
function nameWhole({ mode }: WriteCall, operation: Operation): string {
  return mode === 'update'
    ? `The update by ${nameOperation(operation)}, which is sent every line without "on: create",`
    : 'The target';
}

/** The lines of the mapping that are sent with this call. */
function selectMap(map: TargetInput['map'], mode: TargetModel['mode']): TargetInput['map'] {
  const other = mode === 'update' ? 'create' : mode === 'create' ? 'update' : undefined;
  return Object.fromEntries(
    Object.entries(map).filter(([, rule]) => !isRule(rule) || rule.on === undefined || rule.on !== other),
  );
}

/** An update takes the envelope of create where its body has one, too; else the object is the body. */
function selectItem({ item }: TargetInput, { mode }: WriteCall, { body }: Operation): string | undefined {
  const path = item === undefined ? undefined : parseFieldPath(item);
  if (mode !== 'update' || path === undefined || body === undefined) return item;
  return findField(body.schema, path).kind === 'found' ? item : undefined;
}

/** `with` is for both calls: each takes what it knows, and what neither knows is reported once. */
function selectWith(
  input: TargetInput,
  call: WriteCall,
  system: ResolvedSystem,
): Readonly<Record<string, unknown>> {
  const given = input.with ?? {};
  const otherName = call.mode === 'update' ? input.create : input.update;
  const other = otherName === undefined ? undefined : system.operations.peek(otherName);
  const own = system.operations.peek(call.name);
  const takes = (operation: Operation | undefined, name: string): boolean =>
    operation?.parameters.some(
      (parameter) => parameter.name === name.replace(/^(path|query|header)\./, ''),
    ) === true;
  return Object.fromEntries(
    Object.entries(given).filter(
      ([name]) => takes(own, name) || (!takes(other, name) && call.mode !== 'update'),
    ),
  );
}

/** An update names its object in its path, by the one parameter that `with` does not give. */
function findIdParameter(
  context: ResolveContext,
  input: TargetInput,
  operation: Operation,
  at: SourceRef,
): Parameter | undefined {
  const given = new Set(Object.keys(input.with ?? {}).map((name) => name.replace(/^path\./, '')));
  const open = operation.parameters.filter((entry) => entry.in === 'path' && !given.has(entry.name));
  const [only] = open;
  if (only !== undefined && open.length === 1) return only;
  const names = open.map(({ name }) => name).join(', ');
  const problem =
    open.length === 0
      ? `${nameOperation(operation)} has no parameter in its path that names the object.`
      : `The path of ${nameOperation(operation)} has more than one open parameter (${names}). Give all but the object's own under "with".`;
  context.found.push(createDiagnostic('invalid-value', { problem }, at));
  return undefined;
}

function hasSameAnswer(context: ResolveContext, input: TargetInput, update: Operation): boolean {
  const create =
    input.create === undefined ? undefined : context.systems.get(input.system)?.operations.peek(input.create);
  const [left, right] = [create && findAnswer(create), findAnswer(update)];
  return left !== undefined && right !== undefined && isSamePlace(left.origin, right.origin);
}

function isSamePlace(left: SourceRef, right: SourceRef): boolean {
  return left.file === right.file && left.path.join('/') === right.path.join('/');
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

function resolveCall(context: ResolveContext, input: TargetInput, origin: SourceRef): WriteCall | undefined {
  if (input.write !== undefined) return { mode: 'write', name: input.write };
  if (input.create !== undefined) return { mode: 'create', name: input.create };
  context.found.push(createDiagnostic('missing-key', { key: 'write' }, origin, { fix: 'write: POST /…' }));
  return undefined;
}

/** The paths that are mapped, with those inside lists. */
function listMapped(map: TargetInput['map']): string[] {
  return Object.entries(map).flatMap(([path, rule]) => {
    const inner = isRule(rule) ? (rule.map ?? {}) : {};
    const element = isRule(rule) && rule.element !== undefined ? [`${path}[]`] : [];
    return [path, ...element, ...listMapped(inner).map((below) => `${path}[].${below}`)];
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
