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
  if (scalar.type === Scalar.QUOTE_DOUBLE) return walkEscaped(text, start + 1, end - 1, offset);
  if (scalar.type === Scalar.QUOTE_SINGLE) return walkSingle(text, start + 1, end - 1, offset);
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

function walkSingle(text: string, start: number, end: number, offset: number): number {
  let at = start;
  for (let index = 0; index < offset && at < end; index += 1) at += text.startsWith("''", at) ? 2 : 1;
  return Math.min(at, end);
}

function walkEscaped(text: string, start: number, end: number, offset: number): number {
  let at = start;
  for (let index = 0; index < offset && at < end; index += 1) {
    if (text[at] !== '\\') at += 1;
    else at += { x: 4, u: 6, U: 10 }[text[at + 1] ?? ''] ?? 2;
  }
  return Math.min(at, end);
}
