import { z } from 'zod';
import { CALL_ACTIONS, MANY_ACTIONS, NONE_ACTIONS, POLICY_ACTIONS } from '../model/rules-input.ts';
import type { RulesInput } from '../model/rules-input.ts';
import { alertsSchema } from './alerts-schema.ts';
import { authSchema } from './auth-schema.ts';
import { listRuns } from '../source/cron.ts';
import { because, duration, name, setting } from './schema-parts.ts';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const settingName = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9]*$/,
    'A setting is named by letters and digits, as in taxType: expressions read it as config.taxType.',
  );
const expression = z.string().regex(/^=/, 'This must be an expression: TypeScript behind a "=".');
const rate = z
  .string()
  .regex(/^[1-9][0-9]* per [1-9][0-9]*(ms|s|m|h|d)$/, 'A rate is a count and a duration: "60 per 1m".');
const data = z.record(z.string(), z.unknown());

/** A key that the language has and this version does not handle: kept, and reported by the gate `unsupported`. */
const later = z.unknown().optional();

const limits = z.strictObject({
  rate: rate.optional(),
  concurrency: z.int().min(1).max(1000).optional(),
  daily: z.int().min(1).optional(),
  pools: z.array(z.strictObject({ for: z.string(), rate })).optional(),
  reserve: later,
});

const pages = z.strictObject({
  for: z.string().optional(),
  kind: z.enum(['cursor', 'link', 'next-url', 'page', 'offset', 'none']),
  next: z.string().optional(),
  send: z.string().optional(),
  size: z.record(z.string(), z.int().min(1)).optional(),
  until: z.enum(['missing', 'empty', 'short']).optional(),
  depth: z.int().min(1).optional(),
  start: z.int().min(0).optional(),
  because,
});

const fact = z.strictObject({
  schema: z.string().optional(),
  call: z.string().optional(),
  optional: z.array(z.string()).optional(),
  required: z.array(z.string()).optional(),
  nullable: z.array(z.string()).optional(),
  fields: z.record(z.string(), z.string()).optional(),
  replaces: z.boolean().optional(),
  status: later,
  because,
});

const status = z.union([z.string(), z.int()]);
const callRule = z.strictObject({
  on: z.union([status, z.array(status)]),
  when: expression.optional(),
  do: z.enum(CALL_ACTIONS),
  after: duration.optional(),
  because,
});
const calls = z.array(callRule).optional();

const system = z.strictObject({
  spec: z.union([z.string(), z.array(z.string()).min(1)]),
  overlays: z.array(z.string()).optional(),
  server: setting,
  auth: authSchema,
  headers: z
    .record(
      z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'This is no header name.'),
      z.string().regex(/^[^\r\n\0]*$/, 'A header value is one line.'),
    )
    .optional(),
  limits: limits.optional(),
  references: later,
  pages: z.array(pages).optional(),
  facts: z.array(fact).optional(),
  calls,
});

const changes = z.strictObject({
  field: z.string().optional(),
  lookback: duration.optional(),
  settle: duration.optional(),
  full: z.boolean().optional(),
  first: z.string().optional(),
  exclusive: z.boolean().optional(),
  step: duration.optional(),
});

const from = z.strictObject({
  system: z.string(),
  read: z.string(),
  with: data.optional(),
  records: z.string(),
  key: z.string(),
  version: z.string(),
  order: z.enum(['oldest-first', 'newest-first', 'none']).optional(),
  changes: changes.optional(),
  pages: pages.optional(),
  every: duration.optional(),
  at: z
    .string()
    .refine(
      isSchedule,
      'This is no schedule. Write five fields, as in "0 6 * * 1-5": minute, hour, day, month, weekday.',
    )
    .optional(),
  volume: rate.optional(),
  calls,
  webhook: later,
  signature: later,
  payload: later,
  kind: later,
});

