import type { System } from '../../flow.ts';
import { mediaTypeOf } from '../../formats/body-format.ts';
import { findHeader } from '../../recording/recording.ts';
import type { CallSlice, FieldFacts } from '../../recording/slice.ts';
import type { Exchange } from '../exchange.ts';
import { isSuccess } from '../exchange.ts';
import { fitsFormat } from '../oracle-transforms.ts';
import { readAnswerData } from '../recorded-body.ts';
import { listPlaces, splitPath } from '../slice-path.ts';

/**
 * Where an answer is not what the description says, as far as the integration uses it: `GET /rows rows[].id: number
 * instead of string`. What it does not use may be as it likes. No value stands in a lie, for it is committed and printed.
 */
export function findLies(exchange: Exchange, call: CallSlice, system: System): string[] {
  const about = `${call.operation.method} ${call.operation.path}`;
  const { status, headers } = exchange.response;
  const lies: string[] = [];
  if (!isDescribed(status, call.statuses)) lies.push(`status ${status} is not described`);
  if (!isSuccess(exchange)) return lies.map((lie) => `${about}: ${lie}`);
  const type = mediaTypeOf(findHeader(headers, 'content-type') ?? '');
  if (type !== '' && call.answers.length > 0 && !call.answers.some((known) => fitsType(known, type)))
    lies.push(`the media type ${type} is not described`);
  const data = readAnswerData(system, exchange);
  if (data === undefined && Object.keys(call.answer).length > 0) lies.push('the body cannot be read');
  else
    for (const [path, facts] of Object.entries(call.answer)) lies.push(...findFieldLies(data, path, facts));
  return [...new Set(lies)].map((lie) => `${about}: ${lie}`);
}

function isDescribed(status: number, known: readonly string[]): boolean {
  const code = String(status);
  return known.some(
    (entry) => entry === code || entry === 'default' || entry.toUpperCase() === `${code[0]}XX`,
  );
}

/** `application/*` and `application/json; charset=utf-8` are types, too. */
function fitsType(known: string, type: string): boolean {
  const [wanted = '', given = ''] = [mediaTypeOf(known), type];
  return (
    wanted === given || wanted === '*/*' || (wanted.endsWith('/*') && given.startsWith(wanted.slice(0, -1)))
  );
}

function findFieldLies(data: unknown, path: string, facts: FieldFacts): string[] {
  const lies = new Set<string>();
  for (const { value } of listPlaces(data, path)) {
    const lie = findLie(value, facts, splitPath(path).at(-1) === undefined);
    if (lie !== undefined) lies.add(`${path}: ${lie}`);
  }
  return [...lies];
}

function findLie(value: unknown, facts: FieldFacts, isElement: boolean): string | undefined {
  if (value === undefined) return facts.required === true && !isElement ? 'absent, and required' : undefined;
  if (value === null) return facts.nullable === true ? undefined : 'null, and not nullable';
  if (facts.types.length > 0 && !facts.types.some((type) => isOfType(value, type)))
    return `${typeName(value)} instead of ${facts.types.join(' or ')}`;
  // JSON Schema's `enum` holds values of any type.
  if (facts.enum !== undefined && !facts.enum.includes(value)) return 'a value that is not listed';
  if (typeof value === 'string' && value !== '' && !fitsFormat(value, facts.format))
    return `no ${facts.format ?? ''}`;
  return undefined;
}

export function isOfType(value: unknown, type: string): boolean {
  const own = typeName(value);
  return own === type || (type === 'number' && own === 'integer');
}

function typeName(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'bigint') return 'integer';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return value === null ? 'null' : typeof value;
}
