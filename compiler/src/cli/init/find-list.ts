import type { Operation, Schema } from '../../model/api-model.ts';

/** A list of records in an answer. */
export interface AnswerList {
  /** As `records` names it; `[]` where the answer is the list. */
  readonly path: string;
  readonly record: Schema;
}

const DEEPEST = 3;

/** The list of objects nearest to the root of an operation's success; undefined where there is none. */
export function findList(operation: Operation): AnswerList | undefined {
  const answer = operation.responses.find(({ status, schema }) => /^2/.test(status) && schema !== undefined);
  if (answer?.schema === undefined) return undefined;
  const { items } = answer.schema;
  if (items !== undefined) return isRecord(items) ? { path: '[]', record: items } : undefined;
  let level = [{ schema: answer.schema, prefix: '' }];
  for (let depth = 0; depth < DEEPEST && level.length > 0; depth += 1) {
    const fields = level.flatMap(({ schema, prefix }) =>
      [...schema.properties].map(([name, property]) => ({
        schema: property.schema,
        path: `${prefix}${name}`,
      })),
    );
    // Errors and warnings are lists, too.
    const lists = fields.flatMap(({ schema: { items: record }, path }) =>
      record !== undefined && isRecord(record) && !/error|warning/i.test(path) ? [{ path, record }] : [],
    );
    // Messages are what somebody reads, or what is said beside it.
    const found = lists.find(({ path }) => !/message/i.test(path)) ?? lists[0];
    if (found !== undefined) return found;
    level = fields.map(({ schema, path }) => ({ schema, prefix: `${path}.` }));
  }
  return undefined;
}

function isRecord(schema: Schema): boolean {
  return schema.properties.size > 0 || schema.variants.some((variant) => variant.properties.size > 0);
}
