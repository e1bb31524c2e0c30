import { z } from 'zod';
import { MANY_ACTIONS, NONE_ACTIONS } from '../model/rules-input.ts';
import { listRuns } from '../source/cron.ts';
import { key, section } from './document-key.ts';
import { because, calls, data, duration, later, pages, rate } from './schema-parts.ts';

const changes = section(
  z.strictObject({
    field: key(
      z.string().optional(),
      'The field of a record by which reading goes on: the newest value seen is where the next pass begins. `since` in `with` comes from it.',
      'field: updatedAt\nfirst: all',
      { otherwise: '`full: true` is needed' },
    ),
    lookback: key(
      duration.optional(),
      'Each pass begins so much earlier, for what the source shows late. What comes again is known and not sent again.',
      'lookback: 5m',
      { otherwise: 'none' },
    ),
    settle: key(
      duration.optional(),
      'The newest so much is not trusted yet: the next pass reads it again.',
      'settle: 1m',
      { otherwise: 'none' },
    ),
    full: key(z.boolean().optional(), 'Every pass reads everything.', 'full: true\nfirst: all', {
      otherwise: '`field` says how to read on',
      without: ['field'],
    }),
    first: key(
      z.string().optional(),
      'Where the first run begins. `all`: everything. `now`: what changes after the first start. `seen`: the first complete pass only marks what is there, and asks a person about what it cannot read. A date: what changed since then, by the clock of the `zone`.',
      'first: seen',
      { otherwise: 'required: a first run must not bill history' },
    ),
    exclusive: key(
      z.boolean().optional(),
      'The filter leaves its bound out, so each query steps back by `step`.',
      'exclusive: true',
      { otherwise: 'the filter takes its bound in' },
    ),
    step: key(duration.optional(), 'How far an exclusive query steps back.', 'exclusive: true\nstep: 1s', {
      otherwise: '1s',
    }),
  }),
  'flows.*.from.changes',
  'How a poll reads on from where it was, and where it begins.',
);

export const from = section(
  z.strictObject({
    system: key(z.string(), 'The system that is read.', 'system: crm'),
    read: key(z.string(), 'The operation: its operationId, or `METHOD /path`.', 'read: GET /contacts'),
    with: key(
      data.optional(),
      'Its parameters and the fields of its body, as plain data; `path.`, `query.`, `header.` or `body.` before a name that is ambiguous. Expressions see `since` (`iso date epochS epochMs httpDate`) and `config`.',
      'with: { updatedSince: =since.iso }',
      { otherwise: 'nothing' },
    ),
    records: key(
      z.string(),
      'The path of the list in the answer; `[]` where the answer is the list.',
      'records: results',
    ),
    key: key(
      z.string(),
      'The field that names a record for good. A record without it goes to review.',
      'key: id',
    ),
    version: key(
      z.string(),
      'The field that tells that a record has changed. Where none does, the one of `key`: of two readings with the same version, the bytes tell.',
      'version: updatedAt',
    ),
    order: key(
      z.enum(['oldest-first', 'newest-first', 'none']).optional(),
      'In which order the source gives records. Only under `oldest-first` does a pass that was cut off go on where it was; an order that is not kept is noticed. Where pages are counted, it is also what keeps a record that moves from being passed over.',
      'order: oldest-first',
      { otherwise: 'none' },
    ),
    changes: key(
      changes.optional(),
      'How to read on, and where to begin.',
      'changes: { field: updatedAt, first: all }',
      {
        otherwise: 'required',
      },
    ),
    pages: key(
      pages.optional(),
      'How this list comes in pages.',
      'pages: { kind: cursor, next: next, send: cursor }',
      {
        otherwise: 'as the system says',
      },
    ),
    every: key(duration.optional(), 'How often it reads.', 'every: 5m', { otherwise: '`at` says when' }),
    at: key(
      z
        .string()
        .refine(
          isSchedule,
          'This is no schedule. Write five fields, as in "0 6 * * 1-5": minute, hour, day, month, weekday.',
        )
        .refine(
          (text) => !isSchedule(text) || listRuns(text, 'UTC')?.length !== 0,
          'No day is like this, so nothing would ever be read.',
        )
        .optional(),
      'The times at which it reads, as five fields of cron by the clock of the `zone`. A time that was slept through is made up for.',
      'at: 0 6 * * 1-5',
      { otherwise: '`every` says how often', without: ['every'] },
    ),
    volume: key(
      rate.optional(),
      'How many records are expected, for the forecast of the gate `quota`.',
      'volume: 400 per 1d',
      {
        otherwise: 'unknown, and the forecast says so',
      },
    ),
    calls: key(calls, 'Decisions on the answers of this reading.', 'calls: [{ on: 503, do: defer }]', {
      otherwise: 'as the flow, the system and the policy say',
    }),
    webhook: later,
    signature: later,
    payload: later,
    kind: later,
  }),
  'flows.*.from',
  'Where records come from.',
);

export const find = section(
  z.strictObject({
    system: key(z.string().optional(), 'The system that is asked.', 'system: ledger', {
      otherwise: 'that of the source',
    }),
    call: key(z.string(), 'The operation: its operationId, or `METHOD /path`.', 'call: GET /contacts'),
    with: key(
      data.optional(),
      'Its parameters and the fields of its body. Expressions see `source`, `config`, `now` and what look-ups above have found. A blank in it: nothing is found, and no call is made.',
      'with: { number: =source.id }',
      { otherwise: 'nothing' },
    ),
    records: key(
      z.string().optional(),
      'The path of the list in the answer; `[]` where the answer is the list.',
      'records: contacts',
      { otherwise: 'required, but for `take: object`' },
    ),
    take: key(
      z.enum(['one', 'all', 'object']).optional(),
      '`one` object of the list, or `all` that there are, as a list, where nobody misses what the answer leaves out (a `keep` can count it); `object` where the answer is the object itself and no list: nothing is found at 404, or where it is null.',
      'take: one',
      {
        otherwise: 'one',
      },
    ),
    none: key(
      z.enum(NONE_ACTIONS).optional(),
      'When nothing is found. `review`: a person looks. `defer`: later, for up to 24 hours. `skip`: the record is left out. `fail`: it is a dead letter. `blank`: it goes on without.',
      'none: defer',
      { otherwise: 'as the policy says' },
    ),
    many: key(
      z.enum(MANY_ACTIONS).optional(),
      'When several are found and `one` of a list is taken.',
      'many: review',
      {
        otherwise: 'as the policy says',
      },
    ),
    cache: key(duration.optional(), 'So long an answer is used again for the same question.', 'cache: 1h', {
      otherwise: 'not at all',
    }),
    pages: key(
      pages.optional(),
      'How the list comes in pages.',
      'pages: { kind: none, because: one answer holds all }',
      {
        otherwise: 'as the system says',
      },
    ),
    because: key(
      because,
      'Why; required where a record is left out.',
      'none: skip\nbecause: Without an account there is nothing to write.',
      {
        otherwise: 'not said',
      },
    ),
    calls: key(calls, 'Decisions on the answers of this look-up.', 'calls: [{ on: 404, do: missing }]', {
      otherwise: 'as the flow, the system and the policy say',
    }),
  }),
  'flows.*.find.*',
  'What a record needs and does not hold: it is read before the record is mapped, in the order in which look-ups stand.',
);

function isSchedule(text: string): boolean {
  return text.trim().split(/\s+/).length === 5 && listRuns(text, 'UTC') !== undefined;
}
