import { isJsonDamage } from '../exact-json.ts';

export type ShapeType = 'string' | 'number' | 'integer' | 'boolean';

/** What the description says of the values that are read of a record, by their paths. */
export type Shape = Readonly<Record<string, ShapeType>>;

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
export function findMalformed(source: unknown, shape: Shape): string | undefined {
  for (const path in shape) {
    const value = walk(source, splitPath(path));
    const type = shape[path] ?? 'string';
    if (value === undefined || value === null || isOf(value, type)) continue;
    if (isJsonDamage(value)) return `${path} could not be read: ${value.$damage}`;
    if (typeof value === 'number' && type === 'integer')
      return `${path} has a fraction, and the description says that it is a whole number`;
    return `${path} has another type than the description says`;
  }
  return undefined;
}

function isOf(value: unknown, type: ShapeType): boolean {
  if (type === 'integer') return typeof value === 'bigint' || Number.isInteger(value);
  return typeof value === type || (type === 'number' && typeof value === 'bigint');
}
