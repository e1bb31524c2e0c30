import type { BlankKind } from '../transforms/blank.ts';
import { createDecimals } from '../transforms/decimal.ts';

/** What an expression of the rules may name. */
export interface ExpressionScope {
  readonly source: unknown;
  readonly found: unknown;
  readonly ids: unknown;
  readonly each?: unknown;
  readonly config: unknown;
  /** The hand-written functions. */
  readonly custom?: unknown;
  /** What is sent of a record, in a look-up before it is created. */
  readonly sent?: unknown;
  /** One result of a batch. */
  readonly result?: unknown;
  /** In the rules of calls and success tests. */
  readonly body?: unknown;
  readonly status?: number;
  /** Texts that stand for "nothing", where the rules name them. */
  readonly sentinels?: readonly string[] | undefined;
}

export function isExpression(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith('=');
}

/**
 * The expression as plain JavaScript: what the rules allow of TypeScript has no types in it. `String` of nothing is
 * nothing, and a text with a blank part is nothing, as the language promises.
 */
export function evaluate(
  text: string,
  { source, config, found, ids, each, body, status, custom, result, sent, sentinels }: ExpressionScope,
): unknown {
  const now = { iso: '', date: '', epochS: 0, epochMs: 0, httpDate: '' };
  const isTemplate = /^`[^`]*`$/.test(text.trim());
  // oxlint-disable-next-line no-implied-eval -- a test oracle runs the client's own expressions, and nothing else
  const run = new Function(
    'source',
    'config',
    'now',
    'found',
    'ids',
    'each',
    'body',
    'status',
    'headers',
    'custom',
    'result',
    'sent',
    'String',
    'Number',
    'whole',
    'times',
    'sum',
    ...Object.keys(TAGS),
    `"use strict"; return (${isTemplate ? 'whole' : ''}${text.trim()}\n);`,
  ) as (...args: unknown[]) => unknown;
  const toText = (value: unknown): unknown =>
    value === null || value === undefined ? value : `${value as string}`;
  const toNumber = (value: unknown): number => {
    if (
      blankKind(value, sentinels) !== undefined ||
      `${value as string}`.trim() === '' ||
      !(+(value as string) <= Infinity)
    )
      throw new RangeError('no number');
    return +(value as string);
  };
  const whole = (texts: TemplateStringsArray, ...parts: unknown[]): unknown =>
    parts.some((part) => blankKind(part, sentinels) !== undefined)
      ? undefined
      : texts
          .map((piece, index) => piece + (index < parts.length ? `${parts[index] as string}` : ''))
          .join('');
  const { times, sum } = createDecimals((value) => blankKind(value, sentinels));
  return run(
    source,
    config,
    now,
    found,
    ids,
    each,
    body,
    status,
    {},
    custom,
    result,
    sent,
    toText,
    toNumber,
    whole,
    times,
    sum,
    ...Object.values(TAGS).map((write) => tagOf(write, sentinels)),
  );
}

type WritePart = (part: unknown) => string;

const inQuotes =
  (sign: string, escape: (text: string) => string): WritePart =>
  (part) =>
    typeof part === 'string' ? sign + escape(part) + sign : `${part as number}`;

const backslash = (text: string): string =>
  JSON.stringify(text)
    .slice(1, -1)
    .replaceAll(/\\[bf]|\\u00../g, (code) => JSON.parse(`"${code}"`) as string);

/** How a part is written by each tag of a template, as the reference says it. */
const TAGS: Readonly<Record<string, WritePart>> = {
  html: (part) =>
    [...`${part as string}`]
      .map((sign) => ('&<>"'.includes(sign) || sign === "'" ? (ENTITIES[sign] ?? '') : sign))
      .join(''),
  url: (part) =>
    [...Buffer.from(`${part as string}`)]
      .map((byte) => {
        const sign = String.fromCodePoint(byte);
        return /[\w.~-]/.test(sign) ? sign : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
      })
      .join(''),
  odata: inQuotes("'", (text) => text.split("'").join("''")),
  soql: inQuotes("'", (text) => backslash(text).replaceAll('\\"', '"').replaceAll("'", "\\'")),
  jql: inQuotes('"', backslash),
};

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const tagOf =
  (write: WritePart, sentinels: ExpressionScope['sentinels']) =>
  (texts: TemplateStringsArray, ...parts: unknown[]): unknown =>
    parts.some((part) => blankKind(part, sentinels) !== undefined)
      ? undefined
      : texts.reduce((made, text, index) => made + write(parts[index - 1]) + text);

/** @param sentinels of the rules */
export function blankKind(
  value: unknown,
  sentinels: readonly string[] = ['n/a', '-'],
): BlankKind | undefined {
  if (value === undefined) return 'absent';
  if (value === null) return 'null';
  if (typeof value !== 'string') return undefined;
  if (value.length === 0) return 'empty';
  if (/^\s+$/.test(value)) return 'whitespace';
  const said = value.trim().toLowerCase();
  return sentinels.some((text) => text.trim().toLowerCase() === said) ? 'sentinel' : undefined;
}
