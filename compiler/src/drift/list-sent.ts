import type { BlankContext } from '../check/measure-blank.ts';
import { findElement, scopeOf } from '../check/value-scope.ts';
import type { Operation } from '../model/api-model.ts';
import type { CheckedModel, CheckedTarget } from '../model/checked-model.ts';
import { joinPaths } from '../model/field-path.ts';
import type { CallInput, Data, FieldModel, PagesModel } from '../model/integration-model.ts';
import { findPageField } from '../resolve/find-page-field.ts';
import { childOf } from '../source/source-ref.ts';
import type { SourceRef } from '../source/source-ref.ts';
import { ANYTHING, describeField, describeText, describeValue } from './describe-sent.ts';
import { namesOf } from './list-record-uses.ts';
import { addUse, createNode } from './use.ts';
import type { MutableNode, Sent, Use, UseKind } from './use.ts';

interface OpenCall {
  readonly parameters: Map<string, MutableNode>;
  readonly body: MutableNode;
  readonly pages: PagesModel | undefined;
}

/** The body that an operation is described to take. */
type Body = Operation['body'];

export function nameParameter(place: string, name: string): string {
  return `${place}.${place === 'header' ? name.toLowerCase() : name}`;
}

export function addParameter(call: OpenCall, place: string, name: string, use: Use): void {
  addUse(nodeOf(call, place, name), [], { ...use, sent: use.sent ?? ANYTHING });
}

/** A parameter whose place is not known here (paging names only the parameter) is found by the name alone. */
function nodeOf(call: OpenCall, place: string, name: string): MutableNode {
  const key = nameParameter(place, name);
  const node = call.parameters.get(key) ?? createNode();
  call.parameters.set(key, node);
  return node;
}

/** What `with` gives, and what paging adds to it. */
export function addInput(call: OpenCall, input: CallInput, body: Body): void {
  for (const { parameter, value } of input.parameters)
    addData(nodeOf(call, parameter.in, parameter.name), [], value);
  for (const { name, value } of input.body) addData(call.body, [name], value);
  const { pages } = call;
  // The first page is asked for without a cursor.
  if (pages?.send !== undefined)
    addPage(
      call,
      pages.send,
      body,
      sentUse('page', childOf(pages.origin, 'send'), { ...ANYTHING, mayOmit: true }),
    );
  if (pages?.size !== undefined)
    addPage(
      call,
      pages.size.name,
      body,
      sentUse('page', childOf(pages.origin, 'size'), describeCount(pages.size.count)),
    );
}

/** Paging names a parameter or a field of the body; the one that the description has counts. */
function addPage(call: OpenCall, name: string, body: Body, use: Use): void {
  addUse(nodeOf(call, 'query', name), [], use);
  addUse(call.body, findPageField(body?.schema, name)?.steps ?? [name], use);
}

function describeCount(count: number): Sent {
  const text = describeText(String(count));
  return {
    ...text,
    values: [count],
    breaks: (schema) => [
      ...(schema.maximum !== undefined && count > schema.maximum ? (['too-large'] as const) : []),
      ...(schema.minimum !== undefined && count < schema.minimum ? (['too-small'] as const) : []),
      ...(schema.enum !== undefined && !schema.enum.includes(count) ? (['not-listed'] as const) : []),
    ],
  };
}

function addData(root: MutableNode, steps: readonly string[], data: Data): void {
  if (data.kind === 'list') {
    // The list itself is sent, also where it has no elements.
    if (data.items.length === 0) addUse(root, steps, sentUse('with', data.at, ANYTHING));
    for (const item of data.items) addData(root, [...steps, '[]'], item);
  } else if (data.kind === 'map') {
    for (const [name, value] of data.entries) addData(root, [...steps, name], value);
  } else addUse(root, steps, sentUse('with', data.at, describeValue(data)));
}

function sentUse(kind: UseKind, at: SourceRef, sent: Sent): Use {
  return { kind, at, mentions: [], field: undefined, sent };
}

/** Every line of a mapping, at the place in the body that it fills. */
export function addMapping(
  call: OpenCall,
  checked: CheckedModel,
  { flow, target, fields }: CheckedTarget,
): void {
  const addAll = (lines: readonly FieldModel[], context: BlankContext): void => {
    for (const line of lines) {
      const decided = fields.find(({ field }) => field === line);
      if (decided === undefined) continue;
      const steps = namesOf(joinPaths(target.item, line.path));
      addUse(call.body, steps, sentUse('map', line.origin, describeField(decided, context)));
      if (line.each === undefined) continue;
      const list = checked.expressions.get(line.each.list);
      const element = list === undefined ? undefined : findElement(list.tree, context);
      addAll(line.each.fields, { ...context, element });
    }
  };
  addAll(target.fields, {
    ...scopeOf(flow),
    checked: (value) => checked.expressions.get(value.expression),
  });
}
