/**
 * Which of two versions is newer, where that can be told: instants and whole numbers have an order, other texts only
 * equality. Negative: left is older. Undefined: unknowable, so the later read counts.
 */
export function compareVersions(left: string, right: string): number | undefined {
  if (left === right) return 0;
  if (/^\d+$/.test(left) && /^\d+$/.test(right)) return BigInt(left) < BigInt(right) ? -1 : 1;
  const [from, to] = [readInstant(left), readInstant(right)];
  if (from === undefined || to === undefined || from === to) return undefined;
  return from < to ? -1 : 1;
}

function readInstant(text: string): number | undefined {
  const ms = /^\d{4}-\d{2}-\d{2}T/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}
