/**
 * What the description says of a value whose format has no types of its own: all that XML, CSV and forms carry is text.
 * It holds only what the rules reach; whatever else an answer has is passed over.
 */
export type WireShape = WireScalar | ListShape | ObjectShape | AttributeShape;

export type WireScalar = 'text' | 'integer' | 'number' | 'boolean';

export interface ListShape {
  readonly list: WireShape;
  /** The element around the list, where there is one: `true` where it is called as the property. */
  readonly wrapper?: string | true;
  /** What each element of it is called, where it is not called as the property or the wrapper. */
  readonly element?: string;
}

export interface ObjectShape {
  readonly object: Readonly<Record<string, WireShape>>;
  /** What an element is called, where it is not called as the property. */
  readonly element?: string;
  readonly namespace?: string;
  /** Of the namespace; names are given with it. */
  readonly prefix?: string;
}

/** A scalar that stands elsewhere than in an element of the property's name. */
export interface AttributeShape {
  readonly scalar: WireScalar;
  readonly attribute?: string;
  readonly element?: string;
  /** The text of the element itself. */
  readonly isText?: true;
}

/**
 * The value that a text stands for. A text that is none of its type stays a text, so that whoever reads the field sees
 * that it is not what the description says; an integer keeps every digit.
 */
export function readScalar(text: string, type: WireScalar): string | number | bigint | boolean {
  const trimmed = text.trim();
  if (type === 'boolean') return trimmed === 'true' ? true : trimmed === 'false' ? false : text;
  if (type === 'text' || !/^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(trimmed)) return text;
  const value = Number(trimmed);
  if (/^[+-]?\d+$/.test(trimmed))
    return Number.isSafeInteger(value) ? value : BigInt(trimmed.replace('+', ''));
  return type === 'number' && Number.isFinite(value) ? value : text;
}

/** A scalar as text. @throws Error where it is none: an object has no place in the format. */
export function writeScalar(value: unknown, name: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return String(value);
  throw new Error(`The field ${name} holds an object or a list, for which this format has no place.`);
}

export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
