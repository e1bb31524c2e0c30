import type { Edit } from './emitted-tests.ts';

/** A fault that somebody could make in the emitted code. */
export interface Mutant {
  readonly name: string;
  readonly edit: Edit;
}

const ALERTS = 'src/alerts.ts';
const FLOW = 'src/flows/customers.ts';
const MAPPING = 'src/mappings/customers-contact.ts';
const CRM = 'src/systems/crm.ts';
const LEDGER = 'src/systems/ledger.ts';

function mutant(name: string, file: string, from: string, to: string): Mutant {
  return { name, edit: { file, from, to } };
}

/** The fields that are written. */
const MAPPED: readonly Mutant[] = [
  mutant('ContactNumber is not sent', MAPPING, '    ContactNumber: contactNumber,\n', ''),
  mutant('Name is not sent', MAPPING, '    Name: name,\n', "    Name: '',\n"),
  mutant('EmailAddress is not sent', MAPPING, '    EmailAddress: emailAddress,\n', ''),
  mutant('DefaultCurrency is not sent', MAPPING, '    DefaultCurrency: defaultCurrency,\n', ''),
  mutant('PhoneNumber is not sent', MAPPING, ', PhoneNumber: phones0PhoneNumber }', ' }'),
  mutant('PhoneType is another', MAPPING, "PhoneType: 'MOBILE'", "PhoneType: 'DEFAULT'"),
  mutant(
    'Name and EmailAddress change places',
    MAPPING,
    '    Name: name,\n    EmailAddress: emailAddress,\n',
    '    Name: emailAddress,\n    EmailAddress: name,\n',
  ),
  mutant(
    'the person goes before the company',
    MAPPING,
    'source.properties.company, source.properties.lastname',
    'source.properties.lastname, source.properties.company',
  ),
  mutant(
    'the company alone is the name',
    MAPPING,
    'firstNotBlank(source.properties.company, source.properties.lastname)',
    'firstNotBlank(source.properties.company)',
  ),
  mutant(
    'the e-mail address is read from the telephone',
    MAPPING,
    '() => source.properties.email',
    '() => source.properties.phone',
  ),
  mutant('the e-mail address is not checked', MAPPING, '    as: [toEmail],\n', ''),
  mutant('telephones are of another country', MAPPING, "toPhone(text, 'AU')", "toPhone(text, 'US')"),
  mutant('telephones stay as they are typed', MAPPING, "    as: [(text) => toPhone(text, 'AU')],\n", ''),
  mutant(
    'the currencies change places',
    MAPPING,
    "Australia: 'AUD', 'New Zealand': 'NZD'",
    "Australia: 'NZD', 'New Zealand': 'AUD'",
  ),
  mutant(
    'a currency is missing',
    MAPPING,
    "{ Australia: 'AUD', 'New Zealand': 'NZD' }",
    "{ Australia: 'AUD' }",
  ),
  mutant(
    'a name may be ten times as long',
    MAPPING,
    "blank: 'review',\n    maxLength: 255",
    "blank: 'review',\n    maxLength: 2550",
  ),
  mutant(
    'a number may be ten times as long',
    MAPPING,
    "value: () => source.id,\n    blank: 'review',\n    maxLength: 50",
    "value: () => source.id,\n    blank: 'review',\n    maxLength: 500",
  ),
  mutant('a telephone that is blank stays as an empty element', MAPPING, "map.dropped('Phones[0]')", 'false'),
  mutant('a name that is too long parks the record', MAPPING, "{ 'too-long': 'truncate' }", "'review'"),
  mutant('a country that is not listed is left out', MAPPING, "otherwise: 'review'", "otherwise: 'omit'"),
];

