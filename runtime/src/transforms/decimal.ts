import { Big } from 'big.js';
import type { FindBlankKind } from './blank.ts';
import { failed, made } from './transform.ts';
import type { Transformed } from './transform.ts';

/** More digits than any amount has; a product of longer ones would only take time. */
const LONGEST = 400;
const DECIMAL = /^[+-]?\d+(?:\.\d+)?$/;

/** The exact value of a plain decimal. A comma, a currency sign or an exponent is not guessed at. */
export function readDecimal(value: string | number | boolean): Big | undefined {
  const text = String(value).trim();
  // Big.js would read the sign of a plus as an error.
  return text.length <= LONGEST && DECIMAL.test(text) ? new Big(text.replace('+', '')) : undefined;
}

/** The number as JSON sends it, where that is digit for digit the same; else it fails and nothing is rounded. */
export function madeDecimal(exact: Big): Transformed<number> {
  const text = exact.toFixed();
  const number = Number(text);
  // Below a millionth a number is written with an exponent, which no later step and few targets read.
  if (!DECIMAL.test(String(number)) || !exact.eq(String(number)))
    return failed('this number has more digits than JSON keeps exactly');
  return made(number === 0 ? 0 : number);
}

/**
 * A decimal number from its text, digit for digit: one that JSON's numbers would not give back the same is refused, never
 * rounded.
 */
export function toDecimal(value: string | number | boolean): Transformed<number> {
  const exact = readDecimal(value);
  return exact === undefined ? failed('this is no decimal number') : madeDecimal(exact);
}

/** The exact product with a decimal `factor`, such as `1.1`; nothing is rounded. Fails as `toDecimal` does. */
export function multiplyDecimal(value: string | number | boolean, factor: string): Transformed<number> {
  const exact = readDecimal(value);
  const by = readDecimal(factor);
  if (exact === undefined || by === undefined) return failed('this is no decimal number');
  return madeDecimal(exact.times(by));
}

/** The nearest multiple of `of`, reckoned with decimals, a half away from zero; undefined where there is none. */
export function roundToMultiple(value: number, of: number): number | undefined {
  const [exact, step] = [readDecimal(value), readDecimal(of)];
  if (exact === undefined || step === undefined || step.eq(0)) return undefined;
  const rounded = madeDecimal(exact.div(step).round(0, Big.roundHalfUp).times(step));
  return rounded.ok ? rounded.value : undefined;
}

/** A decimal as text with exactly `places` digits behind the point: `12.5` is `12.50`. Fails where it has more of them. */
export function toFixedDecimal(value: string | number | boolean, places: number): Transformed<string> {
  const exact = readDecimal(value);
  if (exact === undefined) return failed('this is no decimal number');
  if (!exact.round(places).eq(exact)) return failed(`this has more than ${places} digits behind the point`);
  return made(exact.toFixed(places).replace(/^-(?=[0.]+$)/, ''));
}

type DecimalText = string | number | null | undefined;

/** Sums and products of expressions. */
export interface Decimals {
  /** The exact product as text, undefined where a part is blank. @throws RangeError where one is no decimal */
  readonly times: (left: DecimalText, right: DecimalText) => string | undefined;
  /**
   * The exact sum as text, `0` of an empty list. Undefined where a part is blank: a sum without it would be another amount.
   * @throws RangeError where one is no decimal
   */
  readonly sum: (values: readonly DecimalText[]) => string | undefined;
}

export function createDecimals(findBlankKind: FindBlankKind): Decimals {
  const demandDecimal = (value: DecimalText): Big | undefined => {
    if (value === null || value === undefined || findBlankKind(value) !== undefined) return undefined;
    const exact = readDecimal(value);
    // The value stays out of the message: it may be personal.
    if (exact === undefined) throw new RangeError('a value that is multiplied or added is no decimal number');
    return exact;
  };
  return {
    times: (left, right) => {
      const [one, other] = [demandDecimal(left), demandDecimal(right)];
      return one === undefined || other === undefined ? undefined : one.times(other).toFixed();
    },
    sum: (values) => {
      let total = new Big(0);
      for (const value of values) {
        const exact = demandDecimal(value);
        if (exact === undefined) return undefined;
        total = total.plus(exact);
      }
      return total.toFixed();
    },
  };
}
