/** A list of the elements that were not dropped; absent where none is left. */
export function listOf<T>(...elements: readonly (T | undefined)[]): T[] | undefined {
  const kept = elements.filter((element) => element !== undefined);
  return kept.length === 0 ? undefined : kept;
}

/** An object of which something is sent; absent where all of its members are. */
export function objectOf<T extends object>(members: T): T | undefined {
  return Object.values(members).every((member) => member === undefined) ? undefined : members;
}
