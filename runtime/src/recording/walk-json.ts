/** What is put in the place of a text; undefined where it stays. */
export type ReplaceText = (text: string, path: string) => string | undefined;

export class NotJsonError extends Error {}

interface Cursor {
  /** One sign a byte (latin1), so that what is not touched stays the same, whatever it is. */
  readonly text: string;
  at: number;
  readonly out: string[];
  /** Up to here, everything is in `out`. */
  copied: number;
}

const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const DEEPEST = 500;

/**
 * Replaces texts of a JSON document, of one or several in a row, and leaves every other byte alone: white space, digits
 * of numbers, names that are there twice, bytes that are no UTF-8. Elements of lists have the path `[]`.
 * @throws NotJsonError where the bytes are no JSON
 */
export function replaceJsonTexts(bytes: Buffer, replace: ReplaceText): Buffer {
  const cursor: Cursor = { text: bytes.toString('latin1'), at: 0, out: [], copied: 0 };
  // A byte order mark is no data.
  if (cursor.text.startsWith('\u00ef\u00bb\u00bf')) cursor.at = 3;
  skipSpace(cursor);
  if (cursor.at >= cursor.text.length) throw new NotJsonError('There is nothing.');
  while (cursor.at < cursor.text.length) {
    walkValue(cursor, '', replace, 0);
    skipSpace(cursor);
  }
  cursor.out.push(cursor.text.slice(cursor.copied));
  return Buffer.from(cursor.out.join(''), 'latin1');
}

function walkValue(cursor: Cursor, path: string, replace: ReplaceText, depth: number): void {
  skipSpace(cursor);
  if (depth > DEEPEST) throw new NotJsonError('It is nested too deep.');
  switch (cursor.text[cursor.at]) {
    case '{':
      walkMembers(cursor, path, replace, depth);
      return;
    case '[':
      walkElements(cursor, path, replace, depth);
      return;
    case '"':
      walkText(cursor, path, replace);
      return;
    default:
      walkRest(cursor);
  }
}

function walkMembers(cursor: Cursor, path: string, replace: ReplaceText, depth: number): void {
  cursor.at += 1;
  if (skipEnd(cursor, '}')) return;
  for (;;) {
    skipSpace(cursor);
    const name = walkText(cursor, '', (text) => replace(text, `${path}{}`));
    expectSign(cursor, ':');
    walkValue(cursor, addName(path, name), replace, depth + 1);
    if (skipEnd(cursor, '}')) return;
    expectSign(cursor, ',');
  }
}

/** As the compiler writes paths, so that a field is found by its own. */
function addName(path: string, name: string): string {
  if (!/^[^.[\]"]+$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === '' ? name : `${path}.${name}`;
}

function walkElements(cursor: Cursor, path: string, replace: ReplaceText, depth: number): void {
  cursor.at += 1;
  if (skipEnd(cursor, ']')) return;
  for (;;) {
    walkValue(cursor, `${path}[]`, replace, depth + 1);
    if (skipEnd(cursor, ']')) return;
    expectSign(cursor, ',');
  }
}

/** @returns the text as it is now: paths are written down, and no name of a person may stand in one */
function walkText(cursor: Cursor, path: string, replace: ReplaceText): string {
  const start = cursor.at;
  if (cursor.text[start] !== '"') throw new NotJsonError('A text is missing.');
  let end = start + 1;
  while (end < cursor.text.length && cursor.text[end] !== '"') end += cursor.text[end] === '\\' ? 2 : 1;
  if (end >= cursor.text.length) throw new NotJsonError('A text has no end.');
  cursor.at = end + 1;
  const raw = Buffer.from(cursor.text.slice(start, end + 1), 'latin1').toString('utf8');
  const text = parseText(raw);
  const replaced = replace(text, path);
  if (replaced !== undefined && replaced !== text) {
    const written = Buffer.from(JSON.stringify(replaced)).toString('latin1');
    cursor.out.push(cursor.text.slice(cursor.copied, start), written);
    cursor.copied = cursor.at;
  }
  return replaced ?? text;
}

function parseText(raw: string): string {
  try {
    return JSON.parse(raw) as string;
  } catch {
    throw new NotJsonError('A text is no JSON.');
  }
}

function walkRest(cursor: Cursor): void {
  const word = ['true', 'false', 'null'].find((entry) => cursor.text.startsWith(entry, cursor.at));
  NUMBER.lastIndex = cursor.at;
  const length = word?.length ?? NUMBER.exec(cursor.text)?.[0].length ?? 0;
  if (length === 0) throw new NotJsonError('A value is missing.');
  cursor.at += length;
}

function skipSpace(cursor: Cursor): void {
  while (/[ \t\r\n]/.test(cursor.text[cursor.at] ?? '')) cursor.at += 1;
}

function skipEnd(cursor: Cursor, sign: string): boolean {
  skipSpace(cursor);
  if (cursor.text[cursor.at] !== sign) return false;
  cursor.at += 1;
  return true;
}

function expectSign(cursor: Cursor, sign: string): void {
  skipSpace(cursor);
  if (cursor.text[cursor.at] !== sign) throw new NotJsonError(`"${sign}" is missing.`);
  cursor.at += 1;
}
