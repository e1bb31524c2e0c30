import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { forecastOutage, formatSpan } from '../../compiler/src/emit/docs/forecast-outage.ts';
import type { OutageModel } from '../../compiler/src/emit/docs/forecast-outage.ts';
import { guessPersonalKind } from '../../compiler/src/emit/docs/guess-personal-kind.ts';
import { viewScopes } from '../../compiler/src/emit/docs/view-scopes.ts';
import { emitServices, emitSoundCases } from '../emit-cases.ts';
import { hasShared } from '../section-four/section-four-service.ts';

const CASES = [
  'ok-minimal',
  'ok-put-by-id',
  'ok-key-then-look-up',
  'ok-look-up-in-an-index-that-lags',
  'ok-create-and-update',
  'ok-auth-authorization-code',
  'ok-alerts',
  'ok-plain-values-that-must-fit',
  'ok-every-transform',
  'ok-update-by-post',
  'ok-batch-that-is-looked-up-and-changed',
];
let files: ReadonlyMap<string, string>;

beforeAll(async () => {
  files = await emitSoundCases(CASES);
});

const read = (path: string): string => files.get(path) ?? '';
const rowOf = (text: string, first: string): string[] =>
  text
    .split('\n')
    .find((line) => line.startsWith(`| ${first} |`))
    ?.slice(2, -2)
    .split(' | ') ?? [];

