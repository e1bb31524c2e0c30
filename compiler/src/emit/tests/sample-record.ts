import type { Schema } from '../../model/api-model.ts';
import type { FieldModel } from '../../model/integration-model.ts';
import type { FieldStep } from '../../model/field-path.ts';
import { findField } from '../../resolve/find-field.ts';
import type { CheckedFlow, CheckedModel } from '../../model/checked-model.ts';
import { listRecordReads } from '../../check/list-reads.ts';

export type SampleValue = string | number | boolean | null | SampleValue[] | { [key: string]: SampleValue };

/** A record with a plausible value in every field that the flow reads, made from the description: marked synthetic. */
export function sampleRecord(checked: CheckedModel, entry: CheckedFlow): SampleValue {
  const root: { [key: string]: SampleValue } = {};
  for (const path of entry.reads) {
    const field = findField(entry.flow.source.record, path);
    if (field.kind === 'missing') continue;
    setPath(
      root,
      path.steps,
      sampleScalar(field.schema, hintFor(checked, entry, path.text), lastName(path.steps)),
    );
  }
  return root;
}

/** What the rules do with a field tells which value is plausible. */
function hintFor(checked: CheckedModel, entry: CheckedFlow, path: string): FieldModel | undefined {
  return entry.flow.target.fields.find((field) =>
    field.values.some((value) => {
      const tree = value.kind === 'expression' ? checked.expressions.get(value.expression)?.tree : undefined;
      return tree !== undefined && listRecordReads(tree, 'source').some((read) => read.path?.text === path);
    }),
  );
}

export function sampleScalar(schema: Schema, rule: FieldModel | undefined, name: string): SampleValue {
  if (rule?.table !== undefined) return rule.table[0]?.from ?? 'value';
  const [transform] = rule?.as ?? [];
  if (transform?.name === 'email') return 'ada@example.com';
  if (transform?.name === 'phone') return '+61412345678';
  if (transform?.name === 'url') return 'https://example.com/a';
  if (transform?.name === 'integer') return '42';
  if (transform?.name === 'boolean') return 'true';
  return samplePlain(schema, name);
}

function samplePlain(schema: Schema, name: string): SampleValue {
  const [member] = schema.enum ?? [];
  if (member !== undefined) return member;
  const [type] = schema.types;
  if (type === 'integer' || type === 'number') return schema.minimum ?? 7;
  if (type === 'boolean') return false;
  if (type === 'array') return schema.items === undefined ? [] : [sampleValue(schema.items, name, 3)];
  const formats: Readonly<Record<string, string>> = {
    'date-time': '2026-03-04T05:06:07.890Z',
    date: '2026-03-04',
    uuid: '3f1a7c52-8d4e-4b6f-9a21-0c5d7e8f9a0b',
    email: 'ada@example.com',
    uri: 'https://example.com/a',
  };
  return (
    formats[schema.format ?? ''] ??
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
      holder[key] = value;
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
