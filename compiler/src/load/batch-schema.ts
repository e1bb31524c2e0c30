import { z } from 'zod';
import { key, section } from './document-key.ts';
import { expression } from './schema-parts.ts';

const match = z.union([
  z.literal('index'),
  z.strictObject({
    item: key(z.string(), 'A field of the record as it is sent.'),
    result: key(z.string(), 'The field of its result that holds the same.'),
  }),
]);

/** Several records in one call of a target. */
export const batch = section(
  z.strictObject({
    size: key(z.int().min(2).max(1000), 'How many records go into a call at most.'),
    results: key(z.string(), 'The path of the list of results in the answer.'),
    match: key(
      match,
      '`index`: results stand in the order of the records. Or a field of the record and the field of its result that holds the same. A record without a result, or with two, is of unknown outcome.',
      'size: 100\nresults: results\nmatch: { item: name, result: name }\nerror: =result.message !== undefined',
    ),
    error: key(
      expression.optional(),
      'True where a result says that its record was refused. It sees `result`.',
      'size: 100\nresults: results\nmatch: index\nerror: =result.message !== undefined',
      { otherwise: 'the gate `success` opens where an answer can carry errors' },
    ),
  }),
  'flows.*.to[].batch',
  'What is due goes out together; nothing waits for others to come. A call that is refused as a whole is sent again in halves.',
  'size: 100\nresults: results\nmatch: index\nerror: =result.message !== undefined',
);
