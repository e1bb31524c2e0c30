/** What a transform made, or why it could not. Never thrown: an unreadable value is a decision, not a fault. */
export type Transformed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

export function made<T>(value: T): Transformed<T> {
  return { ok: true, value };
}

export function failed(problem: string): Transformed<never> {
  return { ok: false, problem };
}

/** A text of which something may be gone. With nothing left it fails: the decision about blanks has been taken before. */
export function madeText(text: string, problem: string): Transformed<string> {
  return text.trim() === '' ? failed(problem) : made(text);
}
