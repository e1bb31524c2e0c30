/** What stands in the parentheses behind a transform's name. */
export type ArgumentKind = 'region' | 'duration' | 'currency' | 'factor' | 'places' | 'length' | 'algorithm';

/** What the compiler must know of a transform: what it takes, what it makes, and whether it can fail. */
export interface TransformFacts {
  readonly makes: 'string' | 'number' | 'boolean';
  readonly argument: ArgumentKind | 'none';
  /** It makes numbers that may have a fraction. */
  readonly hasFraction: boolean;
  readonly canFail: boolean;
  /** Shortest and longest text it makes, in UTF-16 units, by its argument; undefined where only `growth` tells. */
  readonly lengthOf: ((argument: string) => readonly [least: number, most: number]) | undefined;
  /** How many times longer than what it is given its text can be; undefined where the one says nothing of the other. */
  readonly growth: number | undefined;
  /** The OpenAPI format that its result satisfies. */
  readonly format: string | undefined;
  /** What is a date stays a date, what is an instant an instant. */
  readonly keepsFormat: boolean;
  /** The number that it makes is the one that it is given. */
  readonly keepsNumber: boolean;
  readonly needsZone: boolean;
  /** The runtime's function, called as `name(value, …)`. */
  readonly runtimeName: string;
  readonly summary: string;
}

type Told = Pick<TransformFacts, 'runtimeName' | 'summary'> & Partial<TransformFacts>;

const PLAIN = {
  makes: 'string',
  argument: 'none',
  canFail: false,
  lengthOf: undefined,
  growth: undefined,
  format: undefined,
  keepsFormat: false,
  keepsNumber: false,
  needsZone: false,
  hasFraction: false,
} as const;

/** A transform that makes text of another text, at most as long. */
export function ofText(facts: Told): TransformFacts {
  return { ...PLAIN, growth: 1, ...facts };
}

/** A transform that reads a value of a kind, and fails where it is none. */
export function ofKind(facts: Told): TransformFacts {
  return { ...PLAIN, canFail: true, ...facts };
}

/** A transform that makes a number, and fails where it cannot. */
export function ofNumber(facts: Told): TransformFacts {
  return { ...PLAIN, makes: 'number', canFail: true, ...facts };
}

/** Texts of `least` to `most` units, whatever the argument. */
export function between(least: number, most: number): () => readonly [number, number] {
  return () => [least, most];
}
