/** Small change is not booked. */
export function isWorth(total: number): boolean {
  return total >= 1;
}
