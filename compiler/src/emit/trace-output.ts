import type { OutputFile, TraceEntry } from '../model/output-file.ts';
import type { FieldPlan, MappingPlan, ResultNode, ServicePlan } from '../model/service-plan.ts';
import { formatPath, formatPointer } from '../source/source-ref.ts';
import type { SourceRef } from '../source/source-ref.ts';
import { key } from './text/code-literals.ts';

/** Which rule and which part of a description each emitted statement comes from. @param nameFile how an input is named */
export function traceOutput(
  plan: ServicePlan,
  files: readonly OutputFile[],
  nameFile: (file: string) => string,
): TraceEntry[] {
  const entries: TraceEntry[] = [];
  const read = (file: string): string => files.find((candidate) => candidate.path === file)?.text ?? '';
  const add = (file: string, at: number, rule: string, origin?: SourceRef): void => {
    const text = read(file);
    if (at === -1) return;
    const spec = origin === undefined ? undefined : `${nameFile(origin.file)}${formatPointer(origin.path)}`;
    entries.push({ file, line: text.slice(0, at).split('\n').length, rule, spec });
  };
  for (const flow of plan.flows) {
    add(
      flow.file,
      read(flow.file).indexOf(
        flow.usesConfig ? `export function ${flow.name}(` : `export const ${flow.name} =`,
      ),
      formatPath(flow.flow.origin.path),
    );
    for (const { mapping } of flow.targets)
      for (const field of listFieldPlans(mapping.fields)) {
        add(
          mapping.file,
          findField(read(mapping.file), mapping, field),
          formatPath(field.checked.field.origin.path),
          field.checked.field.schema.origin,
        );
      }
  }
  for (const system of plan.systems) {
    add(
      system.file,
      read(system.file).indexOf(`export function ${system.createName}(`),
      formatPath(system.system.origin.path),
    );
    for (const operation of system.operations)
      add(
        system.file,
        read(system.file).indexOf(`export function ${operation.functionName}(`),
        operation.rule,
        operation.operation.origin,
      );
  }
  if (plan.alerts !== undefined) {
    const { alerts, file, createName } = plan.alerts;
    add(file, read(file).indexOf(`export function ${createName}(`), formatPath(alerts.origin.path));
  }
  return entries;
}

function listFieldPlans(fields: readonly FieldPlan[]): readonly FieldPlan[] {
  return fields.flatMap((field) => [field, ...listFieldPlans(field.each?.fields ?? [])]);
}

/** A field has a statement of its own; a constant stands only in the object that is returned. */
function findField(text: string, mapping: MappingPlan, field: FieldPlan): number {
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
