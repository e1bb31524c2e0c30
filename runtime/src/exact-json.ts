import { parse, stringify } from 'lossless-json';
import type { LooseJson } from './json.ts';
import { scanJson } from './scan-json.ts';

/** Stands where a value could not be read exactly, so that whatever reads that field sees that it is no value of its type. */
export interface JsonDamage {
  readonly $damage: string;
}

/** Deeper data is no record of any system; writing it again would exhaust the stack. */
const DEEPEST = 200;

/**
 * JSON without silent losses (RFC 8259 4, 6, 8): an integer beyond 2^53 becomes a `bigint`; two different values under
 * one name, a number beyond the range of a double, half a character and what is nested too deep become `JsonDamage`.
 * @param hasBrokenBytes the text came from bytes that were not UTF-8, so a replacement character is a loss
 * @throws SyntaxError where the text is not JSON
 */
export function parseExactJson(text: string, hasBrokenBytes = false): LooseJson {
  const value = JSON.parse(text) as LooseJson;
  if (typeof value !== 'object' || value === null) return parseScalar(text, value);
  const { members, isDelicate } = scanJson(text);
  const counted = countMembers(value, 0);
  if (counted === undefined) return cut(value, 0) as LooseJson;
  if (counted === members && !isDelicate && !hasBrokenBytes) return value;
  return parse(text, (_key, part) => (typeof part === 'string' ? readText(part, hasBrokenBytes) : part), {
    parseNumber: readNumber,
    onDuplicateKey: ({ key }) => damage(`there are two values for "${key}"`),
  }) as LooseJson;
}

/** JSON with integers of any size. */
export function stringifyExactJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return stringify(value);
  }
}

export function isJsonDamage(value: unknown): value is JsonDamage {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, '$damage');
}

function damage(what: string): JsonDamage {
  return { $damage: what };
}

function parseScalar(text: string, value: unknown): unknown {
  return typeof value === 'number' ? readNumber(text.trim()) : value;
}

function readNumber(text: string): unknown {
  const value = Number(text);
  if (!Number.isFinite(value)) return damage(`the number ${text.slice(0, 40)} is out of range`);
  return /^-?\d+$/.test(text) && !Number.isSafeInteger(value) ? BigInt(text) : value;
}

function readText(text: string, hasBrokenBytes: boolean): unknown {
  if (text.includes('\0')) return damage('the text holds U+0000');
  if (!text.isWellFormed()) return damage('the text holds half a character');
  return hasBrokenBytes && text.includes('\uFFFD') ? damage('the text holds bytes that are not UTF-8') : text;
}

/** Undefined where it is nested too deep. */
function countMembers(value: unknown, depth: number): number | undefined {
  if (typeof value !== 'object' || value === null) return 0;
  if (depth > DEEPEST) return undefined;
  let count = 0;
  for (const part of Array.isArray(value) ? value : Object.values(value)) {
    const inside = countMembers(part, depth + 1);
    if (inside === undefined) return undefined;
    count += inside;
  }
  return Array.isArray(value) ? count : count + Object.keys(value).length;
}

function cut(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEEPEST) return damage(`the value is nested deeper than ${DEEPEST} levels`);
  if (Array.isArray(value)) return value.map((part) => cut(part, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, cut(part, depth + 1)]));
}
