/** What stands at a path of parsed YAML; undefined where the path leads nowhere. */
export function followPath(value: unknown, path: readonly (string | number)[]): unknown {
  let held = value;
  for (const step of path) {
    if (typeof held !== 'object' || held === null || !Object.hasOwn(held, step)) return undefined;
    held = (held as Record<string | number, unknown>)[step];
  }
  return held;
}

/** `flows.customers.to[0].map["a.b"]` as steps. */
export function readRulePath(path: string): (string | number)[] {
  return [...path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([\w$-]+)/g)].map(([, quoted, index, name]) => {
    if (quoted !== undefined) return JSON.parse(`"${quoted}"`) as string;
    return index === undefined ? (name ?? '') : Number(index);
  });
}

/** RFC 6901 without its `#`. */
export function readPointer(pointer: string): string[] {
  const steps = pointer.split('/').slice(1);
  return steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The same value with the keys of every map in another order; lists keep theirs. */
export function shuffleKeys(value: unknown, random: () => number): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffleKeys(item, random));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, held]) => ({
    at: random(),
    entry: [key, shuffleKeys(held, random)] as const,
  }));
  return Object.fromEntries(entries.toSorted((left, right) => left.at - right.at).map(({ entry }) => entry));
}
