import {
  brotliCompressSync,
  brotliDecompressSync,
  deflateSync,
  gunzipSync,
  gzipSync,
  inflateSync,
} from 'node:zlib';
import { mediaTypeOf } from '../formats/body-format.ts';
import { NotJsonError, replaceJsonTexts } from './walk-json.ts';
import type { ReplaceText } from './walk-json.ts';

interface Coding {
  readonly decode: (bytes: Buffer) => Buffer;
  readonly encode: (bytes: Buffer) => Buffer;
}

const CODINGS: Readonly<Record<string, Coding>> = {
  gzip: { decode: (bytes) => gunzipSync(bytes), encode: (bytes) => gzipSync(bytes) },
  deflate: { decode: (bytes) => inflateSync(bytes), encode: (bytes) => deflateSync(bytes) },
  br: { decode: (bytes) => brotliDecompressSync(bytes), encode: (bytes) => brotliCompressSync(bytes) },
};

/** How a body was sent. */
export interface BodyHeaders {
  readonly type: string;
  /** `Content-Encoding`, where there was one. */
  readonly coding: string | undefined;
}

/** What a body says, without its compression; undefined where nobody can tell. */
export function decodeBody(bytes: Buffer, coding: string | undefined): Buffer | undefined {
  const known = coding?.trim().toLowerCase() ?? 'identity';
  if (known === 'identity' || bytes.length === 0) return bytes;
  try {
    return CODINGS[known]?.decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * Replaces texts in a body, and leaves every other byte as it was on the wire; where anything is replaced, what was
 * compressed is compressed again. A body of a format that is not understood is replaced as a whole.
 */
export function redactBody(bytes: Buffer, { type, coding }: BodyHeaders, replace: ReplaceText): Buffer {
  if (bytes.length === 0) return bytes;
  const decoded = decodeBody(bytes, coding);
  if (decoded === undefined) return mask(bytes, replace);
  const redacted = redactPlain(decoded, mediaTypeOf(type), replace);
  if (redacted.equals(decoded)) return bytes;
  return CODINGS[coding?.trim().toLowerCase() ?? '']?.encode(redacted) ?? redacted;
}

function redactPlain(bytes: Buffer, type: string, replace: ReplaceText): Buffer {
  if (type === 'application/x-www-form-urlencoded')
    return fromLatin1(redactForm(toLatin1(bytes), (text, name) => replace(text, name)));
  try {
    // Some servers send their JSON under another name.
    return replaceJsonTexts(bytes, replace);
  } catch (error) {
    if (!(error instanceof NotJsonError)) throw error;
  }
  const text = toLatin1(bytes);
  if (/[/+]xml$/.test(type) && text.trimStart().startsWith('<')) return fromLatin1(redactXml(text, replace));
  if (type === 'text/csv') return fromLatin1(redactCsv(text, replace));
  return mask(bytes, replace);
}

/** Tells what was there, and nothing of it. */
function mask(bytes: Buffer, replace: ReplaceText): Buffer {
  const size = bytes.length < 1000 ? 'less than 1000' : 'more than 1000';
  return Buffer.from(replace('', '') ?? `[redacted: ${size} bytes that are not understood]`);
}

/** Pairs of a form or of a query: what is not replaced stays as it was written. */
export function redactForm(
  text: string,
  replace: (text: string, name: string) => string | undefined,
): string {
  return text
    .split('&')
    .map((pair) => {
      const [name = '', ...rest] = pair.split('=');
      if (rest.length === 0) return pair;
      const value = decodePart(rest.join('='));
      const replaced = replace(value, decodePart(name));
      return replaced === undefined || replaced === value ? pair : `${name}=${encodeURIComponent(replaced)}`;
    })
    .join('&');
}

export function decodePart(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

const XML_TOKEN = /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<[^>]*>|[^<]+/g;
const XML_ATTRIBUTE = /([\w:.-]+)(\s*=\s*)("[^"]*"|'[^']*')/g;

/** Texts between tags and in attributes; comments go. */
function redactXml(text: string, replace: ReplaceText): string {
  const open: string[] = [];
  const swap = (value: string, name: string): string =>
    replaceBytes(value, (plain) => {
      const replaced = replace(unescapeXml(plain), name);
      return replaced === undefined ? undefined : escapeXml(replaced);
    });
  return text.replaceAll(XML_TOKEN, (token) => {
    if (token.startsWith('<!--')) return '<!---->';
    if (token.startsWith('<![CDATA['))
      return `<![CDATA[${replaceBytes(token.slice(9, -3), (plain) => replace(plain, open.join('.')))}]]>`;
    if (!token.startsWith('<')) return token.trim() === '' ? token : swap(token, open.join('.'));
    if (token.startsWith('<?') || token.startsWith('<!')) return token;
    const name = /^<\/?([^\s/>]+)/.exec(token)?.[1] ?? '';
    if (token.startsWith('</')) open.pop();
    else if (!token.endsWith('/>')) open.push(name.replace(/^.*:/, ''));
    return token.replaceAll(
      XML_ATTRIBUTE,
      (whole: string, attribute: string, sign: string, quoted: string) =>
        attribute.startsWith('xmlns')
          ? whole
          : `${attribute}${sign}${quoted[0]}${swap(quoted.slice(1, -1), [...open, attribute].join('.'))}${quoted[0]}`,
    );
  });
}

function unescapeXml(text: string): string {
  const signs: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return text
    .replaceAll(/&#(\d{1,6});/g, (_whole, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll(/&#x([0-9a-f]{1,5});/gi, (_whole, code: string) =>
      String.fromCodePoint(Number.parseInt(code, 16)),
    )
    .replaceAll(/&(lt|gt|quot|apos|amp);/g, (_whole, name: string) => signs[name] ?? '');
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

const CSV_CELL = /("(?:[^"]|"")*"|[^,;\t\r\n]*)([,;\t]|\r?\n|$)/g;

/** Cells below a line of names. */
function redactCsv(text: string, replace: ReplaceText): string {
  const names: string[] = [];
  let [line, column] = [0, 0];
  return text.replaceAll(CSV_CELL, (whole: string, cell: string, end: string) => {
    if (whole === '') return whole;
    const quoted = cell.startsWith('"');
    const value = quoted ? cell.slice(1, -1).replaceAll('""', '"') : cell;
    const name = names[column] ?? '';
    if (line === 0) names.push(value.trim());
    const swapped = line === 0 ? value : replaceBytes(value, (plain) => replace(plain, name));
    column = /\n/.test(end) ? 0 : column + 1;
    if (column === 0) line += 1;
    if (swapped === value) return whole;
    return `${quoted || /[",;\t\r\n]/.test(swapped) ? `"${swapped.replaceAll('"', '""')}"` : swapped}${end}`;
  });
}

/** A part of a text that holds one sign a byte. */
function replaceBytes(part: string, replace: (text: string) => string | undefined): string {
  const plain = fromLatin1(part).toString('utf8');
  const replaced = replace(plain);
  return replaced === undefined || replaced === plain ? part : toLatin1(Buffer.from(replaced));
}

function toLatin1(bytes: Buffer): string {
  return bytes.toString('latin1');
}

function fromLatin1(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}
