/**
 * Credentials of the crash runs: each begins with a stem that other encodings write differently, and of a length that
 * base64 takes whole.
 */
const STEMS = {
  sourceKey: 'key"/+&=source1',
  clientSecret: 'sec"/+&=client2',
  refresh: 'ref"/+&=token-3',
  access: 'acc"/+&=token-4',
  channel: 'cha"/+&=nnel--5',
} as const;

export type Canary = keyof typeof STEMS;

/** @param number tells one token of a kind from the next */
export function makeSecret(canary: Canary, number = 0): string {
  return `${STEMS[canary]}.${number}`;
}

/** The number of a token, -1 where the text is none of that kind. */
export function readSecretNumber(canary: Canary, secret: string): number {
  return secret.startsWith(`${STEMS[canary]}.`) ? Number(secret.slice(STEMS[canary].length + 1)) : -1;
}

/** MORTISE_KEY of the crash runs. */
export const STORE_KEY = 'c0ffee5eed'.repeat(7).slice(0, 64);

const FORMS: ReadonlyMap<string, readonly string[]> = new Map([
  ...Object.entries(STEMS).map(([name, stem]) => [name, listForms(stem)] as const),
  ['storeKey', [STORE_KEY, STORE_KEY.toUpperCase(), Buffer.from(STORE_KEY, 'hex').toString('base64')]],
]);

/** Names of the credentials that stand in a text, in whatever encoding. */
export function findCanaries(text: string): string[] {
  return [...FORMS].filter(([, forms]) => forms.some((form) => text.includes(form))).map(([name]) => name);
}

function listForms(stem: string): string[] {
  const json = JSON.stringify(stem).slice(1, -1);
  const base64 = [0, 1, 2].flatMap((shift) => {
    // In the middle of a longer text: the first and the last sign depend on what is beside it.
    const text = Buffer.from(`${'x'.repeat(shift)}${stem}`).toString('base64');
    const inner = text.replace(/=+$/, '').slice(shift === 0 ? 0 : 4, shift === 0 ? undefined : -2);
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });
  const form = new URLSearchParams([['', stem]]).toString().slice(1);
  return [
    stem,
    json,
    JSON.stringify(json).slice(1, -1),
    encodeURIComponent(stem),
    form,
    Buffer.from(stem).toString('hex'),
    ...base64,
  ];
}
