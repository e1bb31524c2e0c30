/** Replaces every live secret in a text, in each encoding in which it could have travelled. */
export interface Scrubber {
  add(secret: string): void;
  /** A secret that lapses, such as a token: only the newest of its owner are kept, for a year of them would fill the memory. */
  addPassing(secret: string, owner: string): void;
  scrub(text: string): string;
}

const SHORTEST_SECRET = 6;
/** Tokens of one system: what an error quotes is one of the last. */
const MOST_PASSING = 20;
const MASK = '[secret]';

export function createScrubber(): Scrubber {
  const lasting = new Map<string, readonly string[]>();
  const passing = new Map<string, Map<string, readonly string[]>>();
  let pattern: RegExp | undefined;
  const listAll = (): string[] => [lasting, ...passing.values()].flatMap((list) => [...list.values()].flat());
  return {
    add(secret) {
      if (secret.length < SHORTEST_SECRET || lasting.has(secret)) return;
      lasting.set(secret, listForms(secret));
      pattern = undefined;
    },
    addPassing(secret, owner) {
      if (secret.length < SHORTEST_SECRET) return;
      const own = passing.get(owner) ?? new Map<string, readonly string[]>();
      const forms = own.get(secret);
      passing.set(owner, own);
      // What is named again is in use again.
      own.delete(secret);
      own.set(secret, forms ?? listForms(secret));
      if (forms !== undefined) return;
      const [oldest] = own.keys();
      if (own.size > MOST_PASSING && oldest !== undefined) own.delete(oldest);
      pattern = undefined;
    },
    scrub(text) {
      if (lasting.size + passing.size === 0) return text;
      pattern ??= compile(listAll());
      return text.replaceAll(pattern, MASK);
    },
  };
}

/** Every encoding in which a text could travel. */
export function listForms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const base64 = bytes.toString('base64');
  const form = new URLSearchParams([['', secret]]).toString().slice(1);
  return [
    secret,
    encodeURIComponent(secret),
    lowerPercents(encodeURIComponent(secret)),
    form,
    lowerPercents(form),
    quote(secret),
    // A text that was JSON already and stands in a line of JSON.
    quote(quote(secret)),
    base64,
    base64.replace(/=+$/, ''),
    bytes.toString('base64url'),
    encodeURIComponent(base64),
    ...listInnerBase64(bytes),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
  ];
}

/**
 * In the middle of something longer, base64 (RFC 4648) writes the same bytes in three ways; the signs at either end hold
 * bits of what stands beside them, and are no part of it. What is left must be long enough to be nobody else's.
 */
function listInnerBase64(bytes: Buffer): string[] {
  return [0, 1, 2]
    .map((before) => {
      const whole = Buffer.concat([Buffer.alloc(before), bytes])
        .toString('base64')
        .replace(/=+$/, '');
      return whole.slice(before === 0 ? 0 : before + 1, (before + bytes.length) % 3 === 0 ? undefined : -1);
    })
    .filter((inner) => inner.length >= SHORTEST_SECRET)
    .flatMap((inner) => [inner, inner.replaceAll('+', '-').replaceAll('/', '_')]);
}

/** Longest first, so that no form leaves the tail of a longer one behind. */
function compile(forms: readonly string[]): RegExp {
  const sources = [...new Set(forms)]
    .toSorted((left, right) => right.length - left.length)
    .map((form) => form.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`));
  return new RegExp(sources.join('|'), 'g');
}

function quote(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** RFC 3986 2.1: the digits of an escape may be of either case. */
function lowerPercents(text: string): string {
  return text.replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
}
