/** Puts a value where a path leads; objects and lists on the way are made. */
export function placeValue(root: Record<string, unknown>, path: string, value: unknown): void {
  const steps = path.split(/\.|\[(\d+)\]/).filter((step) => step !== undefined && step !== '');
  let holder: Record<string, unknown> = root;
  steps.forEach((step, index) => {
    if (index === steps.length - 1) holder[step] = value;
    else {
      holder[step] ??= /^\d+$/.test(steps[index + 1] ?? '') ? [] : {};
      holder = holder[step] as Record<string, unknown>;
    }
  });
}

/** Lists without holes, and nothing that would not be sent. */
export function compact(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((entry) => entry !== undefined).map(compact);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, entry]) => entry !== undefined)
      .map(([key, entry]) => [key, compact(entry)]),
  );
}
