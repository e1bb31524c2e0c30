/** What the compiler must know of a transform: what it takes, what it makes, and whether it can fail. */
export interface TransformFacts {
  readonly makes: 'string' | 'number' | 'boolean';
  readonly argument: 'none' | 'region' | 'count' | 'duration';
  /** It makes numbers that may have a fraction. */
  readonly hasFraction: boolean;
  readonly canFail: boolean;
  /** Longest text it makes, in UTF-16 units; undefined where it keeps the length. */
  readonly maxLength: number | undefined;
  /** The OpenAPI format that its result satisfies. */
  readonly format: string | undefined;
  /** What is a date stays a date, what is an instant an instant. */
  readonly keepsFormat: boolean;
  readonly needsZone: boolean;
  /** The runtime's function, called as `name(value, …)`. */
  readonly runtimeName: string;
  readonly summary: string;
}

const base = {
  makes: 'string',
  argument: 'none',
  canFail: false,
  maxLength: undefined,
  format: undefined,
  keepsFormat: false,
  needsZone: false,
  hasFraction: false,
} as const;

/** Read so without being told, where a fact says that a text is a decimal and the target is a number. */
export const DECIMAL = 'decimal';

/** Named by what they make. A blank value never reaches a transform: `blank` decides first. */
export const TRANSFORMS: Readonly<Record<string, TransformFacts>> = {
  trim: { ...base, runtimeName: 'trimText', summary: 'the text without white space at its ends' },
  collapse: {
    ...base,
    runtimeName: 'collapseSpaces',
    summary: 'the text with each run of white space made one blank',
  },
  upper: { ...base, runtimeName: 'upperCase', summary: 'the text in capitals' },
  lower: { ...base, runtimeName: 'lowerCase', summary: 'the text in small letters' },
  email: {
    ...base,
    canFail: true,
    maxLength: 254,
    format: 'email',
    runtimeName: 'toEmail',
    summary: 'an e-mail address: trimmed, its domain in small letters',
  },
  url: {
    ...base,
    canFail: true,
    maxLength: 2048,
    format: 'uri',
    runtimeName: 'toUrl',
    summary: 'an http or https URL in its normal form',
  },
  phone: {
    ...base,
    argument: 'region',
    canFail: true,
    maxLength: 16,
    runtimeName: 'toPhone',
    summary: 'a telephone number as E.164, read as in the given region',
  },
  integer: {
    ...base,
    makes: 'number',
    canFail: true,
    runtimeName: 'toInteger',
    summary: 'a whole number within 2^53',
  },
  [DECIMAL]: {
    ...base,
    makes: 'number',
    hasFraction: true,
    canFail: true,
    runtimeName: 'toDecimal',
    summary: 'a decimal number, digit for digit',
  },
  boolean: {
    ...base,
    makes: 'boolean',
    canFail: true,
    runtimeName: 'toBoolean',
    summary: 'true or false from true/false, yes/no, 1/0',
  },
  instant: {
    ...base,
    canFail: true,
    maxLength: 24,
    format: 'date-time',
    needsZone: true,
    runtimeName: 'toInstant',
    summary: 'an instant as ISO 8601 in UTC',
  },
  date: {
    ...base,
    canFail: true,
    maxLength: 10,
    format: 'date',
    needsZone: true,
    runtimeName: 'toCalendarDate',
    summary: 'a calendar day in the zone of the rules',
  },
  plus: {
    ...base,
    argument: 'duration',
    canFail: true,
    maxLength: 24,
    keepsFormat: true,
    runtimeName: 'addDuration',
    summary: 'the date or instant, later by the duration',
  },
};

/** Undefined where there is no transform of that name; `constructor` is none. */
export function findTransform(name: string): TransformFacts | undefined {
  return Object.hasOwn(TRANSFORMS, name) ? TRANSFORMS[name] : undefined;
}
