import type { TransformCall } from '../model/integration-model.ts';
import { HASHES } from './transform-catalog.ts';
import type { ArgumentKind, TransformFacts } from './transform-facts.ts';

interface ArgumentRule {
  readonly fits: (text: string) => boolean;
  /** What it is not, and what to write instead. */
  readonly noun: string;
  readonly write: string;
  readonly example: string;
}

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

const RULES: Readonly<Record<ArgumentKind, ArgumentRule>> = {
  region: {
    fits: isRegion,
    noun: 'region',
    write: 'two capitals of ISO 3166',
    example: 'AU',
  },
  duration: {
    fits: (text) => /^\d+[dhms]$/.test(text),
    noun: 'duration',
    write: 'a whole number of d, h, m or s',
    example: '30d',
  },
  currency: {
    fits: (text) => CURRENCIES.has(text),
    noun: 'currency',
    write: 'three capitals of ISO 4217',
    example: 'AUD',
  },
  factor: {
    fits: (text) => /^-?\d{1,20}(?:\.\d{1,20})?$/.test(text),
    noun: 'decimal number',
    write: 'digits with a point',
    example: '1.1',
  },
  places: {
    fits: (text) => /^(?:\d|1\d|20)$/.test(text),
    noun: 'number of digits',
    write: 'a whole number from 0 to 20',
    example: '2',
  },
  length: {
    fits: (text) => /^[1-9]\d{0,6}$/.test(text),
    noun: 'length',
    write: 'a whole number of characters from 1 on',
    example: '255',
  },
  algorithm: {
    fits: (text) => HASHES.has(text),
    noun: 'hash',
    write: `one of ${[...HASHES.keys()].join(', ')}`,
    example: 'sha256',
  },
};

/** What is wrong with what stands in the parentheses behind a transform's name, or that it stands there or is missing. */
export function judgeArgument(call: TransformCall, facts: TransformFacts): string | undefined {
  const { name, argument } = call;
  if (facts.argument === 'none') return argument === undefined ? undefined : `"${name}" takes no argument.`;
  const { fits, noun, write, example } = RULES[facts.argument];
  if (argument === undefined) return `"${name}" needs an argument, as in ${name}(${example}).`;
  if (fits(argument)) return undefined;
  return `"${argument}" is no ${noun}; write ${write}, as in ${name}(${example}).`;
}

/** Regions of CLDR without a numbering plan of their own: unpeopled, of several countries, or of no place at all. */
const WITHOUT_NUMBERS: ReadonlySet<string> = new Set(
  'AQ BV CP CQ DG EA EU EZ GS HM IC PN QO TF UM UN XA XB ZZ'.split(' '),
);

/** Unicode knows old codes and those of other standards by their successors: `UK` is `GB`. */
export function isRegion(text: string): boolean {
  if (!/^[A-Z]{2}$/.test(text) || WITHOUT_NUMBERS.has(text)) return false;
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
  return new Intl.Locale(`und-${text}`).region === text && names.of(text) !== undefined;
}
