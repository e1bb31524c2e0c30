/** Deeper or larger than any honest input: aliases can make a value of any size, even an endless one, from a few lines. */
export const MAX_DEPTH = 400;
export const MAX_NODES = 2_000_000;

/** Whether walking a value would cost too much. Shared parts count each time, for every walk meets them each time. */
export function measureValue(root: unknown): 'too-deep' | 'too-many' | undefined {
  let nodes = 0;
  const stack: [unknown, number][] = [[root, 1]];
  for (let entry = stack.pop(); entry !== undefined; entry = stack.pop()) {
    const [node, depth] = entry;
    nodes += 1;
    if (nodes > MAX_NODES) return 'too-many';
    if (typeof node !== 'object' || node === null) continue;
    if (depth > MAX_DEPTH) return 'too-deep';
    for (const child of Object.values(node)) stack.push([child, depth + 1]);
  }
  return undefined;
}