test('every service has every document, and its README leads to each', () => {
  const names = [
    'overview',
    'mapping',
    'decisions',
    'answers',
    'writes',
    'outages',
    'operations',
    'security',
    'corrections',
  ];
  for (const name of CASES) {
    const readme = read(`${name}/README.md`);
    const linked = [...readme.matchAll(/\]\(docs\/([a-z]+)\.md[)#]/g)].map(([, document]) => document);
    expect(new Set(linked)).toEqual(new Set(names));
    for (const document of names) expect(read(`${name}/docs/${document}.md`), document).toMatch(/^# \w/);
    expect(read(`${name}/docs/index.html`)).toContain('</html>');
  }
});

test('a certificate says how a repeat is made harmless, and what is left', () => {
  expect(rowOf(read('ok-put-by-id/docs/writes.md'), 'tier')).toEqual(['tier', '0']);
  const key = read('ok-key-then-look-up/docs/writes.md');
  expect(rowOf(key, 'tier')).toEqual(['tier', '1']);
  expect(rowOf(key, 'in particular')[1]).toMatch(
    /^header Idempotency-Key, which the target remembers for \d+ [dh] after the first send/,
  );
  expect(rowOf(key, 'after that')[1]).toMatch(/^then looked up by GET/);
  const lagging = read('ok-look-up-in-an-index-that-lags/docs/writes.md');
  expect(rowOf(lagging, 'tier')).toEqual(['tier', '4']);
  expect(rowOf(lagging, 'residual risk')[1]).toContain('hides the object, and a second one is made');
  expect(rowOf(read('ok-minimal/docs/writes.md'), 'residual risk')[1]).toContain(
    'does not really match on number',
  );
});

test('the mapping says every bound of what it writes', () => {
  const typeOf = (name: string, field: string): string | undefined =>
    read(`${name}/docs/mapping.md`)
      .split('\n')
      .find((line) => line.includes(`| \`${field}\``))
      ?.split(' | ')[5];

  expect(typeOf('ok-plain-values-that-must-fit', 'long')).toBe('string, at least 40 characters');
  expect(typeOf('ok-plain-values-that-must-fit', 'amount')).toBe('integer, from 100, a multiple of 25');
  expect(typeOf('ok-every-transform', 'country')).toBe('string, 2 characters');
});

test('an update whose repeat nobody can vouch for makes no second object, and says what it may do', () => {
  const text = read('ok-update-by-post/docs/writes.md');
  const update = text.slice(text.indexOf('## contacts-contact-update'), text.indexOf('## Tiers'));

  expect(rowOf(update, 'tier')).toEqual(['tier', '5']);
  expect(rowOf(update, 'a repeat is harmless by')[1]).toMatch(
    /^nothing: what is posted to an object may be added/,
  );
  expect(rowOf(update, 'residual risk')[1]).toContain('has the change applied twice');
  expect(update).not.toContain('second object');
});

test('a write that replaces the whole object says what else it removes, and one that merges does not', () => {
  const riskOf = (path: string, anchor: string): string => {
    const text = read(`${path}/docs/writes.md`);
    return rowOf(text.slice(text.indexOf(anchor)), 'residual risk')[1] ?? '';
  };

  expect(riskOf('ok-plain-values-that-must-fit', '## ')).toContain(
    'what it holds beside the mapped fields is removed',
  );
  expect(riskOf('ok-batch-that-is-looked-up-and-changed', '## contacts-contact-update')).not.toContain(
    'removed',
  );
});

test('what the look-up of a create finds is changed at once where there is an update, and says so', () => {
  const changed = read('ok-batch-that-is-looked-up-and-changed/docs/writes.md');
  const left = read('ok-look-up-in-an-index-that-lags/docs/writes.md');

  expect(rowOf(changed, 'a repeat is harmless by')[1]).toContain('it is adopted and changed at once');
  expect(rowOf(changed, 'when the outcome is unknown')[1]).toContain('it is adopted and changed at once');
  expect(rowOf(left, 'a repeat is harmless by')[1]).toContain('it is adopted and left as it is');
});

test('without a volume an outage is unknown, and is said to be', () => {
  const text = read('ok-minimal/docs/outages.md');

  expect(text.match(/unknown without volume/g)).toHaveLength(16);
  expect(text).toContain('unknown: the rules state no volume');
  expect(text).not.toContain('catching up takes 0');
});

/** One flow of 400 records a day from `a` to `b`, which lets 60 calls a minute through. */
function createModel(changes: {
  readonly daily?: number;
  readonly recordsPerDay?: number | null;
}): OutageModel {
  const lanes = [
    { kind: 'rate', label: '60 a minute', perSecond: 1 } as const,
    ...(changes.daily === undefined
      ? []
      : [{ kind: 'daily', label: 'daily', perDay: changes.daily } as const]),
  ];
  const { recordsPerDay = 400 } = changes;
  return {
    systems: [
      { name: 'a', lanes: [{ kind: 'concurrency', label: '5 at a time', places: 5 }] },
      { name: 'b', lanes },
    ],
    flows: [
      {
        name: 'one',
        recordsPerDay,
        calls: [
          { system: 'a', role: 'read', lanes: [0], perRecord: 0.01, perDay: 288 },
          { system: 'b', role: 'write', lanes: lanes.map((_, index) => index), perRecord: 1, perDay: 0 },
        ],
      },
    ],
  };
}

test.for([
  // 400 a day for 6 h are 100; 86,400 calls a day less 400 leave 86,000: 100 / 86,000 days are 100.47 s.
  [{}, 'b', 6, 100, '101 s'],
  [{}, 'a', 6, 100, '101 s'],
  // Of 500 a day 100 are left, and 1,200 are missing: 12 days.
  [{ daily: 500 }, 'b', 72, 1200, '12 d'],
  // 100 are missing and 100 are left: it fits into the day, and the rate bounds it.
  [{ daily: 500 }, 'b', 6, 100, '101 s'],
  [{ daily: 400 }, 'b', 6, 100, 'never: normal work takes all that is allowed'],
  [{ recordsPerDay: null }, 'b', 6, undefined, 'at once'],
  [{ recordsPerDay: 0 }, 'b', 6, 0, 'at once'],
] as const)('with %o, %s down for %i h', ([changes, system, hours, backlog, within]) => {
  const forecast = forecastOutage(createModel(changes), { system, hours, answerSeconds: 0.5 });

  expect([forecast.backlog, formatSpan(forecast.catchUpSeconds)]).toEqual([backlog, within]);
  expect(forecast.unknown).toEqual(backlog === undefined ? ['one'] : []);
});

test('the least scopes are those of one scheme that every call takes', () => {
  const way = (scheme: string, ...scopes: string[]) => [{ scheme, type: 'oauth2', scopes }];
  const view = viewScopes({
    system: { name: 'crm', auth: { kind: 'oauth2', scopes: ['read', 'admin'] } },
    operations: [
      { operation: { method: 'GET', path: '/a', security: [way('old', 'all', 'more'), way('new', 'read')] } },
      {
        operation: {
          method: 'GET',
          path: '/b',
          security: [
            way('new', 'read', 'x'),
            way('new', 'write'),
            [{ scheme: 'key', type: 'apiKey', scopes: [] }],
          ],
        },
      },
      { operation: { method: 'GET', path: '/open', security: [] } },
    ],
  } as never);

  expect(view.scheme).toBe('new');
  expect(view.least).toEqual([{ scope: 'read' }, { scope: 'write' }]);
  expect(view.rows.map(({ wants }) => wants)).toEqual(['read', 'write', 'no scope']);
  expect(view.compared).toBe(
    'more than the calls need by the description: admin; not all that the description asks for; missing: write',
  );
});

test.for([
  ['EmailAddress', undefined, 'e-mail address'],
  ['contact_phone', undefined, 'telephone number'],
  ['x', 'email', 'e-mail address'],
  ['firstname', undefined, 'name'],
  ['dateOfBirth', undefined, 'date of birth or age'],
  ['ipAddress', undefined, 'address'],
  ['postCode', undefined, 'address'],
  ['notes', undefined, 'free text, which may hold anything'],
  ['updatedAt', 'date-time', undefined],
  ['quantity', undefined, undefined],
  ['stage', undefined, undefined],
  ['constructor', undefined, undefined],
] as const)('a field called %s looks like %s', ([name, format, kind]) => {
  expect(guessPersonalKind(['properties', name], format)).toBe(kind);
});

test('whom the service talks to is said, and where its personal data goes', () => {
  const text = read('ok-auth-authorization-code/docs/security.md');
  const hosts = text.split('## Least')[0] ?? '';

  expect(hosts).toMatch(/for tokens \| the credentials of the client \|/);
  expect(hosts).toMatch(/opened in the browser of the person who logs in/);
  expect(read('ok-alerts/docs/security.md')).toContain('| `$OPS_WEBHOOK` | the alert channel ops |');
  expect(read('ok-minimal/docs/security.md')).toContain(
    '| crm | `contacts: source.name` | name | ledger name |',
  );
});

test.runIf(hasShared)('of the vendors’ own descriptions the least scopes are found', async () => {
  const entry = join(import.meta.dirname, '../section-four/crm-to-ledger.rules.yaml');
  const text = (await emitServices(new Map([['service', entry]]))).get('service/docs/security.md') ?? '';
  const scopes = [...text.matchAll(/^- `([a-z0-9._]+)`$/gm)].map(([, scope]) => scope);

  // Links between objects may be read with any of hundreds of scopes, so with one that is needed anyway.
  expect(scopes).toEqual([
    'crm.objects.contacts.read',
    'crm.objects.deals.read',
    'crm.objects.line_items.read',
    'accounting.contacts',
    'accounting.contacts.read',
    'accounting.transactions',
    'accounting.transactions.read',
  ]);
  expect(text).toContain(
    String.raw`| crm | \`invoices: found.lines[].properties.name\` | name | ledger LineItems\[\].Description |`.replaceAll(
      '\\`',
      '`',
    ),
  );
});
