import type { Schema } from '../../model/api-model.ts';
import { listChildren } from '../../model/expression-tree.ts';
import type { ExpressionTree } from '../../model/expression-tree.ts';
import { formatGeneralPath } from '../../model/field-path.ts';
import type { FieldPath, FieldStep } from '../../model/field-path.ts';
import { listFields, listOwnTargets } from '../../model/integration-model.ts';
import type { FieldModel, FlowModel, TargetModel } from '../../model/integration-model.ts';
import { findField } from '../../resolve/find-field.ts';
import type { CheckedFlow, CheckedModel } from '../../model/checked-model.ts';
import { isOfElement, listRecordReads } from '../../check/list-reads.ts';
import { classify } from '../../check/measure-blank.ts';
import { fitSample } from './fit-sample.ts';
import { TRANSFORM_SAMPLES } from './transform-samples.ts';

export type SampleValue = string | number | boolean | null | SampleValue[] | { [key: string]: SampleValue };

/** What a mapping is given: the record, what was looked up for it, and what earlier targets call it. */
export interface SampleScope {
  readonly source: SampleValue;
  readonly found: { [key: string]: SampleValue };
  readonly ids: { [key: string]: SampleValue };
}

/** A plausible value in every field that the flow reads, made from the descriptions: marked synthetic. */
export function sampleScope(checked: CheckedModel, entry: CheckedFlow): SampleScope {
  const { flow } = entry;
  const root: { [key: string]: SampleValue } = { source: {}, found: {}, ids: {} };
  const counted = listCounted(checked);
  const put = (schema: Schema, above: readonly FieldStep[], path: FieldPath): void => {
    const field = findField(schema, path);
    if (field.kind === 'missing') return;
    const steps = [...above, ...path.steps];
    const rules = listRulesOf(checked, entry, steps);
    const isBlank = (text: string): boolean => classify(text, flow).size > 0;
    const { enum: members } = field.schema;
    const fullest = members?.filter((member) => !isBlank(String(member)));
    const plain = { ...field.schema, enum: fullest?.length === 0 ? members : fullest };
    const isCounted =
      field.schema.types.includes('string') && counted.has(formatGeneralPath({ text: '', steps }));
    const sample = isCounted ? '4' : sampleScalar(plain, rules[0], lastName(path.steps));
    setPath(root, steps, fitSample(sample, plain, rules, isBlank));
  };
  // A list comes before what is read of its elements.
  const reads = entry.reads.toSorted((left, right) => left.steps.length - right.steps.length);
  for (const path of reads) put(flow.source.record, [toStep('source')], path);
  putChangeTime(flow, root);
  for (const find of flow.find) {
    const above: FieldStep[] = [toStep('found'), toStep(find.name)];
    if (find.take === 'all') above.push({ kind: 'each' });
    setPath(root, above, {});
    for (const path of entry.foundReads.get(find.name) ?? []) put(find.record, above, path);
  }
  for (const target of listOwnTargets(flow))
    if (target.id !== undefined) setPath(root, [toStep('ids'), toStep(target.name)], `id-of-${target.name}`);
  for (const { target } of entry.targets) fillLists(checked, target, root);
  return root as unknown as SampleScope;
}

/** A list that must have several elements is made of one that has as many. */
function fillLists(
  checked: CheckedModel,
  target: TargetModel,
  root: { readonly [key: string]: SampleValue },
): void {
  for (const field of target.fields) {
    const [path] = field.each === undefined ? [] : listSampleReads(checked, target, field);
    const list: unknown = path?.reduce<unknown>(
      (held, step) => Reflect.get(Object(held), step.kind === 'name' ? step.name : 0),
      root,
    );
    if (!Array.isArray(list) || list.length === 0) continue;
    for (let count = list.length; count < (field.schema.minItems ?? 0); count += 1)
      list.push(structuredClone(list[0]));
  }
}

