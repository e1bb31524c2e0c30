/** More are not looked at: a record of this size is not edited from memory. */
const MOST_PATHS = 5000;

/** The path of a record nearest to what was typed, or undefined where none is near. */
export function findNearestPath(record: unknown, typed: string): string | undefined {
  const paths: string[] = [];
  listPaths(record, '', paths);
  const wanted = typed.toLowerCase();
  // A field is often named without its way, or with another one.
  const last = wanted.split('.').at(-1);
  const namesake = paths.find((path) => path.toLowerCase().split('.').at(-1) === last);
  let best = namesake;
  let bestDistance = namesake === undefined ? Math.max(2, Math.floor(typed.length / 3)) + 1 : 3;
  for (const path of paths) {
    const distance = measureDistance(wanted, path.toLowerCase());
    if (distance >= bestDistance) continue;
    best = path;
    bestDistance = distance;
  }
  return best;
}

function listPaths(value: unknown, prefix: string, paths: string[]): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, part] of Object.entries(value)) {
    if (paths.length >= MOST_PATHS) return;
    const path = `${prefix}${name}`;
    paths.push(path);
    listPaths(part, `${path}.`, paths);
  }
}

/** Levenshtein: letters put in, left out, or written for another. */
function measureDistance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const cost = left[row - 1] === right[column - 1] ? 0 : 1;
      current.push(
        Math.min(
          (current[column - 1] ?? 0) + 1,
          (previous[column] ?? 0) + 1,
          (previous[column - 1] ?? 0) + cost,
        ),
      );
    }
    previous = current;
  }
  return previous[right.length] ?? 0;
}
