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
