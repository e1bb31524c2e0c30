const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Outside text in HTML and SVG: between tags, and in attributes with quotes. What steers a terminal or turns the
 * direction of writing is named instead of sent: `[U+202E]`.
 */
export function escapeMarkup(text: string): string {
  return nameInvisible(text).replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '');
}

/** The text with its signs named that nobody sees, for a place that needs no entities. */
export function nameInvisible(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (sign) => (/[\t\n\r]/.test(sign) ? ' ' : nameSign(sign)));
}

/** The same, with places where a path or a name with dots may be broken. */
export function escapeBreakable(text: string): string {
  return escapeMarkup(text).replaceAll(/(?<=[\w\])][./])(?=[A-Za-z{[])/g, '<wbr>');
}

/** Soft hyphens and joiners belong to words of many languages. */
const WANTED: ReadonlySet<string> = new Set(['\u00ad', '\u200c', '\u200d']);

function nameSign(sign: string): string {
  if (WANTED.has(sign)) return sign;
  return `[U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`;
}
