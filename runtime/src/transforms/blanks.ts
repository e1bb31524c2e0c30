import { BlankInCallError, createFindBlankKind, findBlankKind } from './blank.ts';
import type { FindBlankKind } from './blank.ts';
import { createDecimals } from './decimal.ts';
import type { Decimals } from './decimal.ts';
import { createTags } from './escape.ts';
import type { Part, Tag, Tags } from './escape.ts';

/** What expressions ask about blanks; each takes the same texts for "nothing". */
export interface Blanks extends Tags, Decimals {
  readonly findBlankKind: FindBlankKind;
  /** What a call cannot do without. @throws BlankInCallError where it is blank, an empty list, or one with a blank in it: then it is not made */
  readonly filled: Filled;
  /** The first value that is not blank; the last one where all are. */
  readonly firstNotBlank: <T>(...values: readonly T[]) => T | undefined;
  /** The number that a text holds. @throws RangeError where it holds none: a blank is no zero */
  readonly toNumber: (value: string | number) => number;
  /** A text made of parts, or nothing where a part is blank: `S-undefined` must never be sent. */
  readonly whole: Tag;
}

interface Filled {
  <T>(value: readonly (T | null | undefined)[] | null | undefined): T[];
  <T>(value: T | null | undefined): T;
}

/** @param sentinels texts that stand for "nothing" in this service; compared without case and surrounding white space */
export function createBlanks(sentinels: readonly string[]): Blanks {
  return createBlanksBy(createFindBlankKind(sentinels));
}

export const { filled, firstNotBlank, htmlText, jql, odata, soql, sum, times, toNumber, url, whole } =
  createBlanksBy(findBlankKind);

function createBlanksBy(find: FindBlankKind): Blanks {
  const isBlank = (value: unknown): boolean => find(value) !== undefined;
  return {
    findBlankKind: find,
    filled: (value: unknown) => {
      if (Array.isArray(value) ? value.length === 0 || value.some(isBlank) : isBlank(value))
        throw new BlankInCallError('something that the call cannot do without is blank');
      return value as never;
    },
    firstNotBlank: (...values) => {
      for (const value of values) if (!isBlank(value)) return value;
      return values.at(-1);
    },
    toNumber: (value) => {
      const made = typeof value === 'number' || !isBlank(value) ? Number(value) : Number.NaN;
      // The value stays out of the message: it may be personal.
      if (Number.isNaN(made)) throw new RangeError('a value that is made a number is none');
      return made;
    },
    whole: (texts: TemplateStringsArray, ...parts: readonly Part[]) =>
      parts.some(isBlank) ? undefined : String.raw({ raw: texts }, ...parts),
    ...createTags(find),
    ...createDecimals(find),
  };
}
