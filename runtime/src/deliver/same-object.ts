import { readPath } from '../inbox/read-path.ts';

/**
 * Whether a found object may be the one that was asked for. A look-up that compares the beginning of a value, or a
 * system that does not know what it is asked by, finds others, too. Case and signs between letters and digits do not
 * count, and neither does a field that the object does not show.
 * @param same paths of the fields that are asked by, which both have
 */
export function isSameObject(found: unknown, sent: unknown, same: readonly string[]): boolean {
  return same.every((path) => {
    const [is, wanted] = [readPath(found, path), readPath(sent, path)];
    return isShown(is) && isShown(wanted) ? isSameValue(is, wanted) : true;
  });
}

type Shown = string | number | bigint | boolean;

function isShown(value: unknown): value is Shown {
  return value !== null && value !== undefined && typeof value !== 'object' && String(value).trim() !== '';
}

function isSameValue(is: Shown, wanted: Shown): boolean {
  // Texts of digits are codes: 007 is another one than 7.
  const areTexts = typeof is === 'string' && typeof wanted === 'string';
  if (!areTexts && Number(is) === Number(wanted)) return true;
  return reduce(String(is)) === reduce(String(wanted));
}

function reduce(text: string): string {
  const reduced = text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
  return reduced === '' ? text : reduced;
}
