/** `300_000`, as a person would write it. */
export function formatNumber(value: number): string {
  return value >= 10_000 ? String(value).replaceAll(/\B(?=(\d{3})+$)/g, '_') : String(value);
}
