import type { z } from 'zod';

/**
 * What the language reference says of a key. It stands in the schema itself, so that the schema, the reference, the
 * schema for editors and `mortise explain <key>` cannot disagree. A test compiles every example.
 */
export interface KeyDoc {
  readonly means: string;
  /** What holds where the key is left out; undefined where it is required. */
  readonly otherwise?: string;
  /** A piece of YAML that holds the key; undefined where that of the section does. */
  readonly example: string | undefined;
  /** Keys that cannot stand beside it. */
  readonly without?: readonly string[];
}

/** A map of the language with keys of its own. */
export interface SectionDoc {
  /** `flows.*.from`: where it stands first in a rules file. */
  readonly section: string;
  readonly about: string;
  /** Set where examples are the whole of it; else they stand beside its other keys. */
  readonly example: string | undefined;
}

export function key<T extends z.ZodType>(
  schema: T,
  means: string,
  example?: string,
  more: Pick<KeyDoc, 'otherwise' | 'without'> = {},
): T {
  const doc: KeyDoc = { means, example, ...more };
  return schema.meta({ description: means, doc });
}

export function section<T extends z.ZodType>(schema: T, name: string, about: string, example?: string): T {
  const doc: SectionDoc = { section: name, about, example };
  return schema.meta({ description: about, section: doc });
}
