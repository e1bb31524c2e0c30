import type { TransformCall } from '../model/integration-model.ts';
import type { Scalar } from '../model/rules-input.ts';
import { findTransform } from './transform-catalog.ts';

/** What is known of a value before the service runs; undefined where nothing is. */
export interface Bounds {
  readonly maxLength: number | undefined;
  readonly minLength: number | undefined;
  readonly format: string | undefined;
  readonly pattern: string | undefined;
  readonly members: readonly Scalar[] | undefined;
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
  readonly exclusiveMinimum: number | undefined;
  readonly exclusiveMaximum: number | undefined;
}

export const UNKNOWN: Bounds = {
  maxLength: undefined,
  minLength: undefined,
  format: undefined,
  pattern: undefined,
  members: undefined,
  minimum: undefined,
  maximum: undefined,
  exclusiveMinimum: undefined,
  exclusiveMaximum: undefined,
};

/** What is known of a value once the transforms have been through it. */
export function boundsAfter(calls: readonly TransformCall[], before: Bounds): Bounds {
  return calls.reduce(narrow, before);
}

/** A pattern and listed values are lost: nobody knows what a transform makes of them. */
function narrow(before: Bounds, { name, argument = '' }: TransformCall): Bounds {
  const facts = findTransform(name);
  if (facts === undefined) return UNKNOWN;
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = before;
  const [least, most = Infinity] = facts.lengthOf?.(argument) ?? [];
  const longest = Math.min(most, (facts.growth ?? Infinity) * longestOf(before));
  return {
    ...UNKNOWN,
    ...(facts.keepsNumber ? { minimum, maximum, exclusiveMinimum, exclusiveMaximum } : {}),
    minLength: least,
    maxLength: longest === Infinity ? undefined : longest,
    format: facts.keepsFormat ? before.format : facts.format,
  };
}

function longestOf({ maxLength, members }: Bounds): number {
  return members === undefined
    ? (maxLength ?? Infinity)
    : Math.max(0, ...members.map((member) => String(member).length));
}
