import { z } from 'zod';
import { key, section } from './document-key.ts';
import { batch } from './batch-schema.ts';
import { once } from './once-schema.ts';
import { find } from './source-schema.ts';
import { because, calls, data, expression, later, name, scalar } from './schema-parts.ts';

/** `[]`, which a required list may be sent as. */
const noElements = z.array(z.never()).max(0, 'Here stands one value, or [] for a list without elements.');
const decision = z.union([z.string(), z.strictObject({ default: z.union([scalar, noElements]) })]);
const byKind = z.record(z.string(), decision);

const fieldRule = section(
  z.strictObject({
    value: key(
      z.union([scalar, z.array(scalar)]).optional(),
      'A literal, an expression, or a list of which the first that is not blank is taken; `[]` sends a list without elements.',
      'value: [=source.name, =source.email]',
      { otherwise: '`each` is needed' },
    ),
    each: key(
      expression.optional(),
      'The list from which this list is made, element by element; `map` and `element` see the element as `each`. With more or fewer elements than the target takes, the record goes to review.',
      'each: =source.tags\nmap: { kind: mobile, number: =each }',
      { otherwise: 'the field is no list', without: ['value', 'blank', 'invalid'] },
    ),
    map: key(
      z.record(z.string(), z.union([scalar, noElements, z.lazy((): z.ZodType => fieldRule)])).optional(),
      'The fields of an element, below `each`.',
      'each: =source.tags\nmap: { kind: mobile, number: =each }',
      { otherwise: 'none', without: ['value', 'blank', 'invalid'] },
    ),
    element: key(
      z.union([scalar, z.lazy((): z.ZodType => fieldRule)]).optional(),
      'An element that is one value and has no fields, below `each` in place of `map`: an expression or a rule, whose `drop` leaves the element out.',
      'each: =source.tags\nelement: { value: =each, as: lower, blank: drop }',
      { otherwise: 'none', without: ['value', 'blank', 'invalid'] },
    ),
    as: key(
      z.union([z.string(), z.array(z.string()).min(1)]).optional(),
      'A transform, or several in order; they are listed below.',
      'value: =source.name\nas: [collapse, upper]',
      { otherwise: 'the value as it is' },
    ),
    table: key(
      z.record(z.string(), scalar).optional(),
      'What each value becomes.',
      'value: =source.country\ntable: { Australia: AU, New Zealand: NZ }\notherwise: review',
      { otherwise: 'no table' },
    ),
    otherwise: key(
      decision.optional(),
      'What happens to a value that the table does not list: one of the actions of `invalid`.',
      'value: =source.country\ntable: { Australia: AU, New Zealand: NZ }\notherwise: { default: XX }',
      { otherwise: 'required with `table`' },
    ),
    blank: key(
      z.union([decision, byKind]).optional(),
      'When the value is blank: `review`, `fail` (dead letter), `skip` (the record is left out), `omit` (the field is), `drop` (the list element is), `clear` (null is sent), `{ default: … }`; beside `each` `{ default: [] }` sends an empty list. One for all, or a map by kind: `absent`, `null`, `empty`, `whitespace` and `sentinel` (n/a and -, or as `sentinels` says); of kinds that are not named, the policy decides.',
      'value: =source.name\nblank: { empty: { default: unknown }, absent: review }',
      { otherwise: 'as the policy says' },
    ),
    invalid: key(
      z.union([decision, byKind]).optional(),
      'When the target would not accept the value: the actions of `blank` without `clear`, and `truncate` (to the longest that is accepted), `round` (a number to the nearest multiple that is accepted) and `keep`. One for all, or a map by kind: `format`, `too-long`, `too-short`, `pattern`, `not-listed`, `too-small`, `too-large` and `multiple`.',
      'value: =source.name\ninvalid: { too-long: truncate }\nbecause: It is shown on a list.',
      { otherwise: 'as the policy says' },
    ),
    on: key(
      z.enum(['create', 'update', 'both']).optional(),
      'When the field is sent.',
      'value: =source.name\non: both',
      { otherwise: 'both' },
    ),
    because: key(
      because,
      'Why; required where something is lost: `skip`, `truncate`, `round`, `keep`.',
      'value: =source.name\nbecause: Invoices show it.',
      {
        otherwise: 'not said',
      },
    ),
  }),
  'flows.*.to[].map.*',
  'Where a field comes from, and what happens when it is blank or would not be accepted. Instead of a rule, a literal or an expression may stand; `[]` sends a list without elements.',
);

