/** One value in an answer, and the object or list that holds it. */
export interface Place {
  readonly holder: Record<string, unknown> | unknown[];
  readonly step: string | number;
  /** Undefined where the holder has no such member. */
  readonly value: unknown;
}

/** `results[].properties["a.b"]` → `results`, `[]`, `properties`, `a.b`. */
export function splitPath(path: string): readonly (string | undefined)[] {
  const steps: (string | undefined)[] = [];
  for (const [whole, quoted, name] of path.matchAll(/\[("(?:[^"\\]|\\.)*")\]|\[\]|([^.[\]"]+)/g))
    steps.push(whole === '[]' ? undefined : quoted === undefined ? name : (JSON.parse(quoted) as string));
  return steps;
}

/**
 * Every place to which a path leads in a value; a member that is not there is a place, too, as long as what would hold
 * it is there.
 */
export function listPlaces(root: unknown, path: string): Place[] {
  const steps = splitPath(path);
  let holders: unknown[] = [root];
  let places: Place[] = [];
  for (const step of steps) {
    places = holders.flatMap((holder) => stepInto(holder, step));
    holders = places.map(({ value }) => value);
  }
  return places;
}

export function listValues(root: unknown, path: string): unknown[] {
  return path === '' ? [root] : listPlaces(root, path).map(({ value }) => value);
}

function stepInto(holder: unknown, step: string | undefined): Place[] {
  if (typeof holder !== 'object' || holder === null) return [];
  if (step === undefined)
    return Array.isArray(holder) ? holder.map((value, index) => ({ holder, step: index, value })) : [];
  if (Array.isArray(holder)) return [];
  const object = holder as Record<string, unknown>;
  return [{ holder: object, step, value: Object.hasOwn(object, step) ? object[step] : undefined }];
}

/** A copy that can be changed; integers of any size stay. */
export function copyOf<T>(value: T): T {
  return structuredClone(value);
}