/** Paths of which `Number` is taken somewhere: `source.visits`. */
function listCounted({ expressions }: CheckedModel): ReadonlySet<string> {
  const listIn = (tree: ExpressionTree): string[] => {
    const below = listChildren(tree).flatMap(listIn);
    if (tree.kind !== 'call' || tree.callee.kind !== 'name' || tree.callee.name !== 'Number') return below;
    const own = ['source', 'found'].flatMap((root) =>
      tree.args.flatMap((part) => listBelow(part, root)).map((steps) => [toStep(root), ...steps]),
    );
    return [...below, ...own.map((steps) => formatGeneralPath({ text: '', steps }))];
  };
  return new Set([...expressions.values()].flatMap(({ tree }) => listIn(tree)));
}

/** What is read on from is a time, also where the description calls it a text like any other. */
function putChangeTime({ source }: FlowModel, root: { [key: string]: SampleValue }): void {
  const path = source.changes?.field;
  const field = path === undefined ? undefined : findField(source.record, path);
  if (path === undefined || field === undefined || field.kind === 'missing') return;
  const { types, format } = field.schema;
  const steps = [toStep('source'), ...path.steps];
  if (types.includes('string') && !DATES.has(format ?? '')) setPath(root, steps, SAMPLE_TIME);
  if (isNumber(field.schema)) setPath(root, steps, SAMPLE_EPOCH);
}

function toStep(text: string): FieldStep {
  return { kind: 'name', name: text };
}

/** What the rules do with a field tells which value is plausible: those that make something else of it come first. */
function listRulesOf(
  checked: CheckedModel,
  entry: CheckedFlow,
  steps: readonly FieldStep[],
): readonly FieldModel[] {
  const text = formatGeneralPath({ text: '', steps });
  const rules = entry.targets.flatMap(({ target }) =>
    listFields(target.fields).filter((field) =>
      listSampleReads(checked, target, field).some(
        (read) => formatGeneralPath({ text: '', steps: read }) === text,
      ),
    ),
  );
  const isMade = ({ as, table }: FieldModel): boolean => as.length > 0 || table !== undefined;
  return [...rules.filter(isMade), ...rules.filter((rule) => !isMade(rule))];
}

/** What a field is read from, as a path below a sample's scope: `source.properties.email`, `found.lines[].price`. */
export function listSampleReads(
  checked: CheckedModel,
  target: TargetModel,
  field: FieldModel,
): readonly (readonly FieldStep[])[] {
  const trees = [
    ...field.values.flatMap((value) => (value.kind === 'expression' ? [value.expression] : [])),
    ...(field.each === undefined ? [] : [field.each.list]),
  ].flatMap((expression) => checked.expressions.get(expression)?.tree ?? []);
  const list = listFields(target.fields).find((entry) => entry.each?.fields.includes(field) === true);
  const lists = list === undefined ? [] : withoutInner(listSampleReads(checked, target, list));
  const listIn = (tree: ExpressionTree): FieldStep[][] => [
    ...['source', 'found'].flatMap((root) => listBelow(tree, root).map((steps) => [toStep(root), ...steps])),
    ...lists.flatMap((above) =>
      [...listBelow(tree, 'each'), ...(isOfElement(field, tree) ? [[]] : [])].map((steps): FieldStep[] => [
        ...above,
        { kind: 'each' },
        ...steps,
      ]),
    ),
  ];
  return trees.flatMap((tree) => {
    const inBranches = listBranches(tree).flatMap(listIn);
    return inBranches.length > 0 ? inBranches : listIn(tree);
  });
}

/** What an expression may come to: of `a ? b : c` it is `b` or `c`, and `a` only says which. */
function listBranches(tree: ExpressionTree): ExpressionTree[] {
  return tree.kind === 'conditional' ? [tree.yes, tree.no].flatMap(listBranches) : [tree];
}

/** What stands inside another path goes with it. */
export function withoutInner(paths: readonly (readonly FieldStep[])[]): readonly (readonly FieldStep[])[] {
  const texts = paths.map((steps) => steps.map((step) => JSON.stringify(step)).join('/'));
  return paths.filter((_, at) => !texts.some((text) => texts[at]?.startsWith(`${text}/`) === true));
}

function listBelow(tree: ExpressionTree, root: string): (readonly FieldStep[])[] {
  return listRecordReads(tree, root).flatMap((read) => (read.path === undefined ? [] : [read.path.steps]));
}

