/** What of libphonenumber's `NumberingPlan` is asked here; its methods are those of METADATA.md. */
export interface LibraryPlan {
  callingCode(): string;
  IDDPrefix(): string;
  nationalNumberPattern(): string;
  nationalPrefixForParsing(): string | null | undefined;
  possibleLengths(): readonly number[];
  leadingDigits(): string | 0 | null | undefined;
  hasTypes(): boolean;
  type(name: string): LibraryType | undefined;
}

interface LibraryType {
  pattern(): string;
  possibleLengths(): readonly number[] | undefined;
}

/** A region's numbering plan with its patterns compiled once; the library compiles them for each number anew. */
export interface PhonePlan {
  readonly callingCode: string;
  /** What is dialled before the calling code of another country. */
  readonly abroad: RegExp;
  /** What is dialled before a national number and is not part of it. */
  readonly prefix: RegExp | undefined;
  readonly number: RegExp;
  readonly lengths: readonly number[];
  readonly leading: RegExp | undefined;
  /** Kinds of number; only where several regions share a calling code does the library tell them apart. */
  readonly kinds: readonly { readonly number: RegExp; readonly lengths: readonly number[] | undefined }[];
}

const KINDS =
  'FIXED_LINE MOBILE TOLL_FREE PREMIUM_RATE PERSONAL_NUMBER VOICEMAIL UAN PAGER VOIP SHARED_COST'.split(' ');

export function createPhonePlan(plan: LibraryPlan): PhonePlan {
  const prefix = plan.nationalPrefixForParsing();
  const leading = plan.leadingDigits();
  const kinds = plan.hasTypes() ? KINDS.flatMap((name) => plan.type(name) ?? []) : [];
  return {
    callingCode: plan.callingCode(),
    abroad: startOf(plan.IDDPrefix()),
    prefix: prefix ? startOf(prefix) : undefined,
    number: wholeOf(plan.nationalNumberPattern()),
    lengths: plan.possibleLengths(),
    leading: leading ? startOf(leading) : undefined,
    kinds: kinds
      .filter((kind) => kind.pattern() !== '')
      .map((kind) => ({ number: wholeOf(kind.pattern()), lengths: kind.possibleLengths() })),
  };
}

function startOf(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})`);
}

function wholeOf(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`);
}

/** Whether a national number is one of the plan: the library's `isValid`. */
export function isNumberOf({ number, kinds }: PhonePlan, digits: string): boolean {
  if (!number.test(digits)) return false;
  return (
    kinds.length === 0 ||
    kinds.some((kind) => kind.lengths?.includes(digits.length) !== false && kind.number.test(digits))
  );
}

/**
 * The national number without what is dialled before it. Undefined where the library has rules of its own: a carrier code,
 * a prefix that is replaced by another, or digits that could be either.
 */
export function stripPrefix({ prefix, number, lengths }: PhonePlan, digits: string): string | undefined {
  const match = prefix?.exec(digits);
  if (match === null || match === undefined) return digits;
  if (match.length > 1 && match.at(-1) !== undefined) return undefined;
  const rest = digits.slice(match[0].length);
  return number.test(rest) && lengths.includes(rest.length) ? rest : undefined;
}
