import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import type { Operation, Schema } from '../model/api-model.ts';
import { nameOperation } from '../model/api-model.ts';
import { formatGeneralPath, parseFieldPath } from '../model/field-path.ts';
import type { FieldPath } from '../model/field-path.ts';
import type { OnceModel, TargetModel } from '../model/integration-model.ts';
import type { FactInput, OnceInput, TargetInput } from '../model/rules-input.ts';
import { childOf } from '../source/source-ref.ts';
import type { SourceRef } from '../source/source-ref.ts';
import { parseDurationMs } from './parse-units.ts';
import { resolveCallInput } from './resolve-call-input.ts';
import { findSystem, resolveCallRules, resolveExpression, resolvePath } from './resolve-context.ts';
import type { ResolveContext, ResolvedSystem } from './resolve-context.ts';
import { resolveField } from './resolve-field.ts';
import type { RequiredField } from './resolve-field.ts';
import { findAnswer, lookUpPages, resolveAnswer, resolveRecords } from './resolve-source.ts';

export function resolveTarget(context: ResolveContext, input: TargetInput, origin: SourceRef): TargetModel | undefined {
  const at = (key: string): SourceRef => childOf(origin, key);
  const system = findSystem(context, input.system, at('system'));
  const call = resolveCall(context, input, origin);
  const operation = call === undefined ? undefined : system?.operations.find(call.name, at(call.mode));
  if (system === undefined || call === undefined || operation === undefined) return undefined;
  const body = operation.body?.schema;
  if (body === undefined) {
    const what = `${nameOperation(operation)} describes no request body, and a mapping to it`;
    context.found.push(createDiagnostic('unsupported', { what }, at(call.mode), { related: [{ at: operation.origin, message: 'the operation' }] }));
    return undefined;
  }
  const item = input.item === undefined ? undefined : resolvePath(context, input.item, body, `the body of ${nameOperation(operation)}`, at('item'));
  if (input.item !== undefined && item === undefined) return undefined;
  const itemSchema = item?.schema ?? body;
  const answer = findAnswer(operation);
  const id = input.id === undefined || answer === undefined ? undefined : resolvePath(context, input.id, answer, `the answer of ${nameOperation(operation)}`, at('id'));
  const facts = listCallFacts(context, system, operation, body);
  const required = listRequired(itemSchema, item?.path, facts);
  const once = resolveOnce(context, system, input, origin);
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
    fields: Object.entries(input.map).flatMap(([path, rule]) => resolveField(context, { path, rule, at: childOf(origin, 'map', path) }, itemSchema, required) ?? []),
    required,
    requiredStated: facts.some(({ fact }) => fact.required !== undefined) || statesRequired(body, item?.path),
    replaces: facts.map(({ fact }) => fact.replaces).find((value) => value !== undefined),
    calls: resolveCallRules(context, input.calls, at('calls')),
  };
}

function resolveCall(context: ResolveContext, input: TargetInput, origin: SourceRef): { readonly mode: 'write' | 'create'; readonly name: string } | undefined {
  if (input.write !== undefined) return { mode: 'write', name: input.write };
  if (input.create !== undefined) return { mode: 'create', name: input.create };
  context.found.push(createDiagnostic('missing-key', { key: 'write' }, origin, { fix: 'write: POST /…' }));
  return undefined;
}

interface CallFact {
  readonly fact: FactInput;
  readonly at: SourceRef;
}

/** The facts about this operation; their paths must exist in its body. */
function listCallFacts(context: ResolveContext, system: ResolvedSystem, operation: Operation, body: Schema): CallFact[] {
  const name = system.model.name;
  const given = context.workspace.rules.systems[name]?.facts ?? [];
  const facts = given.flatMap((fact, index) => {
    const at = childOf(system.model.origin, 'facts', index);
    const wanted = fact.call?.trim().replaceAll(/\s+/g, ' ').toLowerCase();
    return wanted === nameOperation(operation).toLowerCase() || fact.call === operation.id ? [{ fact, at }] : [];
  });
  for (const { fact, at } of facts) {
    fact.required?.forEach((text, index) => void resolvePath(context, text, body, `the body of ${nameOperation(operation)}`, childOf(at, 'required', index)));
  }
  return facts;
}

