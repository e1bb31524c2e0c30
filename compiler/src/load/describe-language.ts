import { z } from 'zod';
import type { KeyDoc, SectionDoc } from './document-key.ts';
import { rulesSchema } from './rules-schema.ts';

/** A map of the language with keys of its own: `flows.*.from`. */
export interface LanguageSection extends SectionDoc {
  readonly keys: readonly LanguageKey[];
}

export interface LanguageKey extends KeyDoc {
  readonly name: string;
  readonly example: string;
}

/** Every section of the language once, in the order in which they are met. @throws Error where a key is not described: our fault */
export function describeLanguage(): readonly LanguageSection[] {
  const sections = new Map<string, LanguageSection>();
  visit(rulesSchema, sections, new Set());
  return [...sections.values()];
}

function visit(schema: z.core.$ZodType, sections: Map<string, LanguageSection>, seen: Set<unknown>): void {
  if (seen.has(schema)) return;
  seen.add(schema);
  if (schema instanceof z.ZodObject) {
    const about = readSection(schema);
    if (about !== undefined && !sections.has(about.section))
      sections.set(about.section, { ...about, keys: listKeys(schema, about) });
  }
  for (const inner of listInner(schema)) visit(inner, sections, seen);
}

function listInner(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  if (schema instanceof z.ZodObject) return Object.values(schema.shape);
  if (schema instanceof z.ZodOptional) return [schema.unwrap()];
  if (schema instanceof z.ZodArray) return [schema.element];
  if (schema instanceof z.ZodRecord) return [schema.valueType];
  if (schema instanceof z.ZodUnion) return schema.options;
  return schema instanceof z.ZodLazy ? [schema.unwrap()] : [];
}

function listKeys(schema: z.ZodObject, { section, example }: SectionDoc): LanguageKey[] {
  return Object.entries(schema.shape).flatMap(([name, value]) => {
    if (isForLater(value)) return [];
    const { doc } = (z.globalRegistry.get(value as z.ZodType) ?? {}) as { readonly doc?: KeyDoc };
    const shown = doc?.example ?? example;
    if (doc === undefined || shown === undefined)
      throw new Error(`The key ${name} of ${section === '' ? 'the file' : section} is not described.`);
    return [{ ...doc, name, example: shown }];
  });
}

function readSection(schema: z.ZodObject): SectionDoc | undefined {
  return (z.globalRegistry.get(schema) as { readonly section?: SectionDoc } | undefined)?.section;
}

/** Known and not handled yet: the gate `unsupported` says so. */
function isForLater(schema: unknown): boolean {
  return schema instanceof z.ZodOptional && schema.unwrap() instanceof z.ZodUnknown;
}
