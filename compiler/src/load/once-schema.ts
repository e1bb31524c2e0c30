import { z } from 'zod';
import { key, section } from './document-key.ts';
import { because, data, duration } from './schema-parts.ts';

/** What makes a repeat of a write harmless. */
export const once = z.discriminatedUnion('kind', [
  section(
    z.strictObject({
      kind: key(z.literal('upsert'), 'The target knows the object again by a field.'),
      by: key(z.string(), 'That field; it must be mapped, and can never be blank.'),
      because: key(
        because,
        'Why; required where its value is not the record’s key, for two records may share it.',
        'kind: upsert\nby: number\nbecause: Numbers are unique.',
        {
          otherwise: 'not said',
        },
      ),
    }),
    'flows.*.to[].once(upsert)',
    'A second call changes the object that the first one made.',
    'kind: upsert\nby: number',
  ),
  section(
    z.strictObject({
      kind: key(z.literal('key'), 'The target knows a call again by an idempotency key.'),
      header: key(z.string(), 'The header that carries it.'),
      lasts: key(
        duration,
        'How long the vendor remembers it, counted from the first sending. After that the next entry of `once` decides, or a person.',
        'kind: key\nheader: Idempotency-Key\nlasts: 7d',
      ),
      because: key(
        because,
        'Why.',
        'kind: key\nheader: Idempotency-Key\nlasts: 7d\nbecause: The vendor’s page says so.',
        {
          otherwise: 'not said',
        },
      ),
    }),
    'flows.*.to[].once(key)',
    'Every repeat sends the same key and the same bytes.',
    'kind: key\nheader: Idempotency-Key\nlasts: 7d',
  ),
  section(
    z.strictObject({
      kind: key(z.literal('look-up'), 'It is looked for before it is made.'),
      call: key(z.string(), 'The operation that looks for it.'),
      with: key(data, 'Its parameters; expressions see `sent`, the item as it was or will be written.'),
      records: key(z.string(), 'The path of the list in the answer.'),
      settle: key(
        duration.optional(),
        'How long the index of the look-up may lag behind a write.',
        'kind: look-up\ncall: GET /contacts\nwith: { number: =sent.number }\nrecords: contacts\nsettle: 30s',
        { otherwise: 'it does not lag' },
      ),
      probes: key(
        z.int().min(1).max(20).optional(),
        'So many look-ups, `settle` apart, must find nothing before a write of unknown outcome is repeated.',
        'kind: look-up\ncall: GET /contacts\nwith: { number: =sent.number }\nrecords: contacts\nsettle: 30s\nprobes: 3',
        { otherwise: '1' },
      ),
    }),
    'flows.*.to[].once(look-up)',
    'What is found is adopted, unless it belongs to another record. Where the target has an `update` and `later.changed` is `update`, what is found is changed at once; else it stays as it is.',
    'kind: look-up\ncall: GET /contacts\nwith: { number: =sent.number }\nrecords: contacts',
  ),
  section(
    z.strictObject({
      kind: key(z.literal('accept-duplicates'), 'A repeat may make a second object.'),
      because: key(because, 'Why; required.'),
    }),
    'flows.*.to[].once(accept-duplicates)',
    'The risk is signed for. A write of unknown outcome goes to a person all the same.',
    'kind: accept-duplicates\nbecause: Notes are read and thrown away.',
  ),
]);
