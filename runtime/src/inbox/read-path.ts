import { isJsonDamage } from '../exact-json.ts';

/** The value at a path such as `properties.email` or `Phones[0].PhoneNumber`; undefined where it leads nowhere. */
export function readPath(root: unknown, path: string): unknown {
  return walk(root, splitPath(path));
}

/** Rules name few paths and records are many. */
const known = new Map<string, readonly string[]>();

function splitPath(path: string): readonly string[] {
  const found = known.get(path);
  if (found !== undefined) return found;
  const steps = path.split(/[.[\]]+/).filter((step) => step !== '');
  known.set(path, steps);
  return steps;
}

function walk(root: unknown, steps: readonly string[]): unknown {
  let current = root;
  for (const step of steps) {
    if (typeof current !== 'object' || current === null) return undefined;
    if (!Object.hasOwn(current, step)) return isJsonDamage(current) ? current : undefined;
    current = (current as Readonly<Record<string, unknown>>)[step];
  }
  return current;
}

/**
 * What is wrong with the first path whose value has another type than it should, or could not be read exactly; absent
 * and null are kinds of blank, not faults.
 */
export function findMalformed(
  source: unknown,
  shape: Readonly<Record<string, 'string' | 'number' | 'boolean'>>,
): string | undefined {
  for (const path in shape) {
    const value = walk(source, splitPath(path));
    if (value === undefined || value === null || typeof value === shape[path]) continue;
    if (typeof value === 'bigint' && shape[path] === 'number') continue;
    if (isJsonDamage(value)) return `${path} could not be read: ${value.$damage}`;
    return `${path} has another type than the description says`;
  }
  return undefined;
}