/** Required fields relative to the item, from the description and from facts. */
function listRequired(item: Schema, itemPath: FieldPath | undefined, facts: readonly CallFact[]): RequiredField[] {
  const fromSpec = listRequiredIn(item, '', new Set());
  const above = itemPath === undefined ? '' : `${formatGeneralPath(itemPath)}.`;
  const fromFacts = facts.flatMap(({ fact, at }) =>
    (fact.required ?? []).flatMap((text, index) => {
      const path = parseFieldPath(text);
      const general = path === undefined ? '' : formatGeneralPath(path);
      if (!general.startsWith(above)) return [];
      return [{ path: general.slice(above.length), because: 'fact' as const, origin: childOf(at, 'required', index) }];
    }),
  );
  return [...fromSpec, ...fromFacts];
}

/** Required members of required members; what hangs below an optional object is required only once that is sent. */
function listRequiredIn(schema: Schema, above: string, seen: Set<Schema>): RequiredField[] {
  if (seen.has(schema)) return [];
  seen.add(schema);
  return [...schema.properties].flatMap(([name, property]) => {
    if (!property.required || property.schema.readOnly) return [];
    const path = above === '' ? name : `${above}.${name}`;
    const below = property.schema.properties.size > 0 ? listRequiredIn(property.schema, path, seen) : [];
    return below.length > 0 ? below : [{ path, because: 'spec' as const, origin: property.schema.origin }];
  });
}

/** Whether the description says of any object on the way to the item what it requires. */
function statesRequired(body: Schema, item: FieldPath | undefined): boolean {
  let schema: Schema | undefined = body;
  const states = (candidate: Schema): boolean => [...candidate.properties.values()].some((property) => property.required);
  for (const step of item?.steps ?? []) schema = step.kind === 'name' ? schema?.properties.get(step.name)?.schema : schema?.items;
  return schema !== undefined && states(schema);
}

function resolveOnce(context: ResolveContext, system: ResolvedSystem, input: TargetInput, origin: SourceRef): OnceModel[] {
  if (input.once === undefined) return [];
  const isList = Array.isArray(input.once);
  return [input.once].flat().flatMap((entry, index) => {
    const at = isList ? childOf(origin, 'once', index) : childOf(origin, 'once');
    return resolveOnceEntry(context, system, entry as OnceInput, input, at) ?? [];
  });
}

function resolveOnceEntry(context: ResolveContext, system: ResolvedSystem, entry: OnceInput, input: TargetInput, at: SourceRef): OnceModel | undefined {
  if (entry.kind === 'accept-duplicates') {
    if (entry.because === undefined) context.found.push(createDiagnostic('because-missing', { what: 'Accepting duplicates' }, at, { fix: 'because: …' }));
    return { kind: entry.kind, because: entry.because, origin: at };
  }
  if (entry.kind === 'key') return { kind: 'key', header: entry.header, lastsMs: parseDurationMs(entry.lasts), origin: at };
  if (entry.kind === 'upsert') {
    if (!Object.hasOwn(input.map, entry.by)) {
      const near = didYouMean(entry.by, Object.keys(input.map));
      context.found.push(createDiagnostic('unknown-field', { path: entry.by, where: 'the mapping', near }, childOf(at, 'by')));
    }
    return { kind: 'upsert', by: entry.by, origin: at };
  }
  const operation = system.operations.find(entry.call, childOf(at, 'call'));
  const answer = operation === undefined ? undefined : resolveAnswer(context, operation, childOf(at, 'call'));
  if (operation === undefined || answer === undefined) return undefined;
  const list = resolveRecords(context, operation, answer, entry.records, childOf(at, 'records'));
  if (list === undefined) return undefined;
  const pages = lookUpPages(system, operation);
  const filled = [pages?.send, pages?.size?.name].filter((name) => name !== undefined);
  const callInput = resolveCallInput(context, operation, entry.with, childOf(at, 'with'), { filled, bodyGiven: false, system: system.model });
  return { kind: 'look-up', operation, input: callInput, records: list.path, record: list.record, answer, pages, origin: at };
}

