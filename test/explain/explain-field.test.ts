import { expect, test } from 'vitest';
import { explainService } from '../../compiler/src/cli/commands/explain-service.ts';
import { createNodeHost } from '../../compiler/src/source/node-host.ts';
import { mapCustomersContact } from '../../generated/crm-to-ledger/src/mappings/customers-contact.ts';
import { mapSample } from '../../runtime/src/testing/map-sample.ts';
import { ROOT } from '../run-process.ts';

const RULES = 'specs/crm-to-ledger.rules.yaml';

/** What the rules say, and what the mapping that was made from them does: sent, left out, or the record parked. */
test.for([
  ['EmailAddress', 'email', '', 'blank: empty', 'leaves the field out', undefined],
  ['EmailAddress', 'email', undefined, 'blank: absent', 'leaves the field out', undefined],
  ['EmailAddress', 'email', null, 'blank: null', 'leaves the field out', undefined],
  ['Name', 'company', ' ', 'blank: whitespace', 'parks the record for a person', 'review'],
  ['Name', 'company', 'N/A', 'blank: sentinel', 'parks the record for a person', 'review'],
  ['Name', 'company', 'Ada', undefined, 'sends "Ada"', 'Ada'],
  [
    'Name',
    'company',
    'x'.repeat(300),
    'not accepted: too-long',
    'cuts the text to what the target accepts',
    'x'.repeat(255),
  ],
  ['DefaultCurrency', 'country', 'Australia', undefined, 'sends "AUD", which the table has for it', 'AUD'],
  ['DefaultCurrency', 'country', 'Utopia', 'not in the table', 'parks the record for a person', 'review'],
] as const)(
  '%s of %s %o: %s, so the service %s',
  async ([field, property, value, judged, answer, becomes]) => {
    const said = await explain({
      field: `customers.${field}`,
      value: value ?? undefined,
      null: value === null,
    });

    expect(said.fields).toMatchObject([{ outcomes: [{ answer, at: { file: RULES } }] }]);
    expect(said.fields[0]?.judged).toBe(judged);
    const properties = { company: 'Ada', country: 'Australia', [property]: value };
    const mapped = mapSample(mapCustomersContact as never, { source: { id: '1', properties } });
    const sent = mapped.kind === 'mapped' ? (mapped.item as Record<string, unknown>)[field] : undefined;
    expect(mapped.kind === 'stopped' ? mapped.stops[0]?.action : sent).toBe(becomes);
  },
);

test('what a transform makes only the service tells, so every outcome is named with its decision', async () => {
  const { fields } = await explain({
    field: 'customers.contact.EmailAddress',
    value: 'ada@example.com',
    null: false,
  });

  expect(fields).toMatchObject([
    {
      name: 'customers.contact.EmailAddress',
      outcomes: [
        {
          when: 'the transforms can read it',
          answer: expect.stringContaining('sends what they make of it: email ('),
        },
        {
          when: 'a transform cannot read it',
          answer: 'parks the record for a person',
          told: 'the review queue; alert to desk',
        },
      ],
    },
  ]);
});

test('a field that does not exist is answered by those that do', async () => {
  let text = '';
  const code = await explainService(
    createNodeHost(),
    ROOT,
    { ...NOTHING, field: 'customers.Nam', format: 'text' },
    (part) => {
      text += part;
    },
  );

  expect(code).toBe(2);
  expect(text).toContain(
    'The service has no field "customers.Nam". Did you mean "customers.Name"? It has customers.contact.',
  );
});

test.for([
  [
    { call: 'crm.reed', status: 429 },
    'The service has no call "crm.reed". Did you mean "crm.read"? It has crm.read, ledger.contact.',
  ],
  [
    { call: 'crm.read' },
    'Say how the call ended: --status 429, or --class not-sent|unknown|timeout|malformed|too-large.',
  ],
  [{ call: 'crm.read', status: 429, class: 'timeout' }, 'Say how the call ended'],
  [{ call: 'crm.read', status: 42 }, '42 is no status that a call ends with: 200 to 599.'],
  [
    { call: 'crm.read', status: 429, retryAfter: 'soon' },
    '--retry-after takes seconds, as in 120, and "soon" is none.',
  ],
  [{ call: 'crm.read', class: 'timeout', retryAfter: '5' }, 'Without an answer there is no Retry-After.'],
  [
    { call: 'crm.read', field: 'customers.Name' },
    'Ask for a call or for a field: --call or --field, not both.',
  ],
  [{ call: 'crm.read', status: 429, value: '' }, '--value and --null belong to --field.'],
  [{ field: 'customers.Name', status: 429 }, '--status, --class and --retry-after belong to --call.'],
] as const)('%o is refused with what to write', async ([args, said]) => {
  let text = '';
  const code = await explainService(
    createNodeHost(),
    ROOT,
    { ...NOTHING, ...args, format: 'text' },
    (part) => {
      text += part;
    },
  );

  expect(code).toBe(2);
  expect(text).toContain(said);
});

test('a call is named by its operation too, and the answer says who decides, who is told and when what follows', async () => {
  let text = '';
  await explainService(
    createNodeHost(),
    ROOT,
    { ...NOTHING, call: 'ledger.POST /Contacts', status: 429, retryAfter: '120', format: 'text' },
    (part) => {
      text += part;
    },
  );

  expect(text).toBe(`ledger.contact: POST /Contacts of ledger, written by customers

what   waits until the time that the server named, else for up to 5 s at a time; the whole system waits; records do not age
told   the log and /metrics; alert to ops of a pause of more than an hour
by     the standard policy, specs/crm-to-ledger.rules.yaml:6:9
  t+0       the call is answered with 429 and Retry-After: 120
  t+0       no call goes to ledger before the time that it named; records wait and do not age
  t+2 min   the next try
  t+4 min   and the next, as long as the system answers so
  t+6 min   and the next, as long as the system answers so
  t+60 min  if ledger is still left alone: alert to ops
`);
});

const NOTHING = {
  rules: [RULES],
  call: undefined,
  status: undefined,
  class: undefined,
  retryAfter: undefined,
  field: undefined,
  value: undefined,
  null: false,
} as const;

interface Said {
  readonly fields: readonly { readonly judged?: string; readonly outcomes: readonly object[] }[];
}

async function explain(args: {
  readonly field: string;
  readonly value: string | undefined;
  readonly null: boolean;
}) {
  let text = '';
  const code = await explainService(
    createNodeHost(),
    ROOT,
    { ...NOTHING, ...args, format: 'json' },
    (part) => {
      text += part;
    },
  );
  expect(code, text).toBe(0);
  return JSON.parse(text) as Said;
}
