import type { Schema } from '../model/api-model.ts';

/** A field of a body that paging fills. */
export interface PageField {
  /** One name, or the names down to a field inside an object. */
  readonly steps: readonly string[];
  readonly schema: Schema;
}

/** `limit` or `pagination.limit`; a field whose own name has dots goes first. Undefined where the body has none such. */
export function findPageField(body: Schema | undefined, name: string): PageField | undefined {
  const own = body?.properties.get(name);
  if (own !== undefined) return { steps: [name], schema: own.schema };
  const steps = name.split('.');
  let schema = body;
  for (const step of steps) schema = schema?.properties.get(step)?.schema;
  return schema === undefined ? undefined : { steps, schema };
}

/** What a page can be asked for with: fields of the body, and those of the objects in it that are named like paging. */
export function listPageFields(body: Schema | undefined): PageField[] {
  return [...(body?.properties ?? [])].flatMap(([name, { schema }]): PageField[] =>
    /pag(?:e|ing|ination)/i.test(name) && schema.properties.size > 0
      ? [...schema.properties].map(([inner, property]) => ({ steps: [name, inner], schema: property.schema }))
      : [{ steps: [name], schema }],
  );
}