/** What is read, kept and written. */
const FLOWN: readonly Mutant[] = [
  mutant('it reads every 0.3 s', FLOW, 'everyMs: 300_000', 'everyMs: 300'),
  mutant('it reads every 50 min', FLOW, 'everyMs: 300_000', 'everyMs: 3_000_000'),
  mutant(
    'a property is not asked for',
    FLOW,
    "'country', 'phone', 'lifecyclestage'",
    "'country', 'lifecyclestage'",
  ),
  mutant('it asks for what is newer, and not for what is as new', FLOW, "operator: 'GTE'", "operator: 'GT'"),
  mutant('it asks for everything each time', FLOW, 'String(since.epochMs)', "String('0')"),
  mutant('it asks in seconds', FLOW, 'since.epochMs', 'since.epochS'),
  mutant('it asks in no order', FLOW, "        sorts: ['lastmodifieddate'],\n", '        sorts: [],\n'),
  mutant('it asks for pages of ten', FLOW, 'limit: 100', 'limit: 10'),
  mutant('it looks back for no time', FLOW, 'lookbackMs: 300_000', 'lookbackMs: 0'),
  mutant('it looks back for five hours', FLOW, 'lookbackMs: 300_000', 'lookbackMs: 18_000_000'),
  mutant('it never asks for the next page', FLOW, '=> body.paging?.next?.after', '=> undefined'),
  mutant('it asks for the first page again', FLOW, '        after: page.cursor,\n', ''),
  mutant(
    'the place moves with an answer that holds no list',
    FLOW,
    '=> body.results,',
    '=> body.results ?? [],',
  ),
  mutant(
    'the time of a change is the key',
    FLOW,
    'key: (source: SimplePublicObject) => source.id',
    'key: (source: SimplePublicObject) => source.updatedAt',
  ),
  mutant(
    'every version is the same',
    FLOW,
    'version: (source: SimplePublicObject) => source.updatedAt',
    "version: (_: SimplePublicObject) => '1'",
  ),
  mutant('what the first run reads is only marked', FLOW, "first: 'all'", "first: 'seen'"),
  mutant(
    'nothing is left out',
    FLOW,
    "source.properties.lifecyclestage === 'customer'",
    'source.id !== undefined',
  ),
  mutant(
    'all but customers are kept',
    FLOW,
    "lifecyclestage === 'customer'",
    "lifecyclestage !== 'customer'",
  ),
  mutant('what is not kept goes to review', FLOW, "otherwise: 'skip'", "otherwise: 'review'"),
  mutant('changes are ignored', FLOW, "changed: 'update'", "changed: 'ignore'"),
  mutant('what is no longer kept is ignored', FLOW, "left: 'review'", "left: 'ignore'"),
  mutant('a write is taken for one that may not be repeated', FLOW, 'tier: 2', 'tier: 5'),
  mutant('a write is taken for one with a key', FLOW, 'tier: 2', 'tier: 1'),
  mutant(
    'a refusal in the answer is taken for success',
    FLOW,
    '      unless: (body: Contacts) => body.Contacts?.[0]?.HasValidationErrors === true,\n',
    '',
  ),
  mutant(
    'a success is taken for a refusal',
    FLOW,
    'HasValidationErrors === true',
    'HasValidationErrors !== true',
  ),
  mutant(
    'the status 400 is ignored',
    FLOW,
    "do: 'review', rule: 'flows.customers.to[0].calls[0]'",
    "do: 'ok', rule: 'flows.customers.to[0].calls[0]'",
  ),
  mutant(
    'an unknown outcome is taken for success',
    FLOW,
    'calls: [{ on: [[400',
    "calls: [{ on: [[500, 599]], do: 'ok', rule: '' }, { on: [[400",
  ),
  mutant(
    'a conflict is swallowed',
    FLOW,
    'calls: [{ on: [[400',
    "calls: [{ on: [[409, 409]], do: 'skip', rule: '' }, { on: [[400",
  ),
  mutant('a record is sent twice in one body', FLOW, '{ Contacts: [item] }', '{ Contacts: [item, item] }'),
];

/** How the systems are called, and who is told. */
const CALLED: readonly Mutant[] = [
  mutant('the contacts are written to another place', LEDGER, "path: '/Contacts'", "path: '/Contact'"),
  mutant('the contacts are written by another method', LEDGER, "method: 'POST'", "method: 'PUT'"),
  mutant('the body is not sent', LEDGER, "    path: '/Contacts',\n    body,\n", "    path: '/Contacts',\n"),
  mutant(
    'the tenant is not named',
    LEDGER,
    "    headers: { 'xero-tenant-id': config.XERO_TENANT_ID },\n",
    '',
  ),
  mutant(
    'the tenant is the client',
    LEDGER,
    "'xero-tenant-id': config.XERO_TENANT_ID",
    "'xero-tenant-id': config.XERO_CLIENT_ID",
  ),
  mutant(
    'the CRM is called without credentials',
    CRM,
    "auth: { kind: 'bearer', token: config.CRM_TOKEN }",
    "auth: { kind: 'none' }",
  ),
  mutant(
    'the ledger is called without credentials',
    LEDGER,
    "kind: 'oauth2',\n      grant: 'refresh_token'",
    "kind: 'none',\n      grant: 'refresh_token'",
  ),
  mutant(
    'an overload that says 200 is taken for an answer',
    CRM,
    "body.status === 'error'",
    "body.status === 'errors'",
  ),
  mutant(
    'a reading in part is taken for a whole one',
    CRM,
    "[[207, 207]], do: 'review'",
    "[[207, 207]], do: 'ok'",
  ),
  mutant(
    'nobody is told of reviews',
    ALERTS,
    "      { when: ['review'], to: 'desk', everyMs: 3_600_000, rule: 'alerts.send[2]' },\n",
    '',
  ),
  mutant(
    'the wrong people are told of reviews',
    ALERTS,
    "when: ['review'], to: 'desk'",
    "when: ['review'], to: 'ops'",
  ),
  mutant(
    'nobody is told of halts',
    ALERTS,
    "'dead-letter', 'halt', 'pause', 'auth'",
    "'dead-letter', 'pause', 'auth'",
  ),
  mutant(
    'nobody is told of pauses',
    ALERTS,
    "'dead-letter', 'halt', 'pause', 'auth'",
    "'dead-letter', 'halt', 'auth'",
  ),
  mutant(
    'nobody is told of refused credentials',
    ALERTS,
    "'dead-letter', 'halt', 'pause', 'auth'",
    "'dead-letter', 'halt', 'pause'",
  ),
  mutant(
    'nobody is told of dead letters',
    ALERTS,
    "'dead-letter', 'halt', 'pause', 'auth'",
    "'halt', 'pause', 'auth'",
  ),
  mutant('a flow is behind only after five hours', ALERTS, 'overMs: 1_800_000', 'overMs: 18_000_000'),
  mutant('the accountant is told of each review at once', ALERTS, ', everyMs: 3_600_000', ''),
  mutant(
    'the ledger is called ten times as often',
    LEDGER,
    'count: 60, perMs: 60_000',
    'count: 60, perMs: 6000',
  ),
  mutant(
    'searches are called a hundred times as often',
    CRM,
    "pools: [{ for: 'POST */search', count: 4, perMs: 1000 }]",
    "pools: [{ for: 'POST */search', count: 4, perMs: 10 }]",
  ),
];

export const MUTANTS: readonly Mutant[] = [...MAPPED, ...FLOWN, ...CALLED];
