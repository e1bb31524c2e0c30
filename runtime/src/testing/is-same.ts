/** The same data; the order of members means nothing. */
export function isSame(left: unknown, right: unknown): boolean {
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null)
    return left === right;
  const [from, to] = [left as Record<string, unknown>, right as Record<string, unknown>];
  const keys = Object.keys(from);
  return (
    Array.isArray(left) === Array.isArray(right) &&
    keys.length === Object.keys(to).length &&
    keys.every((key) => Object.hasOwn(to, key) && isSame(from[key], to[key]))
  );
}
