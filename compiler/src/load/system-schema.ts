import { z } from 'zod';
import { authSchema } from './auth-schema.ts';
import { key, section } from './document-key.ts';
import { because, calls, pages, rate, setting } from './schema-parts.ts';

const pool = section(
  z.strictObject({
    for: key(z.string(), 'The operations that share this limit: `POST */search`.'),
    rate: key(rate, 'So many calls in so long.', 'for: GET /contacts\nrate: 10 per 1m'),
  }),
  'systems.*.limits.pools[]',
  'Operations with a limit of their own, beside that of the system.',
  'for: GET /contacts\nrate: 4 per 1s',
);

const limits = section(
  z.strictObject({
    rate: key(
      rate.optional(),
      'So many calls in so long. `<SYSTEM>_RATE` overrides it at the start.',
      'rate: 100 per 10s',
      {
        otherwise: 'no limit but what answers say',
      },
    ),
    concurrency: key(z.int().min(1).max(1000).optional(), 'Calls at the same time.', 'concurrency: 5', {
      otherwise: '10',
    }),
    daily: key(
      z.int().min(1).optional(),
      'Calls in a day (UTC). The forecast of the gate `quota` is held against it.',
      'daily: 5000',
      { otherwise: 'no limit' },
    ),
    pools: key(
      z.array(pool).optional(),
      'Operations with a limit of their own.',
      'pools: [{ for: GET /contacts, rate: 4 per 1s }]',
      { otherwise: 'none' },
    ),
    reserve: key(
      z.int().min(1).optional(),
      'So many of the `daily` calls are kept for what is new and what is sent again: a backfill and a `resync` stop for the day before they take them.',
      'daily: 5000\nreserve: 1000',
      { otherwise: 'none: a backfill may use up the day, after what is new' },
    ),
  }),
  'systems.*.limits',
  'What the vendor allows. What answers say (Retry-After, RateLimit headers) is kept to in any case.',
);

const copy = section(
  z.strictObject({
    address: key(
      z.string().regex(/^https?:\/\/[^#]+$/, 'The address as the reference has it, before its #.'),
      'What the reference names, without the part behind its `#`.',
    ),
    file: key(z.string(), 'The copy that is read instead. Nothing is fetched when a service is built.'),
  }),
  'systems.*.references[]',
  'A copy of what a description names by an address.',
  'address: https://example.com/types.json\nfile: ./types.json',
);

const fact = section(
  z.strictObject({
    schema: key(
      z.string().optional(),
      'The schema that the fact is about: its name, a path below it, and `file.json#Name` where several files have the name.',
      'schema: Contact\nfields: { born: date? }',
      { otherwise: '`call` says what it is about' },
    ),
    call: key(
      z.string().optional(),
      'The operation that the fact is about.',
      'call: POST /contacts\nrequired: ["contacts[].number"]',
      {
        otherwise: '`schema` says what it is about',
      },
    ),
    optional: key(
      z.array(z.string()).optional(),
      'Fields that the description wrongly requires.',
      'schema: Stored\noptional: [id]\nbecause: An answer of errors has none.',
      { otherwise: 'none' },
    ),
    required: key(
      z.array(z.string()).optional(),
      'Fields without which the call is refused, beside those that the description requires. `[]` says that there are no others; what the description wrongly requires, a fact about its schema makes `optional`.',
      'call: POST /contacts\nrequired: ["contacts[].number"]',
      { otherwise: 'what the description says' },
    ),
    nullable: key(
      z.array(z.string()).optional(),
      'Fields that can be null.',
      'schema: Contact\nnullable: [born]',
      {
        otherwise: 'what the description says',
      },
    ),
    fields: key(
      z.record(z.string(), z.string()).optional(),
      'What a text really holds: `text`, `integer`, `decimal`, `boolean`, `date`, `instant`, with `?` where it can be missing. Members of an open map are texts that may be null or missing until a fact says more.',
      'schema: Contact\nfields: { born: date? }',
      { otherwise: 'what the description says' },
    ),
    replaces: key(
      z.boolean().optional(),
      'Whether a PUT replaces the whole object, so that a field that is left out is lost.',
      'call: POST /contacts\nreplaces: false',
      { otherwise: 'open, where a field can be left out of a PUT' },
    ),
    status: key(
      z.record(z.string(), z.literal('not-applied')).optional(),
      'Failures of a write after which nothing was applied, as its vendor says: `408`, `429`, `503`, `500-504`, `5xx`. Such an answer is no unknown outcome: the write is sent again, whatever `once` says. Without it a 5xx may have been applied.',
      'call: POST /contacts\nstatus: { 503: not-applied }\nbecause: The vendor says that it answers so before it looks at the request.',
      {
        otherwise: 'a 408 or 5xx leaves the outcome unknown, and a 429 that of a write that nothing protects',
      },
    ),
    because: key(
      because,
      'Where it is known from.',
      'schema: Contact\nfields: { born: date? }\nbecause: The vendor says so on its page about contacts.',
      {
        otherwise: 'not said',
      },
    ),
  }),
  'systems.*.facts[]',
  'What is true and not in the description. It is listed for the client, as a correction to send to the vendor.',
  'schema: Contact\nnullable: [born]',
);

export const system = section(
  z.strictObject({
    spec: key(
      z.union([z.string(), z.array(z.string()).min(1)]),
      'The description, OpenAPI 3.0 to 3.2 or Swagger 2.0, as JSON or YAML, unmodified: one file or several.',
      'spec: ./crm.yaml',
    ),
    overlays: key(
      z.array(z.string()).optional(),
      'Overlay 1.0 documents that correct it.',
      'overlays: [./crm.overlay.yaml]',
      {
        otherwise: 'none',
      },
    ),
    server: key(
      setting,
      'The base URL, or `$NAME`. Its host counts as declared, also where it is a private address.',
      'server: $CRM_URL',
    ),
    auth: key(authSchema, 'How calls are authenticated.', 'auth: { kind: bearer, token: $CRM_TOKEN }'),
    headers: key(
      z
        .record(
          z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'This is no header name.'),
          z.string().regex(/^[^\r\n\0]*$/, 'A header value is one line.'),
        )
        .optional(),
      'Headers of every call.',
      'headers: { x-tenant: $CRM_TENANT }',
      { otherwise: 'none' },
    ),
    limits: key(limits.optional(), 'What the vendor allows.', 'limits: { rate: 60 per 1m }', {
      otherwise: 'unknown',
    }),
    references: key(
      z.array(z.union([z.string(), copy])).optional(),
      'Files and folders outside of the description’s folder that its references may lead to, and copies of what it names by an address. Everything else stays unread: a description is not trusted with the files of whoever builds.',
      'references: [../common, { address: "https://example.com/types.json", file: ./types.json }]',
      { otherwise: 'none: references stay in the folder of the rules or of the description' },
    ),
    pages: key(
      z.array(pages).optional(),
      'How lists come in pages, by operation; the first that fits.',
      'pages: [{ for: GET /contacts, kind: cursor, next: next, send: cursor }]',
      { otherwise: 'open, for every list that is read' },
    ),
    facts: key(
      z.array(fact).optional(),
      'What is true and not in the description.',
      'facts: [{ schema: Contact, nullable: [born] }]',
      {
        otherwise: 'none',
      },
    ),
    calls: key(
      calls,
      'Decisions on answers, for every call of the system.',
      'calls: [{ on: 503, do: defer }]',
      {
        otherwise: 'the policy decides',
      },
    ),
  }),
  'systems.*',
  'One API: its description, address, credentials, limits, paging and corrections.',
);
