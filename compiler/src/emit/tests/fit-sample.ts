import { fits } from '../../check/measure-invalid.ts';
import type { Schema } from '../../model/api-model.ts';
import type { FieldModel } from '../../model/integration-model.ts';

/** A plain text or number that goes into several fields as it is must be one that all of them take. */
const COMMON = [
  '1001',
  'Sample',
  'SAMPLE',
  'sample',
  'A',
  'AB',
  'AUD',
  'AU',
  'en',
  'AB-1024',
  'AB1024',
  '0',
  '1',
  '12',
  '123456789',
  '12345678901',
  '1234567890123',
  '12.50',
  '2026-03-04',
  '2026-03-04T05:06:07.890Z',
  '05:06:07',
  '+61412345678',
  'ada@example.com',
  'https://example.com/a',
  'example.com',
  '3f1a7c52-8d4e-4b6f-9a21-0c5d7e8f9a0b',
  '0123456789abcdef0123456789abcdef',
  'AC0123456789abcdef0123456789abcdef',
];

/**
 * The sample, or another that every field takes into which it goes as it is.
 * @param source of the field that is read @param rules that read it @param isBlank a text that stands for nothing
 * @returns the sample itself where nothing known fits all of them: then its tests say what is not accepted
 */
export function fitSample<T>(
  sample: T,
  source: Schema,
  rules: readonly FieldModel[],
  isBlank: (text: string) => boolean,
): T | string | number {
  const wanted = [source, ...rules.filter(isPlain).map(({ schema }) => schema)];
  if (wanted.length === 1 && !(typeof sample === 'string' && isBlank(sample))) return sample;
  if (typeof sample === 'number') {
    const numbers = [sample, ...wanted.flatMap(listNumbers)];
    return numbers.find((number) => wanted.every((schema) => takes(schema, number))) ?? sample;
  }
  if (typeof sample !== 'string') return sample;
  const members = wanted.flatMap((schema) => (schema.enum ?? []).map(String));
  const lengths = wanted.flatMap(({ minLength, maxLength }) => [minLength ?? 0, maxLength ?? 0]);
  const resized = lengths
    .filter((length) => length > 0 && length <= 64)
    .map((length) => sample.padEnd(length, 'x').slice(0, length));
  const texts = [sample, ...members, ...COMMON, ...resized];
  return texts.find((text) => !isBlank(text) && wanted.every((schema) => takes(schema, text))) ?? sample;
}

/** What these make of a plausible text is no longer than it, and accepted where it is. */
const KEEPING: ReadonlySet<string> = new Set(['trim', 'collapse', 'lower', 'upper', 'title']);

/** Whether what is read goes into the field as it is, or nearly so. */
function isPlain({ values, as, table, each }: FieldModel): boolean {
  const [first] = values;
  return (
    as.every(({ name }) => KEEPING.has(name)) &&
    table === undefined &&
    each === undefined &&
    first?.kind === 'expression' &&
    /^(?:each|(?:source|found|each)(?:\??\.[\w$]+|(?:\?\.)?\[[^\]]+\])+)$/.test(first.expression.text.trim())
  );
}

/** A text that goes into what is none is made one by the rules, or is a finding of its own. */
function takes(schema: Schema, value: string | number): boolean {
  const isText = schema.types.length === 0 || schema.types.includes('string');
  return (typeof value === 'string' && !isText) || fits(schema, value);
}

function listNumbers({ minimum, maximum, multipleOf, enum: members = [] }: Schema): number[] {
  return [minimum, maximum, multipleOf, ...members].filter((bound) => typeof bound === 'number');
}
