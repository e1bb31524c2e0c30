/** The only places where outside text becomes code: one function a context. */

/** A TypeScript string literal that decodes to exactly `text`, in the quotes that Prettier would take. */
export function quote(text: string): string {
  const sign = text.split("'").length > text.split('"').length ? '"' : "'";
  const body = text.replaceAll(
    /[\\'"\u0000-\u001f\u007f-\u009f\u2028\u2029\ud800-\udfff\u202a-\u202e\u2066-\u2069]/gu,
    (unit) => (/['"]/.test(unit) && unit !== sign ? unit : escapeUnit(unit)),
  );
  return `${sign}${body}${sign}`;
}

const NAMED_ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

function escapeUnit(unit: string): string {
  const known = NAMED_ESCAPES[unit];
  if (known !== undefined) return known;
  return [...Array(unit.length).keys()]
    .map((index) => `\\u${unit.charCodeAt(index).toString(16).padStart(4, '0')}`)
    .join('');
}

/** The text of what stands between the quotes of a literal that `quote` made. */
export function unquote(body: string): string {
  return body.replaceAll(/\\(?:u([0-9a-f]{4})|(.))/g, (whole, unit: string | undefined) =>
    unit === undefined
      ? (Object.entries(NAMED_ESCAPES).find(([, escaped]) => escaped === whole)?.[0] ?? whole)
      : String.fromCharCode(Number.parseInt(unit, 16)),
  );
}

/** A property name of an object literal. `__proto__` would set the prototype in both plain forms, so it is computed. */
export function key(name: string): string {
  if (name === '__proto__') return "['__proto__']";
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name) ? name : quote(name);
}

/** A number, boolean, null, text or the empty list as code. */
export function literal(value: string | number | boolean | null | undefined | readonly []): string {
  if (Array.isArray(value)) return '[]';
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number' && Object.is(value, -0)) return '-0';
  return String(value);
}

/** Text inside a block or line comment: it can neither end the comment nor start a line. */
export function comment(text: string): string {
  return text
    .replaceAll(/[\s\u0000-\u001f\u007f-\u009f\u2028\u2029]+/gu, ' ')
    .replaceAll('*/', '* /')
    .replaceAll(/[\u202a-\u202e\u2066-\u2069]/gu, '')
    .trim();
}

/** A regular expression made from a pattern of a description, or undefined where JavaScript cannot read it. */
export function pattern(source: string): string | undefined {
  try {
    return new RegExp(source, 'u').source === '' ? undefined : `new RegExp(${quote(source)}, 'u')`;
  } catch {
    return undefined;
  }
}
