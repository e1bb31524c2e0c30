/** A gate of section 5 of the design: the case in which it is open, and each way in which a person can close it. */
export interface GateCase {
  readonly gate: string;
  /** The folder below `test/cases` in which nothing else is open. */
  readonly open: string;
  /** What stands in its rules, which a way to close it replaces. */
  readonly from: string;
  /** By a name of the decision: what stands there then, or the whole edit, or several. */
  readonly closings: Readonly<Record<string, string | Edit | readonly Edit[]>>;
  /** Why no place in a description belongs to what is found. */
  readonly withoutSpec?: string;
}

export interface Edit {
  readonly from: string;
  readonly to: string;
}

const NAME = '{ value: =source.name, invalid: review }';
const SURE_NAME = '{ value: =source.name, blank: review }';
const TABLE = 'currency: { value: =source.country, table: { Australia: AUD, New Zealand: NZD } }';
const OWN_SPEC = 'output: ./generated\n';
const LEDGER = '    auth: { kind: bearer, token: $LEDGER_TOKEN }\n';
const LINES_OF_FLOW = '      every: 5m\n';
const ITEM = '        item: contacts[0]\n';
const UNLESS = '        unless: =body.contacts?.[0]?.validationErrors !== undefined\n';
const KEEPING = 'changes: { field: updatedAt }';
const FIND = '        records: contacts\n';
const VOLUME = 'limits: { daily: 5000 }';
const NUMBERED = 'number: =source.id\n          name: =source.name\n';
const CONTACT = `${NUMBERED}  leads:\n`;
const LEAD = `${NUMBERED}alerts:\n`;
/** In the words of the rules: a template of theirs, none of ours. */
const CRM_NUMBER = `=\`crm-\${source.id}\``;
const LEAD_NUMBER = `=\`lead-\${source.id}\``;
const KEY =
  'once: { kind: key, header: Idempotency-Key, lasts: 7d, because: Its page about retries says so. }';
/** What is only created has no changes. */
const IGNORED: Edit = { from: 'changed: update', to: 'changed: ignore' };
const SAID = 'because: The vendor says so.';

