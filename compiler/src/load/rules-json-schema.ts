import { z } from 'zod';
import type { KeyDoc } from './document-key.ts';
import { rulesSchema } from './rules-schema.ts';

/** JSON Schema, as an editor takes it. */
export type JsonSchemaNode = { [key: string]: unknown };

/** The shape of rules files as JSON Schema, with what each key means. @param settings names that are offered where one can stand */
export function renderRulesJsonSchema(settings: readonly string[]): JsonSchemaNode {
  return z.toJSONSchema(rulesSchema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => describeNode(zodSchema, jsonSchema as JsonSchemaNode, settings),
  }) as JsonSchemaNode;
}

function describeNode(zodSchema: z.core.$ZodType, node: JsonSchemaNode, settings: readonly string[]): void {
  const meta = z.globalRegistry.get(zodSchema) as
    { readonly doc?: KeyDoc; readonly isSetting?: boolean } | undefined;
  for (const ours of ['doc', 'section', 'isSetting']) delete node[ours];
  if (meta?.doc !== undefined) node['markdownDescription'] = meta.doc.means;
  if (meta?.isSetting !== true || settings.length === 0) return;
  node['anyOf'] = [{ enum: settings }, { type: 'string' }];
  delete node['type'];
}
