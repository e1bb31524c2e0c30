import type { Schema } from '../model/api-model.ts';
import { coerceLiteral } from './coerce-literal.ts';
import type { CheckedField, CheckedFlow, CheckedTarget, SystemTypes } from '../model/checked-model.ts';
import type { FieldPath } from '../model/field-path.ts';
import { joinPaths } from '../model/field-path.ts';
import { listChildren } from '../model/expression-tree.ts';
import type { CheckedExpression } from '../model/checked-model.ts';
import { listFields } from '../model/integration-model.ts';
import type {
  CallInput,
  Data,
  Expression,
  FindModel,
  Model,
  PagesModel,
} from '../model/integration-model.ts';
import { findPageField } from '../resolve/find-page-field.ts';
import { collectInput } from './collect-expressions.ts';
import { declareTypes, identify } from './declare-types.ts';
import type { NamedRoot } from './declare-types.ts';
import { listRecordReads } from './list-reads.ts';

/** Types of exactly what the rules reach in each system: what generated code declares. */
export function sliceTypes(
  model: Model,
  flows: readonly CheckedFlow[],
  expressions: ReadonlyMap<Expression, CheckedExpression>,
): ReadonlyMap<string, SystemTypes> {
  const types = new Map<string, SystemTypes>();
  for (const system of model.systems) {
    const used = new Map<string, Set<string>>();
    const roots: NamedRoot[] = [];
    for (const checked of flows) {
      const { flow } = checked;
      if (flow.source.system === system) markSource(checked, used, roots);
      for (const find of flow.find) if (find.system === system) markFind(checked, find, used, roots);
      for (const target of checked.targets)
        if (target.target.system === system) markTarget(target, expressions, used, roots);
    }
    const declared = declareTypes(roots, used);
    types.set(system.name, {
      text: declared.text,
      nameOf: (id) => declared.nameOf({ origin: originOf(id) } as Schema),
      usedOf: (id) => used.get(id),
    });
  }
  return types;
}

function originOf(id: string): Schema['origin'] {
  const at = id.indexOf('#');
  return { file: id.slice(0, at), path: id.slice(at + 1).split('/'), part: 'value' };
}

type Used = Map<string, Set<string>>;

function markSource(checked: CheckedFlow, used: Used, roots: NamedRoot[]): void {
  const { source, name } = checked.flow;
  roots.push({ name: `${name}-answer`, schema: source.answer });
  roots.push({ name: `${name}-record`, schema: source.record });
  mark(source.answer, source.records, used);
  markPages(source.answer, source.record, source.pages, used);
  for (const path of checked.reads) mark(source.record, path, used);
  const body = source.operation.body?.schema;
  if (body === undefined) return;
  roots.push({ name: `${name}-search`, schema: body });
  markSearch(body, source.input, source.pages, used);
}

function markFind({ flow, foundReads }: CheckedFlow, find: FindModel, used: Used, roots: NamedRoot[]): void {
  const name = `${flow.name}-${find.name}`;
  roots.push({ name: `${name}-answer`, schema: find.answer });
  roots.push({ name, schema: find.record });
  if (find.records !== undefined) mark(find.answer, find.records, used);
  markPages(find.answer, find.record, find.pages, used);
  for (const path of foundReads.get(find.name) ?? []) mark(find.record, path, used);
  const body = find.operation.body?.schema;
  if (body === undefined) return;
  roots.push({ name: `${name}-search`, schema: body });
  markSearch(body, find.input, find.pages, used);
}

function markPages(answer: Schema, record: Schema, pages: PagesModel | undefined, used: Used): void {
  if (pages?.next !== undefined) mark(answer, pages.next, used);
  if (pages?.last !== undefined) mark(record, pages.last, used);
}

function markSearch(body: Schema, input: CallInput, pages: PagesModel | undefined, used: Used): void {
  for (const field of input.body) markData(field.schema, field.value, used, body, field.name);
  for (const text of [pages?.send, pages?.size?.name]) {
    const field = text === undefined ? undefined : findPageField(body, text);
    if (text !== undefined && field !== undefined)
      mark(body, { text, steps: field.steps.map((name) => ({ kind: 'name', name })) }, used);
  }
}

