export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue | undefined };

/**
 * An answer before anyone checked it, for `when:` predicates on statuses and bodies that no description covers.
 */
// eslint-disable-next-line typescript/no-explicit-any -- a predicate must be able to ask any body for any path
export type LooseJson = any;