export const GATES: readonly GateCase[] = [
  {
    gate: 'blank',
    open: 'blank-without-policy',
    from: NAME,
    closings: {
      review: '{ value: =source.name, invalid: review, blank: review }',
      fail: '{ value: =source.name, invalid: review, blank: fail }',
      skip: '{ value: =source.name, invalid: review, blank: skip, because: Nobody needs it. }',
      default: '{ value: =source.name, invalid: review, blank: { default: unknown } }',
      'each kind by itself':
        '{ value: =source.name, invalid: review, blank: { absent: review, empty: fail, whitespace: { default: none }, sentinel: { default: unknown } } }',
      'another value behind it': "{ value: [=source.name, 'unknown'], invalid: review }",
      'a value that cannot be blank': '{ value: =source.id, invalid: review }',
      'the standard policy': { from: OWN_SPEC, to: `${OWN_SPEC}policy: standard\n` },
      'a policy of its own': {
        from: OWN_SPEC,
        to: `${OWN_SPEC}policies: { strict: { required: fail, because: Nobody has time to look. } }\npolicy: strict\n`,
      },
    },
  },
  {
    gate: 'invalid',
    open: 'invalid-too-long',
    from: SURE_NAME,
    closings: {
      review: '{ value: =source.name, blank: review, invalid: review }',
      fail: '{ value: =source.name, blank: review, invalid: fail }',
      skip: '{ value: =source.name, blank: review, invalid: skip, because: Nobody needs it. }',
      truncate: '{ value: =source.name, blank: review, invalid: truncate, because: It is shown on a list. }',
      default: '{ value: =source.name, blank: review, invalid: { too-long: { default: long } } }',
      'the standard policy': { from: OWN_SPEC, to: `${OWN_SPEC}policy: standard\n` },
    },
  },
  {
    gate: 'enum',
    open: 'table-without-otherwise',
    from: TABLE,
    closings: {
      review: TABLE.replace(/ }$/, ', otherwise: review }'),
      fail: TABLE.replace(/ }$/, ', otherwise: fail }'),
      skip: TABLE.replace(/ }$/, ', otherwise: skip, because: We sell there only. }'),
      omit: TABLE.replace(/ }$/, ', otherwise: omit }'),
      default: TABLE.replace(/ }$/, ', otherwise: { default: AUD } }'),
    },
  },
  {
    gate: 'type',
    open: 'type-number-for-text',
    from: 'email: =source.visits',
    closings: {
      'another type': 'email: =String(source.visits)',
      'another field': 'email: =source.email',
      'a literal': 'email: someone@example.com',
    },
  },
  {
    gate: 'unmapped',
    open: 'required-field-unmapped',
    from: '          number: =source.id\n',
    closings: {
      'a rule': '          number: =source.id\n          name: =source.name\n',
      'a literal': '          number: =source.id\n          name: Somebody\n',
      'a fact': {
        from: LEDGER,
        to: `${LEDGER}    facts:\n      - { call: POST /contacts, required: ["contacts[].number"], ${SAID} }\n      - { schema: Contact, optional: [name], ${SAID} }\n`,
      },
    },
  },
  {
    gate: 'required-unstated',
    open: 'required-unstated',
    from: LEDGER,
    closings: {
      'nothing is': `${LEDGER}    facts:\n      - { call: POST /notes, required: [], ${SAID} }\n`,
      'a field is': `${LEDGER}    facts:\n      - { call: POST /notes, required: [text], ${SAID} }\n`,
    },
  },
  {
    gate: 'replaces-unstated',
    open: 'put-without-replaces',
    from: LEDGER,
    closings: {
      'it does': `${LEDGER}    facts:\n      - { call: "PUT /contacts/{id}", replaces: true, ${SAID} }\n`,
      'it does not': `${LEDGER}    facts:\n      - { call: "PUT /contacts/{id}", replaces: false, ${SAID} }\n`,
      'nothing is left out': {
        from: 'policy: standard',
        to: 'policies: { whole: { extends: standard, optional: review } }\npolicy: whole',
      },
    },
  },
  {
    gate: 'status',
    open: 'status-that-nothing-decides',
    from: LINES_OF_FLOW,
    closings: Object.fromEntries(
      ['halt', 'pause', 'retry', 'wait', 'defer', 'fail', 'review'].map((action) => [
        action,
        {
          from: '    later:',
          to: `    calls: [{ on: [207, 302, 410], do: ${action}, because: So it was agreed. }]\n    later:`,
        },
      ]),
    ),
  },
  {
    gate: 'success',
    open: 'success-can-carry-errors',
    from: ITEM,
    closings: {
      'a test': `${ITEM}${UNLESS}`,
      'a 2xx is success': `${ITEM}        unless: =false\n`,
    },
  },
  {
    gate: 'once',
    open: 'once-unstated',
    from: UNLESS,
    closings: {
      upsert: `${UNLESS}        once: { kind: upsert, by: number }\n`,
      'accept-duplicates': [
        {
          from: UNLESS,
          to: `${UNLESS}        once: { kind: accept-duplicates, because: They are merged by hand. }\n`,
        },
        IGNORED,
      ],
      'look-up': [
        IGNORED,
        {
          from: UNLESS,
          to: `${UNLESS}        once: { kind: look-up, call: GET /contacts, with: { number: =sent.number }, records: contacts }\n`,
        },
        {
          from: LEDGER,
          to: `${LEDGER}    pages:\n      - { for: GET /contacts, kind: none, because: A number has one contact. }\n`,
        },
      ],
    },
  },
  {
    gate: 'found',
    open: 'found-undecided',
    from: FIND,
    closings: {
      ...Object.fromEntries(
        (['review', 'defer', 'fail', 'skip'] as const).map((none) => [
          `none: ${none}`,
          `${FIND}        none: ${none}\n        many: review\n        because: So it was agreed.\n`,
        ]),
      ),
      ...Object.fromEntries(
        (['fail', 'skip'] as const).map((many) => [
          `many: ${many}`,
          `${FIND}        none: review\n        many: ${many}\n        because: So it was agreed.\n`,
        ]),
      ),
      'the standard policy': { from: OWN_SPEC, to: `${OWN_SPEC}policy: standard\n` },
    },
  },
  {
    gate: 'pages',
    open: 'pages-unstated',
    from: '    auth: { kind: none }\n',
    closings: {
      cursor:
        '    auth: { kind: none }\n    pages:\n      - { for: GET /contacts, kind: cursor, next: next, send: cursor }\n',
      none: '    auth: { kind: none }\n    pages:\n      - { for: GET /contacts, kind: none, because: One answer holds all. }\n',
    },
  },
  {
    gate: 'changes',
    open: 'changes-unstated',
    from: LINES_OF_FLOW,
    closings: {
      'by a field': `      changes: { field: updatedAt, first: all }\n${LINES_OF_FLOW}`,
      'all of it': `      changes: { full: true, first: all }\n${LINES_OF_FLOW}`,
    },
  },
  {
    gate: 'first',
    open: 'first-unstated',
    from: KEEPING,
    closings: {
      all: 'changes: { field: updatedAt, first: all }',
      now: 'changes: { field: updatedAt, first: now }',
      seen: 'changes: { field: updatedAt, first: seen }',
      'a moment': 'changes: { field: updatedAt, first: "2026-01-01T00:00:00Z" }',
    },
  },
  {
    gate: 'later',
    open: 'later-unstated',
    from: '    to:\n',
    closings: {
      'update, ignore': '    later: { changed: update, left: ignore, deleted: ignore }\n    to:\n',
      'ignore, review': '    later: { changed: ignore, left: review, deleted: ignore }\n    to:\n',
      'review, unseen': '    later: { changed: review, left: unseen, deleted: ignore }\n    to:\n',
    },
    withoutSpec: 'what happens after delivery is no matter of a description',
  },
  {
    gate: 'shared-object',
    open: 'flows-that-write-the-same-objects',
    from: LEAD,
    closings: {
      'names of their own': [
        { from: CONTACT, to: CONTACT.replace('=source.id', () => CRM_NUMBER) },
        { from: LEAD, to: LEAD.replace('=source.id', () => LEAD_NUMBER) },
      ],
      'kept apart by their sources': {
        from: 'flows:\n',
        to: 'allow:\n  - { code: shared-object, at: "flows.leads.to[0].write", because: Leads have numbers of their own., until: 2099-01-01 }\nflows:\n',
      },
    },
  },
  {
    gate: 'adds-per-change',
    open: 'write-by-key-of-what-changes',
    from: KEY,
    closings: {
      'known again by a field': 'once: { kind: upsert, by: number }',
      'created, then changed': [
        {
          from: '        write: POST /contacts\n',
          to: '        create: POST /contacts\n        update: PUT /contacts/{id}\n        id: contacts[0].id\n',
        },
        { from: LEDGER, to: `${LEDGER}    facts: [{ call: "PUT /contacts/{id}", replaces: false }]\n` },
      ],
      'changes are ignored': IGNORED,
      'changes are for a person': { from: 'changed: update', to: 'changed: review' },
      'each change is an object': {
        from: 'flows:\n',
        to: 'allow:\n  - { code: adds-per-change, at: flows.contacts.later.changed, because: It is a log., until: 2099-01-01 }\nflows:\n',
      },
    },
  },
  {
    gate: 'page-shift',
    open: 'pages-counted-while-records-move',
    from: 'changes: { field: updatedAt, first: all }',
    closings: {
      'asked for by the last value': 'order: oldest-first\n      changes: { field: updatedAt, first: all }',
      'the newest first': 'order: newest-first\n      changes: { field: updatedAt, first: all }',
      'everything each time': [
        { from: 'changes: { field: updatedAt, first: all }', to: 'changes: { full: true, first: all }' },
        { from: '=since.iso', to: '2020-01-01T00:00:00Z' },
      ],
      'nothing moves': {
        from: 'flows:\n',
        to: 'allow:\n  - { code: page-shift, at: flows.contacts.from.changes.field, because: The order is that in which they were made., until: 2099-01-01 }\nflows:\n',
      },
    },
  },
  {
    gate: 'unmoved-field',
    open: 'changes-of-a-field-that-does-not-move',
    from: 'field: createdAt',
    closings: {
      'a field that moves': 'field: updatedAt',
      'everything each time': [
        { from: 'field: createdAt', to: 'full: true' },
        { from: '=since.iso', to: '2020-01-01T00:00:00Z' },
      ],
      'changes are ignored': IGNORED,
      'it moves all the same': {
        from: 'flows:\n',
        to: 'allow:\n  - { code: unmoved-field, at: flows.contacts.from.changes.field, because: The CRM sets it anew at each change., until: 2099-01-01 }\nflows:\n',
      },
    },
  },
  {
    gate: 'asks-another',
    open: 'look-up-by-another-field',
    from: '=sent.name',
    closings: {
      'the field of that name': '=sent.number',
      'another thing by that name': {
        from: 'flows:\n',
        to: 'allow:\n  - { code: asks-another, at: "flows.contacts.to[0].once.with.number", because: The ledger takes a name there., until: 2099-01-01 }\nflows:\n',
      },
    },
  },
  {
    gate: 'quota',
    open: 'quota-exceeded',
    from: VOLUME,
    withoutSpec: 'the sum is made of the rules alone',
    closings: {
      'a higher limit': 'limits: { daily: 50000 }',
      'fewer records': { from: 'volume: 9000 per 1d', to: 'volume: 900 per 1d' },
      'allowed for a while': {
        from: 'flows:\n',
        to: 'allow:\n  - { code: quota, at: systems.ledger.limits.daily, because: The vendor raises it., until: 2099-01-01 }\nflows:\n',
      },
    },
  },
  {
    gate: 'alert',
    open: 'alert-nobody',
    from: OWN_SPEC,
    withoutSpec: 'who is told is no matter of a description',
    closings: {
      'somebody is told': `${OWN_SPEC}alerts:\n  channels: { ops: { kind: slack, url: $OPS_WEBHOOK } }\n  send: [{ when: [review, dead-letter, halt, pause, auth], to: ops }]\n`,
      'nobody, for a while': `${OWN_SPEC}allow:\n  - { code: alert, at: alerts.send, because: The desk opens in May., until: 2099-01-01 }\n`,
    },
  },
  {
    gate: 'unsupported',
    open: 'answer-in-pdf',
    from: './crm.yaml',
    closings: { 'another description': '../_specs/crm.yaml' },
  },
];
