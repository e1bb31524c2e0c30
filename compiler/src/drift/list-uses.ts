import type { CheckedFlow, CheckedModel, CheckedTarget } from '../model/checked-model.ts';
import type { FieldPath } from '../model/field-path.ts';
import { nameOperation } from '../model/api-model.ts';
import type { Operation } from '../model/api-model.ts';
import type { CallInput, CallRule, PagesModel, SystemModel } from '../model/integration-model.ts';
import { childOf } from '../source/source-ref.ts';
import type { SourceRef } from '../source/source-ref.ts';
import { addInput, addMapping, addParameter } from './list-sent.ts';
import { describeText } from './describe-sent.ts';
import { listExpressionReads, listRecordUses, namesOf } from './list-record-uses.ts';
import { addUse, createNode } from './use.ts';
import type { CallUse, MutableNode, Use, UseKind } from './use.ts';

/** Every call that the rules make, with all that it sends and all that is read of its answer. */
export function listUses(checked: CheckedModel): CallUse[] {
  return [
    ...checked.model.systems.flatMap((system) => listLogin(checked, system)),
    ...checked.flows.flatMap((flow) => [
      useSource(checked, flow),
      ...useFinds(checked, flow),
      ...flow.targets.flatMap((target) => useTarget(checked, target)),
    ]),
  ];
}

interface Call {
  readonly role: CallUse['role'];
  readonly flow: CallUse['flow'];
  readonly system: SystemModel;
  readonly operation: Pick<Operation, 'method' | 'path'>;
  /** What the operation is described to take; not known of a login. */
  readonly body: Operation['body'];
  readonly at: SourceRef;
  readonly input: CallInput | undefined;
  readonly pages: PagesModel | undefined;
  readonly calls: readonly CallRule[];
}

interface OpenUse extends CallUse {
  readonly parameters: Map<string, MutableNode>;
  readonly body: MutableNode;
  readonly answer: MutableNode;
}

function openUse(checked: CheckedModel, call: Call): OpenUse {
  const { role, flow, system, operation, at, pages } = call;
  const calls = [...call.calls, ...system.calls];
  const use: OpenUse = {
    role,
    flow,
    system,
    method: operation.method,
    path: operation.path,
    named: checked.model.workspace.sourceText(at.path) ?? nameOperation(operation),
    at,
    parameters: new Map(),
    body: createNode(),
    answer: createNode(),
    bodies: calls.flatMap((rule) => readRule(checked, rule)),
    headers: listHeaders(checked, calls, pages),
    calls,
    pages,
    keyHeader: undefined,
  };
  system.headers.forEach(({ name, value }) => {
    const headerAt = childOf(system.origin, 'headers', name);
    const sent = value.kind === 'literal' ? describeText(value.value) : undefined;
    addParameter(use, 'header', name, plainUse('header', headerAt, sent));
  });
  if (call.input !== undefined) addInput(use, call.input, call.body);
  if (pages?.next !== undefined)
    addUse(use.answer, namesOf(pages.next), plainUse('next', childOf(pages.origin, 'next')));
  return use;
}

export function plainUse(kind: UseKind, at: SourceRef, sent?: Use['sent']): Use {
  return { kind, at, mentions: [], field: undefined, sent };
}

/** Bodies are read by `when`, whatever their status. */
function readRule(checked: CheckedModel, rule: CallRule): CallUse['bodies'] {
  const reads = listExpressionReads(checked, rule.when, 'body', 'call');
  if (reads.length === 0) return [];
  const node = createNode();
  for (const { steps, use } of reads) addUse(node, steps, use);
  return [{ rule, node }];
}

function listHeaders(
  checked: CheckedModel,
  calls: readonly CallRule[],
  pages: PagesModel | undefined,
): CallUse['headers'] {
  const headers = new Map<string, Use[]>();
  const add = (name: string, use: Use): void => {
    headers.set(name, [...(headers.get(name) ?? []), use]);
  };
  for (const rule of calls)
    for (const { steps, use } of listExpressionReads(checked, rule.when, 'headers', 'call'))
      if (steps[0] !== undefined) add(steps[0].toLowerCase(), use);
  if (pages?.kind === 'link') add('link', plainUse('next', pages.origin));
  return headers;
}

function addRecords(use: OpenUse, records: FieldPath, at: SourceRef): readonly string[] {
  addUse(use.answer, namesOf(records), plainUse('records', at));
  return [...namesOf(records), '[]'];
}

