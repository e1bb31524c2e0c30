/** A secret that stands nowhere else: its signs are those that encodings write differently. */
export function makeCanary(name: string): string {
  return `cnry-${name}"/+&=\\é~${name.length}`;
}

/** Every form in which a secret could stand in a text, also in the middle of something that was encoded with it. */
export function listCanaryForms(secret: string): readonly string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const form = new URLSearchParams([['', secret]]).toString().slice(1);
  const percent = encodeURIComponent(secret);
  const lower = (text: string): string => text.replaceAll(/%[0-9A-F]{2}/g, (sign) => sign.toLowerCase());
  const hex = Buffer.from(secret).toString('hex');
  const base64 = [0, 1, 2].flatMap((shift) => {
    // The first and the last sign depend on what stands beside it.
    const whole = Buffer.from(`${'x'.repeat(shift)}${secret}`)
      .toString('base64')
      .replace(/=+$/, '');
    const inner = whole.slice(shift === 0 ? 0 : 4, -1);
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });
  return [
    secret,
    json,
    JSON.stringify(json).slice(1, -1),
    percent,
    lower(percent),
    form,
    lower(form),
    hex,
    hex.toUpperCase(),
    ...base64,
  ];
}

/** How a system could give back what it was sent. */
export const ECHOES: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  json: (text) => JSON.stringify({ error: { message: `you sent ${text}` } }),
  'json in json': (text) => JSON.stringify({ error: JSON.stringify({ got: text }) }),
  percent: (text) => encodeURIComponent(text),
  form: (text) => new URLSearchParams([['got', text]]).toString(),
  hex: (text) => Buffer.from(text).toString('hex'),
  base64: (text) => Buffer.from(text).toString('base64'),
  'base64 behind one sign': (text) => Buffer.from(`:${text}`).toString('base64'),
  'base64 behind two signs': (text) => Buffer.from(`a:${text}`).toString('base64url'),
};

/** Names of the secrets that stand in a text. */
export function findLeaks(text: string, secrets: ReadonlyMap<string, string>): string[] {
  return [...secrets]
    .filter(([, secret]) => listCanaryForms(secret).some((form) => text.includes(form)))
    .map(([name]) => name);
}