const once = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('upsert'), by: z.string(), because }),
  z.strictObject({ kind: z.literal('key'), header: z.string(), lasts: duration, because }),
  z.strictObject({
    kind: z.literal('look-up'),
    call: z.string(),
    with: data,
    records: z.string(),
    settle: duration.optional(),
    probes: z.int().min(1).max(20).optional(),
  }),
  z.strictObject({ kind: z.literal('accept-duplicates'), because }),
]);

const decision = z.union([z.string(), z.strictObject({ default: scalar })]);
const byKind = z.record(z.string(), decision);
const fieldRule = z.strictObject({
  value: z.union([scalar, z.array(scalar).min(1)]).optional(),
  each: expression.optional(),
  map: z.record(z.string(), z.union([scalar, z.lazy((): z.ZodType => fieldRule)])).optional(),
  as: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
  table: z.record(z.string(), scalar).optional(),
  otherwise: decision.optional(),
  blank: z.union([decision, byKind]).optional(),
  invalid: z.union([decision, byKind]).optional(),
  on: z.enum(['create', 'update', 'both']).optional(),
  because,
});

const find = z.strictObject({
  system: z.string().optional(),
  call: z.string(),
  with: data.optional(),
  records: z.string(),
  take: z.enum(['one', 'all']).optional(),
  none: z.enum(NONE_ACTIONS).optional(),
  many: z.enum(MANY_ACTIONS).optional(),
  cache: duration.optional(),
  pages: pages.optional(),
  because,
  calls,
});

const target = z.strictObject({
  name,
  system: z.string(),
  write: z.string().optional(),
  create: z.string().optional(),
  update: z.string().optional(),
  with: data.optional(),
  item: z.string().optional(),
  id: z.string().optional(),
  unless: expression.optional(),
  once: z.union([once, z.array(once).min(1)]).optional(),
  batch: later,
  key: later,
  on: later,
  find: later,
  map: z.record(z.string(), z.union([scalar, fieldRule])),
  calls,
});

const flow = z.strictObject({
  from,
  keep: z
    .array(z.strictObject({ when: expression, otherwise: z.enum(['skip', 'review', 'fail']) }))
    .optional(),
  later: z
    .strictObject({
      changed: z.enum(['update', 'ignore', 'review']).optional(),
      left: z.enum(['ignore', 'review', 'unseen']).optional(),
      deleted: z.enum(['ignore']).optional(),
      because,
    })
    .optional(),
  find: z.record(name, find).optional(),
  to: z.array(target).min(1),
  calls,
});

const policy = z.strictObject({
  extends: z.string().optional(),
  required: z.enum(POLICY_ACTIONS).optional(),
  optional: z.enum([...POLICY_ACTIONS, 'omit']).optional(),
  invalid: z.enum(POLICY_ACTIONS).optional(),
  none: z.enum(['review', 'defer', 'skip', 'fail']).optional(),
  many: z.enum(MANY_ACTIONS).optional(),
  calls,
  because,
});

/** The shape of a rules file. Unknown keys are errors everywhere. */
export const rulesSchema: z.ZodType<RulesInput> = z.strictObject({
  mortise: z.literal(1),
  integration: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/, 'The name is lower-case letters, digits and hyphens: it names files.'),
  purpose: z.string().min(1),
  output: z.string().min(1),
  zone: z.string().refine(isZone, 'This is no IANA time zone, like Pacific/Auckland.').optional(),
  config: z.record(settingName, z.enum(['string', 'number', 'boolean'])).optional(),
  policy: z.string().optional(),
  policies: z.record(name, policy).optional(),
  systems: z.record(name, system),
  flows: z
    .record(name, flow)
    .refine((flows) => Object.keys(flows).length > 0, 'There is no flow here, so there is nothing to do.'),
  links: later,
  alerts: alertsSchema.optional(),
  allow: later,
}) as z.ZodType<unknown> as z.ZodType<RulesInput>;

function isSchedule(text: string): boolean {
  return text.trim().split(/\s+/).length === 5 && listRuns(text, 'UTC') !== undefined;
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).format(0) !== '';
  } catch {
    return false;
  }
}