function useSource(checked: CheckedModel, entry: CheckedFlow): CallUse {
  const { flow } = entry;
  const { source } = flow;
  const at = (key: string): SourceRef => childOf(source.origin, key);
  const use = openUse(checked, {
    ...source,
    body: source.operation.body,
    role: 'read',
    flow,
    at: at('read'),
  });
  const record = addRecords(use, source.records, at('records'));
  const add = (path: FieldPath, given: Use): void => addUse(use.answer, [...record, ...namesOf(path)], given);
  add(source.key, plainUse('key', at('key')));
  add(source.version, plainUse('version', at('version')));
  if (source.changes?.field !== undefined)
    add(source.changes.field, plainUse('changes', childOf(source.changes.origin, 'field')));
  for (const read of listRecordUses(checked, entry, 'source'))
    addUse(use.answer, [...record, ...read.steps], read.use);
  return use;
}

function useFinds(checked: CheckedModel, entry: CheckedFlow): CallUse[] {
  const reads = listRecordUses(checked, entry, 'found');
  return entry.flow.find.map((find) => {
    const at = childOf(find.origin, 'call');
    const use = openUse(checked, {
      ...find,
      body: find.operation.body,
      role: 'look-up',
      flow: entry.flow,
      at,
    });
    const record =
      find.records === undefined ? [] : addRecords(use, find.records, childOf(find.origin, 'records'));
    for (const { steps, use: given } of reads) {
      const [name, ...below] = steps;
      if (name !== find.name) continue;
      // What is found are all of them: the list itself stands between its name and its fields.
      const inside = find.take === 'all' ? below.slice(1) : below;
      if (inside.length > 0) addUse(use.answer, [...record, ...inside], given);
    }
    return use;
  });
}

function useTarget(checked: CheckedModel, entry: CheckedTarget): CallUse[] {
  const { target, flow } = entry;
  const at = (key: string): SourceRef => childOf(target.origin, key);
  const base = { flow, system: target.system, calls: target.calls };
  const { operation, input } = target;
  const write = openUse(checked, {
    ...base,
    role: 'write',
    operation,
    body: operation.body,
    input,
    at: at(target.mode),
    pages: undefined,
  });
  addMapping(write, checked, entry);
  if (target.idParameter !== undefined)
    addParameter(write, 'path', target.idParameter.name, plainUse('id', at('id')));
  if (target.id !== undefined) addUse(write.answer, namesOf(target.id), plainUse('id', at('id')));
  for (const { steps, use } of listExpressionReads(checked, target.unless, 'body', 'unless'))
    addUse(write.answer, steps, use);
  const key = target.once.find((once) => once.kind === 'key');
  if (key !== undefined) addParameter(write, 'header', key.header, plainUse('once', key.origin));
  const lookUps = target.once.flatMap((once) => {
    if (once.kind !== 'look-up') return [];
    const use = openUse(checked, {
      ...base,
      ...once,
      body: once.operation.body,
      role: 'look-up',
      at: childOf(once.origin, 'call'),
    });
    const record = addRecords(use, once.records, childOf(once.origin, 'records'));
    const id = target.id?.steps.at(-1);
    if (id?.kind === 'name') addUse(use.answer, [...record, id.name], plainUse('id', at('id')));
    return [use];
  });
  return [{ ...write, keyHeader: key?.header.toLowerCase() }, ...lookUps];
}

/** A login may call what the description leaves out; then there is nothing to compare. */
function listLogin(checked: CheckedModel, system: SystemModel): CallUse[] {
  const { auth } = system;
  if (auth.kind !== 'login') return [];
  const at = childOf(system.origin, 'auth');
  const call = {
    role: 'login',
    flow: undefined,
    system,
    operation: auth,
    calls: [],
    body: undefined,
  } as const;
  const use = openUse(checked, { ...call, at: childOf(at, 'call'), input: undefined, pages: undefined });
  addUse(use.answer, namesOf(auth.take), plainUse('token', childOf(at, 'take')));
  const fields = Object.entries(auth.body ?? auth.form ?? {});
  const key = auth.body === undefined ? 'form' : 'body';
  for (const [name, value] of fields) {
    const sent = typeof value === 'string' && value.startsWith('$') ? undefined : describeText(String(value));
    addUse(use.body, [name], plainUse('with', childOf(at, key, name), sent));
  }
  return [use];
}
