/** By whole numbers of the smallest digit: what 0.1 is in a float decides nothing. */
function scale(
  value: number,
  of: number,
): { readonly whole: bigint; readonly step: bigint; readonly digits: number } {
  const digitsOf = (one: number): number => (String(one).split('.')[1] ?? '').length;
  const digits = Math.max(digitsOf(value), digitsOf(of));
  const whole = (one: number): bigint => BigInt(one.toFixed(digits).replace('.', ''));
  return { whole: whole(value), step: whole(of), digits };
}

export function isMultiple(value: number, of: number): boolean {
  const { whole, step } = scale(value, of);
  return whole % step === 0n;
}

/** The nearest multiple, a half away from zero. */
export function roundTo(value: number, of: number): number {
  const { whole, step, digits } = scale(value, of);
  const sign = whole < 0n ? -1n : 1n;
  const count = (whole * sign * 2n + step) / (step * 2n);
  return Number(count * step * sign) / 10 ** digits;
}

export function isOfType(value: unknown, type: string): boolean {
  if (type === 'integer' || type === 'number') return typeof value === 'number' || typeof value === 'bigint';
  return (type !== 'string' && type !== 'boolean') || typeof value === type;
}
