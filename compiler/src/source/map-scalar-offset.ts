import { Scalar } from 'yaml';

/**
 * Offset in the file of a UTF-16 offset in the decoded scalar: plain, quoted, literal and folded forms.
 * Where YAML folded lines into one, the first unit of the matching word is found by walking both texts.
 */
export function mapScalarOffset(text: string, scalar: Scalar, offset: number): number {
  const [start, end] = scalar.range ?? [0, 0];
  if (scalar.type === Scalar.BLOCK_LITERAL || scalar.type === Scalar.BLOCK_FOLDED) {
    const bodyStart = text.indexOf('\n', start) + 1;
    return walkFolded(text, bodyStart, end, String(scalar.value), offset);
  }
  if (scalar.type === Scalar.QUOTE_DOUBLE)
    return walkQuoted(text, { start: start + 1, end: end - 1 }, offset, readEscape);
  if (scalar.type === Scalar.QUOTE_SINGLE)
    return walkQuoted(text, { start: start + 1, end: end - 1 }, offset, readDoubledQuote);
  return walkFolded(text, start, end, String(scalar.value), offset);
}

/** Line breaks and indentation in the file stand for at most one unit of the decoded text. */
function walkFolded(text: string, start: number, end: number, decoded: string, offset: number): number {
  let at = start;
  for (let index = 0; index <= offset && at < end; index += 1) {
    const wanted = decoded[index];
    if (wanted !== undefined && !/\s/.test(wanted)) while (at < end && text[at] !== wanted) at += 1;
    if (index === offset) return at;
    at += 1;
  }
  return Math.min(at, end);
}

/** How many units of the file stand for how many of the decoded text. */
interface Piece {
  readonly typed: number;
  readonly decoded: number;
}

/** A special piece that begins here, or undefined where the unit stands for itself. */
type ReadPiece = (text: string, at: number) => Piece | undefined;

function walkQuoted(
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
  offset: number,
  readPiece: ReadPiece,
): number {
  let at = start;
  for (let decoded = 0; at < end;) {
    const piece = readPiece(text, at) ?? readFold(text, at) ?? { typed: 1, decoded: 1 };
    // What stands for nothing (an escaped line break) is passed over, so that a place is where its text is.
    if (decoded + piece.decoded > offset) return at;
    at += piece.typed;
    decoded += piece.decoded;
  }
  return Math.min(at, end);
}

/** One line break inside quotes is a blank, several are one line break fewer; the white space around them is gone. */
function readFold(text: string, at: number): Piece | undefined {
  const fold = /[ \t]*(?:\r?\n[ \t]*)+/y;
  fold.lastIndex = at;
  const [match] = fold.exec(text) ?? [];
  if (match === undefined) return undefined;
  const breaks = match.split('\n').length - 1;
  return { typed: match.length, decoded: Math.max(1, breaks - 1) };
}

function readDoubledQuote(text: string, at: number): Piece | undefined {
  return text.startsWith("''", at) ? { typed: 2, decoded: 1 } : undefined;
}

function readEscape(text: string, at: number): Piece | undefined {
  if (text[at] !== '\\') return undefined;
  const next = text[at + 1] ?? '';
  const broken = /\\\r?\n[ \t]*/y;
  broken.lastIndex = at;
  const [lineBreak] = broken.exec(text) ?? [];
  if (lineBreak !== undefined) return { typed: lineBreak.length, decoded: 0 };
  const typed = { x: 4, u: 6, U: 10 }[next] ?? 2;
  // Beyond the basic plane a character has two units.
  const isPair = next === 'U' && Number.parseInt(text.slice(at + 2, at + 10), 16) > 0xffff;
  return { typed, decoded: isPair ? 2 : 1 };
}
