/** What `JSON.parse` would lose of a text without a word. */
export interface JsonScan {
  /** Members of all objects together, counted in the text. */
  readonly members: number;
  /** A number may not survive as a double, or a string may hold half a character. */
  readonly isDelicate: boolean;
}

const QUOTE = 34;
const COLON = 58;
const BACKSLASH = 92;
/** An integer of fewer digits is exact as a double. */
const EXACT_DIGITS = 15;
/** Half of a surrogate pair, or U+0000: some parsers and databases refuse them, others change them. */
const DELICATE_ESCAPE = /\\u(?:0000|[dD][89a-fA-F])/;

/** One pass over a text that is known to be JSON: cheap beside parsing it, so every answer is looked at. */
export function scanJson(text: string): JsonScan {
  let members = 0;
  let isDelicate = text.includes(String.raw`\u`) && DELICATE_ESCAPE.test(text);
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = findEnd(text, at);
      if (nextCode(text, at) === COLON) members += 1;
    } else if (isDigit(code)) {
      const start = at;
      while (isDigit(text.charCodeAt(at + 1))) at += 1;
      const next = text.charCodeAt(at + 1) | 32;
      isDelicate ||= at - start + 1 > EXACT_DIGITS || next === 101;
    }
  }
  return { members, isDelicate };
}

/** The quote that ends the string that begins at `start`. */
function findEnd(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end > 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end;
}

function isEscaped(text: string, at: number): boolean {
  let before = at - 1;
  while (text.charCodeAt(before) === BACKSLASH) before -= 1;
  return (at - before) % 2 === 0;
}

function nextCode(text: string, at: number): number {
  let next = at + 1;
  while (text.charCodeAt(next) <= 32) next += 1;
  return text.charCodeAt(next);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
