/** The value at a path such as `properties.email` or `Phones[0].PhoneNumber`; undefined where it leads nowhere. */
export function readPath(root: unknown, path: string): unknown {
  let current = root;
  for (const step of path.split(/[.[\]]+/)) {
    if (step === '') continue;
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, step)) return undefined;
    current = (current as Readonly<Record<string, unknown>>)[step];
  }
  return current;
}

/** The first path whose value has another type than it should; absent and null are kinds of blank, not faults. */
export function findMalformed(
  source: unknown,
  shape: Readonly<Record<string, 'string' | 'number' | 'boolean'>>,
): string | undefined {
  for (const path in shape) {
    const value = readPath(source, path);
    if (value !== undefined && value !== null && typeof value !== shape[path]) return path;
  }
  return undefined;
}
