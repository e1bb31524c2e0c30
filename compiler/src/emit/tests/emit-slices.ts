import { identify } from '../../check/declare-types.ts';
import { listRecordReads } from '../../check/list-reads.ts';
import type { Operation, Schema } from '../../model/api-model.ts';
import { formatGeneralPath, formatSteps } from '../../model/field-path.ts';
import type { FieldPath, FieldStep } from '../../model/field-path.ts';
import { listFields } from '../../model/integration-model.ts';
import type { CallInput, Data, PagesModel, SystemModel, TargetModel } from '../../model/integration-model.ts';
import type { OutputFile } from '../../model/output-file.ts';
import type { FlowPlan, ServicePlan, TargetPlan } from '../../model/service-plan.ts';
import { toKebabCase } from '../../model/name-case.ts';
import { findField } from '../../resolve/find-field.ts';
import { listKnownValues } from './list-known-values.ts';

/** What a flow uses of the descriptions, call by call: what recordings are held against, and what tells what is harmless. */
export function emitSlice(plan: ServicePlan, entry: FlowPlan): OutputFile {
  const slice = { flow: entry.flow.name, calls: listCalls(plan, entry) };
  return {
    path: `test/contract/${toKebabCase(entry.flow.name)}.slice.json`,
    text: `${JSON.stringify(slice, null, 2)}\n`,
  };
}

interface UsedField {
  readonly path: FieldPath;
  readonly use?: string;
  readonly known?: readonly string[];
  /** It is read of each element of a list in the record. */
  readonly inList?: boolean;
}

function listCalls(plan: ServicePlan, entry: FlowPlan) {
  const { source } = entry.flow;
  const known = listKnownValues(plan.checked, entry.checked);
  const recordsBelow = (
    records: FieldPath | undefined,
    reads: readonly FieldPath[],
    root: string,
  ): UsedField[] =>
    reads.map((path) => ({
      path: below(records, path),
      // What stands for nothing is kept, so that a recording shows how often it does.
      known: [
        ...(known.get(`${root}.${formatGeneralPath(path)}`) ?? []),
        ...(plan.checked.model.rules.sentinels ?? []),
      ],
      inList: path.steps.some(({ kind }) => kind === 'each'),
    }));
  const uses = new Map([
    [source.version.text, 'version'],
    ...(source.changes?.field === undefined ? [] : [[source.changes.field.text, 'version'] as const]),
    [source.key.text, 'key'],
  ]);
  const read = {
    role: 'read',
    ...describeCall(plan, source),
    records: source.records.steps.length === 0 ? undefined : formatGeneralPath(source.records),
    answer: describeAnswer(source.answer, [
      { path: below(source.records, undefined) },
      ...recordsBelow(source.records, entry.checked.reads, 'source').map((field, index) => ({
        ...field,
        use: uses.get(entry.checked.reads[index]?.text ?? ''),
      })),
      ...nextPage(source.pages),
    ]),
  };
  const finds = entry.finds.map(({ find }) => ({
    role: 'find',
    name: find.name,
    ...describeCall(plan, find),
    ...(find.records === undefined
      ? { isObject: true }
      : { records: find.records.steps.length === 0 ? undefined : formatGeneralPath(find.records) }),
    answer: describeAnswer(find.answer, [
      ...(find.records === undefined ? [] : [{ path: below(find.records, undefined) }]),
      ...recordsBelow(
        find.records,
        entry.checked.foundReads.get(find.name) ?? [],
        `found.${find.name}${find.take === 'all' ? '[]' : ''}`,
      ),
      ...nextPage(find.pages),
    ]),
  }));
  return [read, ...finds, ...entry.targets.flatMap((target) => describeTarget(plan, target))];
}

function nextPage(pages: PagesModel | undefined): UsedField[] {
  return pages?.next === undefined ? [] : [{ path: pages.next, use: 'cursor' }];
}

function describeTarget(plan: ServicePlan, { checked: { target } }: TargetPlan) {
  const trees = target.unless === undefined ? [] : [plan.checked.expressions.get(target.unless)?.tree];
  const asked = trees
    .flatMap((tree) => (tree === undefined ? [] : listRecordReads(tree, 'body')))
    .flatMap(({ path }): UsedField[] => (path === undefined ? [] : [{ path }]));
  const write = {
    role: target.mode === 'update' ? 'update' : 'write',
    name: target.name,
    ...describeCall(plan, { ...target, constants: listLiterals(target) }),
    item: target.item?.text,
    answer:
      target.answer === undefined
        ? {}
        : describeAnswer(target.answer, [
            ...(target.id === undefined ? [] : [{ path: target.id, use: 'id' }]),
            ...asked,
          ]),
  };
  const lookUp = target.once.find((once) => once.kind === 'look-up');
  if (lookUp === undefined || target.mode === 'update') return [write];
  const last = target.id?.steps.at(-1) ?? { kind: 'name' as const, name: 'id' };
  const found = below(lookUp.records, { text: formatSteps([last]), steps: [last] });
  return [
    {
      role: 'look-up',
      name: target.name,
      ...describeCall(plan, {
        system: target.system,
        operation: lookUp.operation,
        input: lookUp.input,
      }),
      records: lookUp.records.steps.length === 0 ? undefined : formatGeneralPath(lookUp.records),
      answer: describeAnswer(lookUp.answer, [
        { path: below(lookUp.records, undefined) },
        { path: found, use: 'id' },
      ]),
    },
    write,
  ];
}

