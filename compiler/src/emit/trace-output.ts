import type { OutputFile, TraceEntry } from '../model/output-file.ts';
import type { FieldPlan, FlowPlan, MappingPlan, ResultNode, ServicePlan } from '../model/service-plan.ts';
import { findField } from '../resolve/find-field.ts';
import { formatPath, formatPointer } from '../source/source-ref.ts';
import type { SourceRef } from '../source/source-ref.ts';
import { listSampleReads } from './tests/sample-record.ts';
import { key, unquote } from './text/code-literals.ts';

/** Which rule and which part of a description each emitted statement comes from. @param nameFile how an input is named */
export function traceOutput(
  plan: ServicePlan,
  files: readonly OutputFile[],
  nameFile: (file: string) => string,
): TraceEntry[] {
  const entries: TraceEntry[] = [];
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const nameSpec = (origin: SourceRef): string => `${nameFile(origin.file)}${formatPointer(origin.path)}`;
  const add: AddEntry = (file, at, rule, { spec, reads = [] } = {}) => {
    const text = texts.get(file) ?? '';
    if (at === -1) return;
    entries.push({
      file,
      line: text.slice(0, at).split('\n').length,
      rule,
      spec: spec === undefined ? undefined : nameSpec(spec),
      ...(reads.length === 0 ? {} : { reads: [...new Set(reads.map(nameSpec))].toSorted() }),
    });
  };
  const read = (file: string): string => texts.get(file) ?? '';
  for (const flow of plan.flows) {
    traceFlow(flow, read(flow.file), add);
    for (const { mapping } of flow.targets)
      for (const field of listFieldPlans(mapping.fields)) {
        const { origin, schema } = field.checked.field;
        const at = findStatement(read(mapping.file), mapping, field);
        const reads = listReadFields(plan, flow, mapping, field);
        add(mapping.file, at, formatPath(origin.path), { spec: schema.origin, reads });
      }
  }
  for (const system of plan.systems) {
    const text = read(system.file);
    add(
      system.file,
      text.indexOf(`export function ${system.createName}(`),
      formatPath(system.system.origin.path),
    );
    for (const operation of system.operations)
      add(system.file, text.indexOf(`export function ${operation.functionName}(`), operation.rule, {
        spec: operation.operation.origin,
      });
    addNamedRules(system.file, text, add);
  }
  if (plan.alerts !== undefined) {
    const { alerts, file, createName } = plan.alerts;
    add(file, read(file).indexOf(`export function ${createName}(`), formatPath(alerts.origin.path));
  }
  return entries;
}

type AddEntry = (
  file: string,
  at: number,
  rule: string,
  from?: { readonly spec?: SourceRef; readonly reads?: readonly SourceRef[] },
) => void;

/** The parts of a flow, each where it begins, and every decision that names its rule. */
function traceFlow({ flow, file, name, usesConfig }: FlowPlan, text: string, add: AddEntry): void {
  const start = text.indexOf(usesConfig ? `export function ${name}(` : `export const ${name} =`);
  add(file, start, formatPath(flow.origin.path));
  const part = (words: string, rule: SourceRef, spec?: SourceRef, from = start): void => {
    const at = text.indexOf(words, from);
    if (at !== -1)
      add(file, at + words.search(/\S/), formatPath(rule.path), spec === undefined ? {} : { spec });
  };
  part('\n  read: {', flow.source.origin, flow.source.operation.origin);
  const finds = text.indexOf('\n  find: [', start);
  for (const find of flow.find)
    part(`\n      name: '${find.name}'`, find.origin, find.operation.origin, finds);
  part('\n  later: ', flow.later.origin);
  const targets = text.indexOf('\n  targets: [', start);
  for (const target of flow.targets.filter(({ mode }) => mode !== 'update'))
    part(`\n      name: '${target.name}'`, target.origin, target.operation.origin, targets);
  addNamedRules(file, text, add);
}

/** `rule: 'flows.customers.keep[0]'` */
function addNamedRules(file: string, text: string, add: AddEntry): void {
  for (const { index, 2: rule = '' } of text.matchAll(/\brule: (['"])((?:(?!\1)[^\\]|\\.)+)\1/g))
    add(file, index, unquote(rule));
}

/** The fields of the record, or of what was looked up, that a value is made of. */
function listReadFields(
  { checked }: ServicePlan,
  { flow }: FlowPlan,
  { target }: MappingPlan,
  { checked: { field } }: FieldPlan,
): SourceRef[] {
  return listSampleReads(checked, target, field).flatMap(([root, ...steps]) => {
    const isSource = root?.kind === 'name' && root.name === 'source';
    const [name] = steps;
    const find = flow.find.find((one) => name?.kind === 'name' && one.name === name.name);
    const record = isSource ? flow.source.record : find?.record;
    if (record === undefined) return [];
    const inner = isSource ? steps : steps.slice(find?.take === 'all' ? 2 : 1);
    const found = findField(record, { text: '', steps: inner });
    return found.kind === 'missing' ? [] : [found.schema.origin];
  });
}

function listFieldPlans(fields: readonly FieldPlan[]): readonly FieldPlan[] {
  return fields.flatMap((field) => [field, ...listFieldPlans(field.each?.fields ?? [])]);
}

/** A field has a statement of its own; a constant stands only in the object that is returned. */
function findStatement(text: string, mapping: MappingPlan, field: FieldPlan): number {
  if (field.checked.kind !== 'constant') return text.indexOf(`  const ${field.variable} =`);
  let at = text.lastIndexOf('\n  return ');
  // Keys repeat, so they are looked for one after the other, in the order in which they are printed.
  for (const place of listPlaces(mapping.root)) {
    if (place.needle !== '') at = findWord(text, place.needle, at + 1);
    if (place.field === field || at === -1) return at;
  }
  return -1;
}

function findWord(text: string, word: string, from: number): number {
  let at = text.indexOf(word, from);
  while (at !== -1 && /[\w$]/.test(text[at - 1] ?? '')) at = text.indexOf(word, at + 1);
  return at;
}

interface ResultPlace {
  /** The key as it is printed; empty for an element of a list. */
  readonly needle: string;
  readonly field: FieldPlan | undefined;
}

function listPlaces(node: ResultNode): ResultPlace[] {
  switch (node.kind) {
    case 'field':
      return [{ needle: '', field: node.field }];
    case 'list':
      return node.elements.flatMap((element) => listPlaces(element.node));
    case 'object':
      return node.entries.flatMap(([name, inner]) => {
        if (inner.kind !== 'field')
          return [{ needle: `${key(name)}:`, field: undefined }, ...listPlaces(inner)];
        const isShort = inner.field.checked.kind !== 'constant' && inner.field.variable === name;
        return [{ needle: isShort ? name : `${key(name)}:`, field: inner.field }];
      });
  }
}