const SAMPLE_TIME = '2026-03-04T05:06:07.890Z';
const SAMPLE_EPOCH = Math.floor(Date.parse(SAMPLE_TIME) / 1000);

function isNumber({ types }: Schema): boolean {
  return types.length > 0 && types.every((type) => type === 'integer' || type === 'number');
}

/** Transforms that read a time, for which a number is one since 1970. */
const TIMES: ReadonlySet<string> = new Set(['instant', 'date', 'rfc2822', 'ms-date', 'epoch-s', 'epoch-ms']);

/** Formats of which a sample that fits them is what a transform of time reads. */
const DATES: ReadonlySet<string> = new Set(['date', 'date-time']);

export function sampleScalar(schema: Schema, rule: FieldModel | undefined, name: string): SampleValue {
  if (rule?.table !== undefined) return typeOfRow(rule.table[0]?.from ?? 'value', schema);
  const [transform] = rule?.as ?? [];
  const sample = TRANSFORM_SAMPLES.get(transform?.name ?? '');
  if (isNumber(schema) && (TIMES.has(transform?.name ?? '') || DATES.has(schema.format ?? '')))
    return SAMPLE_EPOCH;
  const takesText = schema.types.length === 0 || schema.types.includes('string');
  const isFree = takesText && schema.enum === undefined && !DATES.has(schema.format ?? '');
  if (sample !== undefined && isFree) return sample;
  if (schema.meaning === 'decimal') return '12.50';
  return samplePlain(schema, name);
}

/** The rows of a table are texts, and what is looked up in it may be none. */
function typeOfRow(text: string, { types }: Schema): SampleValue {
  if (types.includes('boolean') && /^(?:true|false)$/.test(text)) return text === 'true';
  return isNumber({ types } as Schema) && text.trim() !== '' && !Number.isNaN(Number(text))
    ? Number(text)
    : text;
}

function samplePlain(schema: Schema, name: string): SampleValue {
  const [member] = schema.enum ?? [];
  if (member !== undefined) return member;
  const [type] = schema.types;
  if (type === 'integer' || type === 'number') return schema.minimum ?? 7;
  if (type === 'boolean') return false;
  if (type === 'object') return {};
  if (type === 'array') return schema.items === undefined ? [] : [sampleValue(schema.items, name, 3)];
  const formats = new Map([
    ['date-time', SAMPLE_TIME],
    ['date', '2026-03-04'],
    ['uuid', '3f1a7c52-8d4e-4b6f-9a21-0c5d7e8f9a0b'],
    ['email', 'ada@example.com'],
    ['uri', 'https://example.com/a'],
  ]);
  return (
    formats.get(schema.format ?? '') ??
    (/id$/i.test(name) ? '1001' : `Sample ${name}`.slice(0, schema.maxLength ?? 60))
  );
}

/** A whole value of a schema, as far down as its required fields lead. */
export function sampleValue(schema: Schema, name: string, depth: number): SampleValue {
  if (schema.properties.size === 0 || depth === 0) return samplePlain(schema, name);
  const entries = [...schema.properties].filter(([, property]) => property.required);
  return Object.fromEntries(
    entries.map(([key, property]) => [key, sampleValue(property.schema, key, depth - 1)]),
  );
}

export function setPath(
  root: { [key: string]: SampleValue },
  steps: readonly FieldStep[],
  value: SampleValue,
): void {
  let holder: { [key: string]: SampleValue } = root;
  steps.forEach((step, index) => {
    const key = step.kind === 'name' ? step.name : step.kind === 'index' ? String(step.index) : '0';
    if (index === steps.length - 1) {
      // How many elements a list has, nobody sets.
      if (!Array.isArray(holder) || key !== 'length') holder[key] = value;
      return;
    }
    const next = steps[index + 1];
    const held = Object.hasOwn(holder, key) ? holder[key] : undefined;
    const below = typeof held === 'object' && held !== null ? held : next?.kind === 'name' ? {} : [];
    holder[key] = below;
    holder = below as { [key: string]: SampleValue };
  });
}

function lastName(steps: readonly FieldStep[]): string {
  const last = steps.at(-1);
  return last?.kind === 'name' ? last.name : 'value';
}
