export type BlankKind = 'absent' | 'null' | 'empty' | 'whitespace' | 'sentinel';

/** How a value is blank, or undefined where it is not. Numbers and booleans never are. */
export type FindBlankKind = (value: unknown) => BlankKind | undefined;

/** Texts that people type for "nothing", where the rules name none. */
const SENTINELS = ['n/a', '-'];

export const findBlankKind: FindBlankKind = createFindBlankKind(SENTINELS);

/** @param sentinels texts that stand for "nothing"; compared without case and surrounding white space */
export function createFindBlankKind(sentinels: readonly string[]): FindBlankKind {
  const known = new Set(sentinels.map((text) => text.trim().toLowerCase()));
  // Most texts are longer than any of them, and are not looked at any closer. A capital may become two small letters.
  const longest = Math.max(0, ...[...known].map(({ length }) => length));
  return (value) => {
    if (value === undefined) return 'absent';
    if (value === null) return 'null';
    if (typeof value !== 'string') return undefined;
    if (value === '') return 'empty';
    const trimmed = value.trim();
    if (trimmed === '') return 'whitespace';
    return trimmed.length <= longest && known.has(trimmed.toLowerCase()) ? 'sentinel' : undefined;
  };
}

/** Something that a call cannot do without is blank, so the call is not made. */
export class BlankInCallError extends Error {
  override readonly name = 'BlankInCallError';
}

/** The value as text; what is missing stays missing. */
export function toText(value: string | number | boolean): string;
export function toText(value: string | number | boolean | null | undefined): string | null | undefined;
export function toText(value: string | number | boolean | null | undefined): string | null | undefined {
  return value === null || value === undefined ? value : String(value);
}
