import type { Schema } from '../model/api-model.ts';
import type { FieldModel } from '../model/integration-model.ts';
import { boundsAfter } from './bounds.ts';
import type { Bounds } from './bounds.ts';
import { classify } from './measure-blank.ts';
import type { BlankContext } from './measure-blank.ts';
import { fits, measureBounds } from './measure-invalid.ts';
import { CHECKED_FORMATS } from './satisfies-text.ts';
import { transformsOf } from './implied-transforms.ts';

/** How long texts of a format are: RFC 9562 (uuid), RFC 3339 (date, date-time). */
const LENGTHS: ReadonlyMap<string, readonly [number, number]> = new Map([
  ['uuid', [36, 36]],
  ['date', [10, 10]],
  ['date-time', [20, Infinity]],
]);

const STOPS: ReadonlySet<string> = new Set(['review', 'fail', 'skip']);

/** An address of mail may be written as one of the web; no other two formats have a text in common. */
const OVERLAPPING = new Set(['email', 'uri']);

/** Why nothing that the descriptions let a field be is ever accepted: every record would stop at it. Undefined where something may be. */
export function findMisfit(field: FieldModel, context: BlankContext): string | undefined {
  // Somebody has said what is sent instead.
  const decided = [field.invalid?.all, ...(field.invalid?.byKind.values() ?? [])];
  if (
    decided.some(
      (decision) => decision !== undefined && !('action' in decision && STOPS.has(decision.action)),
    )
  )
    return undefined;
  if (field.table !== undefined || field.each !== undefined) return undefined;
  const calls = transformsOf(field, context);
  for (const value of field.values) {
    if (value.kind === 'literal') continue;
    const before = measureBounds(value, context);
    const bounds = boundsAfter(calls, before);
    const misfit =
      judgeMembers(field.schema, bounds, context) ??
      judgeText(field.schema, bounds) ??
      judgeNumber(field.schema, bounds);
    if (misfit !== undefined) return misfit;
  }
  return undefined;
}

function judgeMembers(
  target: Schema,
  { members: all = [] }: Bounds,
  context: BlankContext,
): string | undefined {
  // What is blank is decided about before.
  const members = all.filter((member) => classify(member, context).size === 0);
  if (members.length === 0 || members.some((member) => fits(target, member))) return undefined;
  const shown = members.slice(0, 5).map(String).join(', ');
  const listed = target.enum?.slice(0, 5).map(String).join(', ');
  return `the source has ${shown}${members.length > 5 ? ', …' : ''}, and the target accepts none of them${listed === undefined ? '' : `: it has ${listed}${(target.enum?.length ?? 0) > 5 ? ', …' : ''}`}. Translate them with a table.`;
}

function judgeText({ maxLength, minLength, format }: Schema, bounds: Bounds): string | undefined {
  const [least, most] = lengthsOf(bounds);
  const from = bounds.format === undefined ? 'the value' : `a text of the format ${bounds.format}`;
  if (maxLength !== undefined && least > maxLength)
    return `${from} has at least ${least} characters, and at most ${maxLength} are accepted. Map another field, or shorten it: as: truncate(${maxLength}).`;
  if (minLength !== undefined && most < minLength)
    return `${from} has at most ${most} characters, and at least ${minLength} are wanted.`;
  if (format === undefined || format === bounds.format) return undefined;
  if (bounds.format === undefined) return judgeLength(format, least, most);
  if (![format, bounds.format].every((name) => CHECKED_FORMATS.has(name))) return undefined;
  if ([format, bounds.format].every((name) => OVERLAPPING.has(name))) return undefined;
  const way = { date: ' Write as: date.', 'date-time': ' Write as: instant.' }[format];
  const isTime = bounds.format === 'date' || bounds.format === 'date-time';
  return `the value has the format ${bounds.format}, and ${format} is wanted.${isTime ? (way ?? '') : ''}`;
}

/** A text of a format has the lengths of that format, whatever it says. */
function judgeLength(format: string, least: number, most: number): string | undefined {
  const [shortest, longest] = LENGTHS.get(format) ?? [0, Infinity];
  if (least <= longest && most >= shortest) return undefined;
  const wanted = shortest === longest ? String(shortest) : `at least ${shortest}`;
  const has = least === most ? String(least) : least > longest ? `at least ${least}` : `at most ${most}`;
  return `the value has ${has} characters, and a text of the format ${format} has ${wanted}.`;
}

function lengthsOf({ minLength = 0, maxLength = Infinity, format = '' }: Bounds): readonly [number, number] {
  const [least, most] = LENGTHS.get(format) ?? [0, Infinity];
  return [Math.max(least, minLength), Math.min(most, maxLength)];
}

function judgeNumber(target: Schema, bounds: Bounds): string | undefined {
  if (target.maximum !== undefined && (bounds.minimum ?? -Infinity) > target.maximum)
    return `the value is at least ${bounds.minimum}, and at most ${target.maximum} is accepted.`;
  if (target.minimum !== undefined && (bounds.maximum ?? Infinity) < target.minimum)
    return `the value is at most ${bounds.maximum}, and at least ${target.minimum} is wanted.`;
  return undefined;
}
