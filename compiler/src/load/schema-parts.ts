import { z } from 'zod';
import { CALL_ACTIONS } from '../model/rules-input.ts';
import { key, section } from './document-key.ts';

// Shapes that stand in several places of the rules.

export const name = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9-]{0,63}$/,
    'A name here is a letter followed by at most 63 letters, digits and hyphens: it names files.',
  );

/** A value, or `$NAME`. */
export const setting = z.string().meta({ isSetting: true });

export const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

export const expression = z.string().regex(/^=/, 'This must be an expression: TypeScript behind a "=".');

const A_DURATION = 'A duration is a whole number and a unit: 500ms, 30s, 5m, 24h, 7d.';
export const duration = z.string(A_DURATION).regex(/^[1-9][0-9]*(ms|s|m|h|d)$/, A_DURATION);

const A_RATE = 'A rate is a count and a duration: "60 per 1m".';
export const rate = z.string(A_RATE).regex(/^[1-9][0-9]* per [1-9][0-9]*(ms|s|m|h|d)$/, A_RATE);

/** Plain data; a text that starts with `=` is computed. */
export const data = z.record(z.string(), z.unknown());

const A_REASON = 'Why it is so, in a sentence: it stands in the register of decisions.';
export const because = z.string(A_REASON).regex(/\S/, A_REASON).optional();

/** A key that the language has and this version does not handle: kept, and reported by the gate `unsupported`. */
export const later = z.unknown().optional();

const status = z.union([z.string(), z.int()]);

const callRule = section(
  z.strictObject({
    on: key(
      z.union([status, z.array(status)]),
      'Statuses (`404`), ranges (`500-504`), classes of statuses (`4xx`) or of failures: `not-sent` (no byte of the request was written), `unknown` (a write that may have been applied), `timeout`, `malformed` (an answer that cannot be read), `too-large`. One, or a list.',
      'on: [404, 410]\ndo: review',
    ),
    when: key(
      expression.optional(),
      'The rule holds only where this is true. It sees `status`, `headers` and `body`.',
      "on: 409\nwhen: =body.code === 'LOCKED'\ndo: wait",
      { otherwise: 'always' },
    ),
    do: key(
      z.enum(CALL_ACTIONS),
      '`retry`: at once, up to three times in 20 s. `wait`: until the time that the server names, for all calls of its pool. `defer`: this record later, for up to 24 hours of a healthy system. `pause`: the system is not called for a while; nothing ages, somebody is told. `refresh`: new credentials, then again. `ok`: it counts as done. `missing`: there is no such object. `exists`: the look-up finds it, and it is adopted. `skip`: the record is left out. `review`: a person looks at the record. `fail`: it is a dead letter. `halt`: the flow stops until a person resumes it.',
      'on: 503\ndo: defer',
    ),
    after: key(
      duration.optional(),
      'How long a `wait` or a `pause` lasts where the server names no time.',
      'on: 503\ndo: pause\nafter: 15m',
      { otherwise: 'grows from 1 s to 15 min with every failure' },
    ),
    because: key(
      because,
      'Why; it stands in the register of decisions.',
      'on: 410\ndo: skip\nbecause: Gone for good.',
      {
        otherwise: 'required where data is lost',
      },
    ),
  }),
  'calls[]',
  'What happens at an answer that is no plain success. The first rule that fits decides: of the target or look-up, then of the flow, the system, the policy.',
  'on: 404\ndo: review',
);

export const calls = z.array(callRule).optional();

export const pages = section(
  z.strictObject({
    for: key(
      z.string().optional(),
      'The operations of this line: `GET /contacts`, or with `*` for a part of the path.',
      'for: GET /contacts\nkind: cursor\nnext: next\nsend: cursor',
      { otherwise: 'required at a system; at a reading or a look-up, that one' },
    ),
    kind: key(
      z.enum(['cursor', 'link', 'next-url', 'page', 'offset', 'none']),
      '`cursor`: the answer holds what asks for the next page. `link`: the header `Link` (RFC 8288). `next-url`: an address in the answer, on the same host. `page`, `offset`: counted. `none`: one answer holds everything; say `because`.',
      'for: GET /contacts\nkind: none\nbecause: one answer holds all',
    ),
    next: key(
      z.string().optional(),
      'The path in the answer of the cursor, the address, or, of counted pages and beside `last`, the word that more is to come: true or false, or what is missing at the end.',
      'for: GET /contacts\nkind: cursor\nnext: next\nsend: cursor',
      {
        otherwise:
          'required for `cursor` without `last` and for `next-url`; beside `last`, an empty page is the last',
      },
    ),
    last: key(
      z.string().optional(),
      'Where a cursor is what names the last record of a page: the path of that field in the record. `next` is then the word that more is to come.',
      'for: GET /contacts\nkind: cursor\nlast: id\nsend: cursor',
      { otherwise: '`next` holds the cursor' },
    ),
    send: key(
      z.string().optional(),
      'The parameter, or the field of the body (inside an object by its path: `paging.cursor`), that carries the cursor or the number.',
      'for: GET /contacts\nkind: cursor\nnext: next\nsend: cursor',
      { otherwise: 'required for `cursor`, `page` and `offset`' },
    ),
    size: key(
      z.record(z.string(), z.int().min(1)).optional(),
      'The parameter, or the field of the body, for the size of a page, and the size that is asked for.',
      'for: GET /contacts\nkind: cursor\nnext: next\nsend: cursor\nsize: { limit: 100 }',
      { otherwise: 'the server decides' },
    ),
    until: key(
      z.enum(['missing', 'empty', 'short']).optional(),
      'What the last page is known by, where pages are counted: `next` is missing, the page is empty, or it is shorter than `size`.',
      'for: GET /contacts\nkind: offset\nsend: offset\nsize: { limit: 100 }\nuntil: short',
      {
        otherwise:
          'where pages are counted and no `next` is named, `short` if the description says how much a page holds at most, `empty` if no size is asked for, and else it must be stated; `missing` everywhere else',
      },
    ),
    depth: key(
      z.int().min(1).optional(),
      'The most records that the vendor lets a query page through. Behind it, reading begins again at the last value seen, which needs `order: oldest-first` and a field in `changes`.',
      'for: GET /contacts\nkind: cursor\nnext: next\nsend: cursor\ndepth: 10000',
      { otherwise: 'no limit' },
    ),
    start: key(
      z.int().min(0).optional(),
      'The number of the first page, or the first offset.',
      'for: GET /contacts\nkind: offset\nsend: offset\nsize: { limit: 100 }\nuntil: empty\nstart: 0',
      { otherwise: '1 for `page`, 0 for `offset`' },
    ),
    because: key(
      because,
      'Why; required for `none`.',
      'for: GET /contacts\nkind: none\nbecause: one answer holds all',
      {
        otherwise: 'not said',
      },
    ),
  }),
  'systems.*.pages[]',
  'How a list comes in pages. Every call with `records` needs it: a client that does not know reads page one only, and nobody notices.',
  'for: GET /contacts\nkind: cursor\nnext: next\nsend: cursor',
);
