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
        JSON.stringify(secret).slice(1, -1),
        bytes.toString('base64'),
        bytes.toString('base64').replace(/=+$/, ''),
        bytes.toString('base64url'),
        bytes.toString('hex'),
      ];
      for (const form of forms) needles.add(form);
      // Longest first, so that no form leaves the tail of a longer one behind.
      const sources = [...needles].toSorted((left, right) => right.length - left.length).map(escapePattern);
      pattern = new RegExp(sources.join('|'), 'g');
    },
    scrub: (text) => (pattern === undefined ? text : text.replaceAll(pattern, MASK)),
  };
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}