function markTarget(
  checked: CheckedTarget,
  expressions: ReadonlyMap<Expression, CheckedExpression>,
  used: Used,
  roots: NamedRoot[],
): void {
  const { target } = checked;
  const { name } = checked.flow;
  const body = target.operation.body?.schema;
  if (body !== undefined) {
    roots.push({ name: `${name}-${target.name}-body`, schema: body });
    for (const field of listFields(target.fields))
      mark(body, joinPaths(target.item, field.path), used, false);
    for (const field of checked.fields) markMembers(field, used);
  }
  roots.push({ name: `${name}-${target.name}-item`, schema: target.itemSchema });
  if (target.answer !== undefined) {
    roots.push({ name: `${name}-${target.name}-answer`, schema: target.answer });
    if (target.id !== undefined) mark(target.answer, target.id, used);
    markExpression(target.answer, target.unless, 'body', expressions, used);
    const { batch } = target;
    if (batch !== undefined) {
      roots.push({ name: `${name}-${target.name}-result`, schema: batch.result });
      mark(target.answer, batch.results, used);
      if (batch.match !== undefined) mark(batch.result, batch.match.result, used);
      markExpression(batch.result, batch.error, 'result', expressions, used);
    }
  }
  for (const once of target.once) {
    if (once.kind !== 'look-up') continue;
    roots.push({ name: `${name}-${target.name}-found`, schema: once.answer });
    mark(once.answer, once.records, used);
    markPages(once.answer, once.record, once.pages, used);
    const search = once.operation.body?.schema;
    if (search !== undefined) {
      roots.push({ name: `${name}-${target.name}-search`, schema: search });
      markSearch(search, once.input, once.pages, used);
    }
    for (const expression of collectInput(once.input))
      markExpression(target.itemSchema, expression, 'sent', expressions, used);
  }
}

function markExpression(
  root: Schema,
  expression: Expression | undefined,
  name: string,
  expressions: ReadonlyMap<Expression, CheckedExpression>,
  used: Used,
): void {
  const tree = expression === undefined ? undefined : expressions.get(expression)?.tree;
  if (tree === undefined) return;
  for (const read of [
    ...listRecordReads(tree, name),
    ...listChildren(tree).flatMap((child) => listRecordReads(child, name)),
  ]) {
    if (read.path !== undefined) mark(root, read.path, used);
  }
}

/** Marks every property on the way; an object that is read whole stays whole. */
function mark(root: Schema, path: FieldPath, used: Used, whole = true): void {
  let schema: Schema | undefined = root;
  for (const step of path.steps) {
    if (schema === undefined) return;
    if (step.kind !== 'name') {
      schema = schema.items;
      continue;
    }
    const set = used.get(identify(schema)) ?? new Set<string>();
    set.add(step.name);
    used.set(identify(schema), set);
    schema = schema.properties.get(step.name)?.schema ?? schema.additional;
  }
  // What is read may be any member; what is written is narrowed by markMembers.
  if (whole && schema?.enum !== undefined) used.set(identify(schema), new Set(schema.enum.map(String)));
}

function markData(schema: Schema, data: Data, used: Used, above: Schema, name: string): void {
  mark(above, { text: name, steps: [{ kind: 'name', name }] }, used);
  if (data.kind === 'list')
    for (const item of data.items) if (schema.items !== undefined) markInner(schema.items, item, used);
  if (data.kind === 'map') markInner(schema, data, used);
}

function markInner(schema: Schema, data: Data, used: Used): void {
  if (data.kind === 'map') {
    for (const [key, value] of data.entries) {
      const member = schema.properties.get(key)?.schema;
      if (member !== undefined) markData(member, value, used, schema, key);
    }
  } else if (data.kind === 'list' && schema.items !== undefined)
    for (const item of data.items) markInner(schema.items, item, used);
}

/** The members of an enumeration that a mapping can send, where the rules name them all; else it stays whole. */
function markMembers({ field, blank, invalid, otherwise }: CheckedField, used: Used): void {
  if (field.schema.enum === undefined) return;
  const id = identify(field.schema);
  const given =
    field.table?.map((row) => row.to) ??
    field.values.map((value) => (value.kind === 'literal' ? coerceLiteral(value, field.schema) : undefined));
  const decisions = [...blank.values(), ...invalid.values()].map((chosen) => chosen.decision);
  const defaults = [...decisions, ...(otherwise === undefined ? [] : [otherwise])].flatMap((decision) =>
    'default' in decision ? [decision.default] : [],
  );
  const members = [...given, ...defaults].map((member) =>
    member === undefined ? undefined : String(member),
  );
  const known = members.every(
    (member) => member !== undefined && field.schema.enum?.map(String).includes(member),
  );
  const set = used.get(id) ?? new Set<string>();
  for (const member of known ? members : field.schema.enum.map(String))
    if (member !== undefined) set.add(member);
  used.set(id, set);
}