export const target = section(
  z.strictObject({
    name: key(name, 'It names files, ids (`ids.<name>`) and reports.', 'name: contact'),
    system: key(z.string(), 'The system that is written to.', 'system: ledger'),
    write: key(z.string().optional(), 'The operation that creates or changes.', 'write: POST /contacts', {
      otherwise: '`create` is needed',
    }),
    create: key(
      z.string().optional(),
      'The operation that only creates.',
      'create: POST /people\nid: id\nonce: { kind: key, header: Idempotency-Key, lasts: 7d }\nmap: { name: =source.name }',
      { otherwise: '`write` is needed', without: ['write', 'item', 'unless', 'once', 'map'] },
    ),
    update: key(
      z.string().optional(),
      'The operation that changes what `create` has made; its path takes the id.',
      'create: POST /people\nupdate: PUT /people/{id}\nid: id\nonce: { kind: key, header: Idempotency-Key, lasts: 7d }\nmap: { name: =source.name }',
      { otherwise: 'what was created is not changed', without: ['write', 'item', 'unless', 'once', 'map'] },
    ),
    with: key(data.optional(), 'Parameters of the write.', 'with: { note: =source.id }', {
      otherwise: 'nothing',
    }),
    item: key(
      z.string().optional(),
      'The place of the record in the body; with `[]` at its end it shares a call with others, as `batch` says.',
      'item: contacts[0]',
      {
        otherwise: 'the body is the record',
      },
    ),
    id: key(
      z.string().optional(),
      'The path, in the answer, of what the target calls the object.',
      'id: contacts[0].id',
      {
        otherwise: 'not known',
      },
    ),
    unless: key(
      expression.optional(),
      'True where an answer of success carries a refusal. It sees `body`.',
      'unless: =body.contacts?.[0]?.validationErrors !== undefined',
      { otherwise: 'the gate `success` opens where an answer can carry errors' },
    ),
    once: key(
      z.union([once, z.array(once).min(1)]).optional(),
      'What makes a repeat harmless: one, or a list in order.',
      'once: { kind: upsert, by: number }',
      { otherwise: 'the gate `once` opens' },
    ),
    batch: key(
      batch.optional(),
      'Several records in one call, where `item` ends in `[]`.',
      'write: POST /contacts/batch\nitem: inputs[]\nid: results[].id\nbatch: { size: 100, results: results, match: index, error: =result.message !== undefined }',
      { otherwise: 'a call for each record', without: ['unless'] },
    ),
    key: later,
    on: later,
    find: key(
      z.record(name, find).optional(),
      'What this target alone needs and the record does not hold. It is looked up once the targets before it have taken the record, in the system of this target unless it names another, and sees `ids`, too.',
      'find: { twin: { call: GET /contacts, with: { number: =source.id }, records: contacts, none: blank, because: It may be the first. } }',
      { otherwise: 'nothing' },
    ),
    map: key(
      z.record(z.string(), z.union([scalar, noElements, fieldRule])),
      'The fields of the target by their path (`Contact.ContactID`, `Phones[0].PhoneNumber`, `["a.b"]`): a literal, an expression or a rule.',
      'map: { name: =source.name }',
    ),
    calls: key(
      calls,
      'Decisions on the answers of this write.',
      'calls: [{ on: 400, do: review, because: Accounting must fix the record. }]',
      {
        otherwise: 'as the flow, the system and the policy say',
      },
    ),
  }),
  'flows.*.to[]',
  'Where records go: targets are written in order, and a later one may use the ids of those before it.',
);
