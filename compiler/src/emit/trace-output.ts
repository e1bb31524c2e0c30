import type { OutputFile, TraceEntry } from '../model/output-file.ts';
import type { ServicePlan } from '../model/service-plan.ts';
import { formatPath, formatPointer } from '../source/source-ref.ts';
import type { SourceRef } from '../source/source-ref.ts';

/** Which rule and which part of a description each emitted statement comes from. @param nameFile how an input is named */
export function traceOutput(plan: ServicePlan, files: readonly OutputFile[], nameFile: (file: string) => string): TraceEntry[] {
  const spec = (ref: SourceRef): string => `${nameFile(ref.file)}${formatPointer(ref.path)}`;
  const entries: TraceEntry[] = [];
  const add = (file: string, needle: string, rule: string, origin: SourceRef | undefined): void => {
    const text = files.find((candidate) => candidate.path === file)?.text ?? '';
    const at = text.indexOf(needle);
    if (at === -1) return;
    entries.push({ file, line: text.slice(0, at).split('\n').length, rule, spec: origin === undefined ? undefined : spec(origin) });
  };
  for (const flow of plan.flows) {
    add(flow.file, `${flow.name}`, formatPath(flow.flow.origin.path), undefined);
    for (const field of flow.mapping.fields) {
      const rule = formatPath(field.checked.field.origin.path);
      add(flow.mapping.file, field.checked.kind === 'constant' ? `${lastName(field.checked.field.path.text)}:` : `const ${field.variable} =`, rule, field.checked.field.schema.origin);
    }
  }
  for (const system of plan.systems) {
    add(system.file, `export function ${system.createName}(`, formatPath(system.system.origin.path), undefined);
    for (const operation of system.operations) add(system.file, `export function ${operation.functionName}(`, '', operation.operation.origin);
  }
  return entries;
}

function lastName(path: string): string {
  return path.split('.').at(-1) ?? path;
}
