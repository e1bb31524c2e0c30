export type BlankKind = 'absent' | 'null' | 'empty' | 'whitespace' | 'sentinel';

/** Texts that people type for "nothing"; compared without case and surrounding white space. */
const SENTINELS: ReadonlySet<string> = new Set(['n/a', '-']);

/** How a value is blank, or undefined where it is not. Numbers and booleans never are. */
export function findBlankKind(value: unknown): BlankKind | undefined {
  if (value === undefined) return 'absent';
  if (value === null) return 'null';
  if (typeof value !== 'string') return undefined;
  if (value === '') return 'empty';
  const trimmed = value.trim();
  if (trimmed === '') return 'whitespace';
  return trimmed.length <= 3 && SENTINELS.has(trimmed.toLowerCase()) ? 'sentinel' : undefined;
}

/** Something that a call cannot do without is blank, so the call is not made. */
export class BlankInCallError extends Error {
  override readonly name = 'BlankInCallError';
}

/** What a call cannot do without. @throws BlankInCallError where it is blank, an empty list, or one with a blank in it: then it is not made */
export function filled<T>(value: readonly (T | null | undefined)[] | null | undefined): T[];
export function filled<T>(value: T | null | undefined): T;
export function filled(value: unknown): unknown {
  const isBlank = Array.isArray(value)
    ? value.length === 0 || value.some((element) => findBlankKind(element) !== undefined)
    : findBlankKind(value) !== undefined;
  if (isBlank) throw new BlankInCallError('something that the call cannot do without is blank');
  return value;
}

/** The first value that is not blank; the last one where all are. */
export function firstNotBlank<T>(...values: readonly T[]): T | undefined {
  for (const value of values) if (findBlankKind(value) === undefined) return value;
  return values.at(-1);
}

/** The value as text; what is missing stays missing. */
export function toText(value: string | number | boolean): string;
export function toText(value: string | number | boolean | null | undefined): string | null | undefined;
export function toText(value: string | number | boolean | null | undefined): string | null | undefined {
  return value === null || value === undefined ? value : String(value);
}

/** The number that a text holds. @throws RangeError where it holds none: a blank is no zero */
export function toNumber(value: string | number): number {
  const made = typeof value === 'number' || findBlankKind(value) === undefined ? Number(value) : Number.NaN;
  // The value stays out of the message: it may be personal.
  if (Number.isNaN(made)) throw new RangeError('a value that is made a number is none');
  return made;
}

/** A text made of parts, or nothing where a part is blank: `S-undefined` must never be sent. */
export function whole(
  texts: TemplateStringsArray,
  ...parts: readonly (string | number | boolean | null | undefined)[]
): string | undefined {
  if (parts.some((part) => findBlankKind(part) !== undefined)) return undefined;
  return String.raw({ raw: texts }, ...parts);
}
