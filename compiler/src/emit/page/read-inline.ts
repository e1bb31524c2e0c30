/** What stands in a line. */
export type InlineToken =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'strong'; readonly tokens: readonly InlineToken[] }
  | { readonly kind: 'link'; readonly href: string; readonly tokens: readonly InlineToken[] }
  | { readonly kind: 'image'; readonly href: string; readonly text: string };

const ESCAPE = /\\([!-/:-@[-`{-~])/y;
const FENCE = /`+/y;
const STRONG = /\*\*(?=\S)/y;
const LINK = /(!?)\[((?:\\.|`[^`]*`|[^\]\\`])*)\]\(([^()\s]*)\)/sy;
const PLAIN = /[^\\`*![]+/y;

/** Code, strong text, links, images, and escaped signs; a sign that begins none of them stands for itself. */
export function readInline(text: string): readonly InlineToken[] {
  return readUntil(text, 0, undefined).tokens;
}

interface Taken {
  readonly tokens: readonly InlineToken[];
  readonly end: number;
}

/** @param closing what ends the part; undefined for the end of the text */
function readUntil(text: string, start: number, closing: '**' | undefined): Taken {
  const tokens: InlineToken[] = [];
  let plain = '';
  let at = start;
  const add = (token: InlineToken): void => {
    if (plain !== '') tokens.push({ kind: 'text', text: plain });
    plain = '';
    tokens.push(token);
  };
  while (at < text.length) {
    if (closing !== undefined && text.startsWith(closing, at)) break;
    const found = readToken(text, at);
    if (typeof found.token === 'string') plain += found.token;
    else add(found.token);
    at = found.end;
  }
  if (plain !== '') tokens.push({ kind: 'text', text: plain });
  return { tokens, end: at };
}

interface Found {
  readonly token: InlineToken | string;
  readonly end: number;
}

function readToken(text: string, at: number): Found {
  const plain = match(PLAIN, text, at);
  if (plain !== null) return { token: plain[0].replaceAll('\n', ' '), end: at + plain[0].length };
  const escape = match(ESCAPE, text, at);
  if (escape !== null) return { token: escape[1] ?? '', end: at + 2 };
  const fence = match(FENCE, text, at);
  if (fence !== null) return readCode(text, at, fence[0]);
  const link = match(LINK, text, at);
  if (link !== null) {
    const [whole, sign, inner = '', href = ''] = link;
    const tokens = readInline(inner);
    const token: InlineToken =
      sign === '!' ? { kind: 'image', href, text: plainText(tokens) } : { kind: 'link', href, tokens };
    return { token, end: at + whole.length };
  }
  if (match(STRONG, text, at) !== null) {
    const { tokens, end } = readUntil(text, at + 2, '**');
    if (text.startsWith('**', end)) return { token: { kind: 'strong', tokens }, end: end + 2 };
  }
  return { token: text[at] ?? '', end: at + 1 };
}

/** A fence is closed by one of the same length; a blank that keeps a fence from its code is none of it. */
function readCode(text: string, at: number, fence: string): Found {
  const start = at + fence.length;
  const closing = new RegExp(`(?<!\`)${fence}(?!\`)`, 'g');
  closing.lastIndex = start;
  const end = closing.exec(text)?.index;
  if (end === undefined) return { token: fence, end: start };
  const code = text.slice(start, end).replaceAll('\n', ' ');
  const isSpaced = code.startsWith(' ') && code.endsWith(' ') && code.trim() !== '';
  return { token: { kind: 'code', text: isSpaced ? code.slice(1, -1) : code }, end: end + fence.length };
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

export function plainText(tokens: readonly InlineToken[]): string {
  return tokens.map((token) => ('tokens' in token ? plainText(token.tokens) : token.text)).join('');
}
