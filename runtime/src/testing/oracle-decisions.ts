import { isMultiple, roundTo } from './oracle-numbers.ts';
import * as transforms from './oracle-transforms.ts';

/** What the target's description says of a field. */
export interface TargetField {
  readonly type: string;
  readonly required: boolean;
  readonly maxLength?: number | undefined;
  readonly minLength?: number | undefined;
  readonly enum?: readonly unknown[] | undefined;
  readonly pattern?: string | undefined;
  readonly format?: string | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly multipleOf?: number | undefined;
  readonly minItems?: number | undefined;
  readonly maxItems?: number | undefined;
  /** A fact says that the source writes this number as text. */
  readonly decimalText?: boolean | undefined;
}

/** What becomes of a field. */
export type Verdict =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'leave' }
  | { readonly kind: 'drop' }
  | { readonly kind: 'stop'; readonly action: string };

export function decisionFor(given: unknown, kind: string): unknown {
  if (given === undefined || typeof given === 'string') return given;
  const map = given as Readonly<Record<string, unknown>>;
  if (Object.hasOwn(map, 'default')) return map;
  // YAML reads a bare `null:` as the key null, which becomes an empty text.
  return map[kind] ?? (kind === 'null' ? map[''] : undefined);
}

export function act(decision: unknown, value: unknown, field: TargetField): Verdict {
  if (typeof decision === 'object' && decision !== null)
    return { kind: 'value', value: (decision as { default: unknown }).default };
  switch (decision) {
    case 'omit':
      return { kind: 'leave' };
    case 'drop':
      return { kind: 'drop' };
    case 'clear':
      return { kind: 'value', value: null };
    case 'keep':
      return { kind: 'value', value };
    case 'round': {
      const rounded = roundTo(Number(value), field.multipleOf ?? 1);
      return brokenKind(rounded, field) === undefined
        ? { kind: 'value', value: rounded }
        : { kind: 'stop', action: 'review' };
    }
    case 'truncate': {
      let cut = '';
      for (const { segment } of new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(
        String(value),
      )) {
        if (cut.length + segment.length > (field.maxLength ?? 0)) break;
        cut += segment;
      }
      return { kind: 'value', value: cut };
    }
    default:
      return { kind: 'stop', action: String(decision) };
  }
}

export function brokenKind(value: unknown, field: TargetField): string | undefined {
  if (field.enum !== undefined && !field.enum.includes(value)) return 'not-listed';
  if (typeof value === 'string') {
    if (field.maxLength !== undefined && value.length > field.maxLength) return 'too-long';
    if (field.minLength !== undefined && value.length < field.minLength) return 'too-short';
    if (field.pattern !== undefined && !new RegExp(field.pattern, 'u').test(value)) return 'pattern';
    return transforms.fitsFormat(value, field.format) ? undefined : 'format';
  }
  if (typeof value === 'number') {
    if (field.minimum !== undefined && value < field.minimum) return 'too-small';
    if (field.maximum !== undefined && value > field.maximum) return 'too-large';
    if (field.multipleOf !== undefined && !isMultiple(value, field.multipleOf)) return 'multiple';
  }
  return undefined;
}
