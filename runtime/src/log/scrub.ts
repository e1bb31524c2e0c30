/** Replaces every live secret in a text, in each encoding in which it could have travelled. */
export interface Scrubber {
  add(secret: string): void;
  scrub(text: string): string;
}

const SHORTEST_SECRET = 6;
const MASK = '[secret]';

export function createScrubber(): Scrubber {
  const needles = new Set<string>();
  let pattern: RegExp | undefined;
  return {
    add(secret) {
      if (secret.length < SHORTEST_SECRET || needles.has(secret)) return;
      const bytes = Buffer.from(secret);
      const forms = [
        secret,
        encodeURIComponent(secret),
        new URLSearchParams([['', secret]]).toString().slice(1),
        quote(secret),
        // A text that was JSON already and stands in a line of JSON.
        quote(quote(secret)),
        bytes.toString('base64'),
        bytes.toString('base64').replace(/=+$/, ''),
        bytes.toString('base64url'),
        encodeURIComponent(bytes.toString('base64')),
        bytes.toString('hex'),
        bytes.toString('hex').toUpperCase(),
      ];
      for (const form of forms) needles.add(form);
      // Longest first, so that no form leaves the tail of a longer one behind.
      const sources = [...needles].toSorted((left, right) => right.length - left.length).map(escapePattern);
      pattern = new RegExp(sources.join('|'), 'g');
    },
    scrub: (text) => (pattern === undefined ? text : text.replaceAll(pattern, MASK)),
  };
}

function quote(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}
