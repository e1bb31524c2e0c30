/** Ids that are given once each, in the order in which they are asked for. */
export interface Anchors {
  /** The id itself, or with a number behind it where it is taken. */
  take(id: string): string;
}

export function createAnchors(): Anchors {
  const taken = new Set<string>();
  return {
    take(id) {
      let free = id;
      for (let number = 2; taken.has(free); number += 1) free = `${id}-${number}`;
      taken.add(free);
      return free;
    },
  };
}

const LONGEST = 80;

/** Small letters, digits and hyphens: what an id, an address and a selector take as it is. */
export function toSlug(text: string): string {
  const slug = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST)
    .replaceAll(/^-+|-+$/g, '');
  return slug === '' ? 'x' : slug;
}
