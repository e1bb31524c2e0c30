/** Thrown where Mortise itself is wrong; never for a user's mistake. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition)
    throw new Error(`Mortise has a fault of its own: ${message}. Please report it with the rules file.`);
}
