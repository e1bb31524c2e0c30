import { z } from 'zod';

export type InvalidKind =
  'format' | 'too-long' | 'too-short' | 'pattern' | 'not-listed' | 'too-small' | 'too-large' | 'multiple';

/** What the target's description accepts. Lengths count UTF-16 units. */
export interface Bounds {
  readonly maxLength?: number;
  readonly minLength?: number;
  readonly pattern?: RegExp;
  readonly format?: 'uuid' | 'date' | 'date-time' | 'email' | 'uri';
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
}

export interface BrokenBound {
  readonly kind: InvalidKind;
  readonly problem: string;
}

const url = z.url();
const dateTime = z.regexes.datetime({ offset: true });

/** As zod judges them: by a pattern alone where it has one, for its schemas cost ten times as much. */
const formats = {
  uuid: (text: string) => z.regexes.guid.test(text),
  date: (text: string) => z.regexes.date.test(text),
  'date-time': (text: string) => dateTime.test(text),
  email: (text: string) => z.regexes.email.test(text),
  uri: (text: string) => url.safeParse(text).success,
} as const;

/** The first bound that a value breaks, or undefined. */
export function findBrokenBound(
  value: string | number | bigint | boolean | null,
  bounds: Bounds,
): BrokenBound | undefined {
  if (typeof value === 'string') return findBrokenText(value, bounds);
  if (typeof value === 'bigint') return findBrokenNumber(Number(value), bounds);
  return typeof value === 'number' ? findBrokenNumber(value, bounds) : undefined;
}

function findBrokenText(value: string, bounds: Bounds): BrokenBound | undefined {
  const { maxLength, minLength, pattern, format } = bounds;
  if (maxLength !== undefined && value.length > maxLength)
    return { kind: 'too-long', problem: `has ${value.length} characters, ${maxLength} are accepted` };
  if (minLength !== undefined && value.length < minLength)
    return { kind: 'too-short', problem: `has ${value.length} characters, ${minLength} are wanted` };
  if (pattern !== undefined && !pattern.test(value))
    return { kind: 'pattern', problem: 'does not fit the pattern that is accepted' };
  if (format !== undefined && !formats[format](value)) return { kind: 'format', problem: `is no ${format}` };
  return undefined;
}

function findBrokenNumber(value: number, bounds: Bounds): BrokenBound | undefined {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = bounds;
  // JSON has no such number: it would be sent as null.
  if (!Number.isFinite(value))
    return { kind: 'format', problem: `is ${value}, which is no number that can be sent` };
  if (minimum !== undefined && value < minimum)
    return { kind: 'too-small', problem: `is ${value}, at least ${minimum} is wanted` };
  if (maximum !== undefined && value > maximum)
    return { kind: 'too-large', problem: `is ${value}, at most ${maximum} is accepted` };
  if (exclusiveMinimum !== undefined && value <= exclusiveMinimum)
    return { kind: 'too-small', problem: `is ${value}, more than ${exclusiveMinimum} is wanted` };
  if (exclusiveMaximum !== undefined && value >= exclusiveMaximum)
    return { kind: 'too-large', problem: `is ${value}, less than ${exclusiveMaximum} is accepted` };
  if (multipleOf !== undefined && !isMultiple(value, multipleOf))
    return { kind: 'multiple', problem: `is ${value}, a multiple of ${multipleOf} is wanted` };
  return undefined;
}

/** 0.3 is a multiple of 0.1, although the division of the two doubles is 2.9999999999999996. */
function isMultiple(value: number, of: number): boolean {
  const ratio = value / of;
  return Math.abs(ratio - Math.round(ratio)) <= Math.abs(ratio) * Number.EPSILON * 2;
}