interface DescribedCall {
  readonly system: SystemModel;
  readonly operation: Operation;
  readonly input: CallInput;
  /** Literals of a mapping. */
  readonly constants?: readonly string[];
}

function listConstants({ parameters, body }: CallInput): string[] {
  const listTexts = (data: Data): string[] => {
    if (data.kind === 'literal') return typeof data.value === 'string' ? [data.value] : [data.text];
    if (data.kind === 'expression') return [];
    return data.kind === 'list'
      ? data.items.flatMap(listTexts)
      : data.entries.flatMap(([, value]) => listTexts(value));
  };
  return [...parameters, ...body].flatMap(({ value }) => listTexts(value));
}

function describeCall(plan: ServicePlan, { system, operation, input, constants = [] }: DescribedCall) {
  const good = operation.responses.filter(({ status }) => /^2|^default$/.test(status));
  const types = plan.checked.types.get(system.name);
  const usedOf = (schema: Schema): ReadonlySet<string> | undefined => types?.usedOf(identify(schema));
  return {
    system: system.name,
    operation: { method: operation.method, path: operation.path },
    statuses: [...new Set(operation.responses.map(({ status }) => status))],
    constants: [...new Set([...listConstants(input), ...constants])],
    answers: [...new Set(good.flatMap(({ mediaType }) => mediaType ?? []))],
    parameters: operation.parameters.map((parameter) => ({
      name: parameter.name,
      in: parameter.in,
      required: parameter.required,
      isObject: parameter.schema.types.includes('object') || undefined,
    })),
    bodyType: operation.body?.mediaType,
    body: operation.body === undefined ? {} : describeBody(operation.body.schema, usedOf),
  };
}

/** Texts that a mapping sends as they stand: constants, and what tables make. */
function listLiterals({ fields }: TargetModel): string[] {
  return listFields(fields).flatMap((field) => [
    ...field.values.flatMap((value) => (value.kind === 'literal' ? [value.text] : [])),
    ...(field.table ?? []).map(({ to }) => String(to)),
  ]);
}

/** The path to the elements of a list, or to a field of one; without a list the answer is the one object. */
function below(records: FieldPath | undefined, path: FieldPath | undefined): FieldPath {
  const above: FieldStep[] = records === undefined ? [] : [...records.steps, { kind: 'each' }];
  const steps = [...above, ...(path?.steps ?? [])];
  return { text: formatSteps(steps), steps };
}

/** Each field that is used, and what holds it. */
function describeAnswer(answer: Schema, used: readonly UsedField[]): Record<string, object> {
  const facts = new Map<string, { readonly inList?: boolean | undefined }>();
  for (const { path, use, known, inList } of used) {
    for (let length = 1; length <= path.steps.length; length += 1) {
      const steps = path.steps.slice(0, length);
      const text = formatGeneralPath({ text: '', steps });
      const isWhole = length === path.steps.length;
      if (facts.has(text) && !isWhole) continue;
      const field = findField(answer, { text, steps });
      if (field.kind === 'missing') break;
      const before = facts.get(text);
      const marks = {
        use: use ?? undefined,
        known: known === undefined || known.length === 0 ? undefined : known,
        // Where one element is read by its place, too, it counts like any other field.
        inList: (inList === true && (before === undefined || before.inList === true)) || undefined,
      };
      facts.set(text, {
        ...describeSchema(field.schema, isRequired(answer, steps)),
        ...(isWhole ? marks : {}),
      });
    }
  }
  return Object.fromEntries(facts);
}

/** Whether the object that holds it must have it. */
function isRequired(root: Schema, steps: readonly FieldStep[]): boolean {
  const last = steps.at(-1);
  if (last?.kind !== 'name') return true;
  const above = steps.slice(0, -1);
  const holder =
    above.length === 0
      ? { kind: 'found' as const, schema: root }
      : findField(root, { text: '', steps: above });
  return holder.kind === 'found' && holder.schema.properties.get(last.name)?.required === true;
}

const DEEPEST = 8;

/** Everything that may be sent: what is used of the body, and what it must have. */
function describeBody(
  root: Schema,
  usedOf: (schema: Schema) => ReadonlySet<string> | undefined,
): Record<string, object> {
  const facts = new Map<string, object>();
  const walk = (schema: Schema, steps: readonly FieldStep[], required: boolean): void => {
    const text = formatSteps(steps);
    if (steps.length > DEEPEST || facts.has(text)) return;
    facts.set(text, describeSchema(schema, required));
    if (schema.items !== undefined) walk(schema.items, [...steps, { kind: 'each' }], true);
    const used = usedOf(schema);
    for (const [name, property] of schema.properties)
      if (used === undefined || used.has(name) || property.required)
        walk(property.schema, [...steps, { kind: 'name', name }], property.required);
  };
  walk(root, [], true);
  return Object.fromEntries(facts);
}

function describeSchema(schema: Schema, required: boolean) {
  const { types, format, minLength, maxLength, pattern, minimum, maximum } = schema;
  return {
    types: [...types],
    required: required || undefined,
    nullable: schema.nullable || undefined,
    readOnly: schema.readOnly || undefined,
    format: schema.meaning ?? format,
    enum: schema.enum,
    minLength,
    maxLength,
    pattern,
    minimum,
    maximum,
    open: schema.additional !== undefined || schema.variants.length > 0 || undefined,
  };
}
