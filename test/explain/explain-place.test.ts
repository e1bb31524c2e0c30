import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { explainPlace } from '../../compiler/src/cli/commands/explain-place.ts';
import type { Trace } from '../../compiler/src/cli/open-trace.ts';
import { readQuestion } from '../../compiler/src/cli/trace-question.ts';
import { createNodeHost } from '../../compiler/src/source/node-host.ts';
import { customers } from '../../generated/crm-to-ledger/src/flows/customers.ts';
import { createAlertCenter } from '../../runtime/src/alerts/alert-center.ts';
import { renderAlert } from '../../runtime/src/alerts/render-alert.ts';
import type { AlertMessage } from '../../runtime/src/alerts/channel.ts';
import { logWrite, settleOutcome } from '../../runtime/src/deliver/deliver-intent.ts';
import { judgeRecord } from '../../runtime/src/inbox/judge-record.ts';
import { takeRecord } from '../../runtime/src/inbox/read-pass.ts';
import { createLog } from '../../runtime/src/log/create-log.ts';
import { createScrubber } from '../../runtime/src/log/scrub.ts';
import type { ClaimedIntent } from '../../runtime/src/store/store.ts';
import { createTestContext } from '../../runtime/src/testing/create-test-context.ts';
import { NO_PASS } from '../../runtime/src/testing/sample-records.ts';
import { ROOT } from '../run-process.ts';
import { createSampleProject } from '../sample-project.ts';

const RULES = 'specs/crm-to-ledger.rules.yaml';
const SERVICE = 'generated/crm-to-ledger';
const host = createNodeHost();

interface Said {
  readonly notes: readonly string[];
  readonly traces: readonly Trace[];
}

async function explain(text: string, folder = ROOT) {
  let printed = '';
  const question = readQuestion(host, folder, text);
  if (question === undefined) throw new Error(`${text} is no question about a place.`);
  const asked = { question, rules: [], format: 'json' } as const;
  const code = await explainPlace(host, folder, asked, (part) => (printed += part));
  return {
    code,
    printed,
    said: (code === 0 && printed.startsWith('{') ? JSON.parse(printed) : undefined) as Said,
  };
}

function findLine(file: string, start: string): number {
  return (
    readFileSync(join(ROOT, file), 'utf8')
      .split('\n')
      .findIndex((line) => line.trim().startsWith(start)) + 1
  );
}

/** Field, the constant that holds it, and a key of the ledger's description: looked up by hand. */
const FIELDS = [
  ['ContactNumber', 'const contactNumber', 'ContactNumber:'],
  ['Name', 'const name', 'Name:'],
  ['EmailAddress', 'const emailAddress', 'EmailAddress:'],
  ['DefaultCurrency', 'const defaultCurrency', 'DefaultCurrency:'],
] as const;

test.for(FIELDS)(
  '%s is found from its line in the code and from its line in the rules alike',
  async ([field, start]) => {
    const code = `${SERVICE}/src/mappings/customers-contact.ts`;
    const rule = `flows.customers.to[0].map.${field}`;
    const fromCode = await explain(`${code}:${findLine(code, start) + 2}`);
    const line = findLine(RULES, `${field}:`);
    const fromRules = await explain(`${RULES}:${line}`);

    expect(fromCode.said).toEqual(fromRules.said);
    expect(fromCode.said.notes).toEqual([]);
    expect(fromCode.said.traces).toMatchObject([
      {
        rule,
        at: expect.stringMatching(new RegExp(`^${RULES}:${line}:\\d+$`)),
        code: [`${code}:${findLine(code, start)}`],
        recordings: [1, '1b', 3].map((number) => expect.stringContaining(`/recordings/customers/${number}-`)),
      },
    ]);
    const [trace] = fromCode.said.traces;
    expect(trace?.tests).toContain(`${SERVICE}/test/mappings/customers-contact.test.ts`);
    const rows = readFileSync(join(ROOT, SERVICE, 'test/drills/customers.rows.json'), 'utf8');
    const drills = trace?.tests.filter((id) => !id.includes('/')) ?? [];
    expect(drills.length).toBeGreaterThan(0);
    for (const id of drills) {
      expect(id).toMatch(new RegExp(`^customers\\.contact\\.${field}\\.`));
      expect(rows).toContain(JSON.stringify(id));
    }
  },
);

test.for([
  ['src/mappings/customers-contact.ts', 'Name: name,', ['flows.customers.to[0].map.Name']],
  ['src/mappings/customers-contact.ts', 'blank: ', ['flows.customers.to[0].map.ContactNumber']],
  ['src/systems/ledger.ts', 'headers: { ', ['systems.ledger']],
  ['src/flows/customers.ts', 'depth: ', ['flows.customers.from']],
  ['src/flows/customers.ts', 'tier: ', ['flows.customers.to[0]']],
] as const)('%s, "%s", belongs to its own statement', async ([file, start, rules]) => {
  const name = `${SERVICE}/${file}`;
  const { said } = await explain(`${name}:${findLine(name, start)}`);

  expect(said.traces.map(({ rule }) => rule)).toEqual(rules);
});

test('a path with brackets is found as it is written in the rules', async () => {
  const { said } = await explain('flows.customers.to.contact.map.Phones[0].PhoneNumber');

  expect(said.traces).toMatchObject([
    {
      rule: 'flows.customers.to[0].map["Phones[0].PhoneNumber"]',
      text: expect.stringContaining('phone(AU)'),
    },
  ]);
});

test('what the rules could say and do not is explained as a key of the language', async () => {
  const { code, printed } = await explain('flows.customers.from.pages');

  expect([code, printed]).toEqual([0, expect.stringContaining('How this list comes in pages.')]);
});

test('a line of a description leads to the rule that uses it, and back to that line', async () => {
  const ledger = 'specs/xero/accounting.yaml';
  const [first = ''] = (await explain('flows.customers.to.contact.map.Name')).said.traces[0]?.spec ?? [];
  const [place = '', pointer] = first.split(' #');
  expect(pointer).toBe('/components/schemas/Contact/properties/Name');
  expect(place).toMatch(new RegExp(`^${ledger}:\\d+:\\d+$`));
  const line = Number(place.split(':')[1]);
  expect(readFileSync(join(ROOT, ledger), 'utf8').split('\n')[line - 1]?.trim()).toMatch(/^Name:/);

  const { said } = await explain(`${ledger}:${line}`);
  expect(said.traces.map(({ rule }) => rule)).toEqual(['flows.customers.to[0].map.Name']);
});

test('a decision about a status is found from its line, and names its row of the answer book', async () => {
  const file = `${SERVICE}/src/flows/customers.ts`;
  const { said } = await explain(`${file}:${findLine(file, 'calls: [{ on: [[400')}`);

  expect(said.traces).toMatchObject([{ rule: 'flows.customers.to[0].calls[0]' }]);
  expect(said.traces[0]?.tests).toContain('customers.contact.write.400');
  expect(said.traces[0]?.text).toContain('on: 400');
});

test('a line that the service has logged leads to the rule that decided', async () => {
  const lines: string[] = [];
  const [target] = customers.targets;
  if (target === undefined) throw new Error('The flow has no target.');
  const context = {
    ...createTestContext(),
    log: createLog(createScrubber(), 'info', { write: (line: string) => lines.push(line) } as never),
  };
  const options = { flow: customers, target, client: undefined as never, context } as never;
  const intent = { key: '7', attempts: 1 } as ClaimedIntent;
  const outcome = {
    kind: 'refused',
    status: 400,
    action: 'review',
    message: 'no',
    rule: 'flows.customers.to[0].calls[0]',
  };
  logWrite(intent, settleOutcome(outcome as never, intent, options, 2), options);

  const { said } = await explain(lines[0] ?? '');
  expect(said.traces).toMatchObject([{ rule: 'flows.customers.to[0].calls[0]' }]);
});

test('a line of an alert leads to the rule that parked the records', async () => {
  const messages: AlertMessage[] = [];
  const context = createTestContext();
  const source = {
    id: '7',
    updatedAt: '2026-01-04T09:00:00.000Z',
    properties: { lifecyclestage: 'customer' },
  };
  await context.store.takeIn('customers', [takeRecord(customers, source)], NO_PASS, (record, known) =>
    judgeRecord(source, record, known, { integration: 'x', flow: customers, marking: false, nowMs: 0 }),
  );
  const center = createAlertCenter({
    options: {
      channels: { ops: { kind: 'slack', url: 'https://slack.example/T0' } },
      send: [{ when: ['review'], to: 'ops', everyMs: 60_000, rule: 'alerts.send[0]' }],
    },
    channels: new Map([
      [
        'ops',
        {
          name: 'ops',
          send: (message: AlertMessage) => {
            messages.push(message);
            return Promise.resolve({ kind: 'sent' as const });
          },
          close: () => Promise.resolve(),
        },
      ],
    ]),
    flows: [],
    clients: [],
    context,
  });
  await context.clock.drive(center.look());

  const [message] = messages;
  const [line = ''] = message === undefined ? [] : renderAlert(message).lines;
  expect(line).toMatch(
    /^NEW review: customers: 1 record waits: .*, rule flows\.customers\.to\.contact\.map\.Name\)$/,
  );
  const fromText = await explain(line);
  const fromJson = await explain(JSON.stringify(message?.incidents[0]));
  expect(fromText.said.traces).toMatchObject([{ rule: 'flows.customers.to[0].map.Name' }]);
  expect(fromJson.said).toEqual(fromText.said);
});

test.for([
  [
    'NEW pause: ledger: the system has not been usable for more than an hour: 503 (since 2026-01-05 09:00 UTC)',
    'systems.ledger',
  ],
  ['STILL halt: customers: the flow is halted (since 2026-01-05 09:00 UTC)', 'flows.customers'],
  ['{"flow":"customers","step":"read","pages":3}', 'flows.customers.from'],
  ['{"system":"crm","outcome":"refused"}', 'systems.crm'],
  [
    '{"level":"warn","step":"review","subject":"customers","reason":"1 record waits","outcome":"new","msg":"alert"}',
    'flows.customers',
  ],
  [
    String.raw`{"text":"*[crm-to-ledger] 1 new: auth*\nNEW auth: ledger: refused (since 2026-01-05 09:00 UTC)"}`,
    'systems.ledger',
  ],
  ['{"step":"alerts.send[1]","outcome":"sent"}', 'alerts.send[1]'],
] as const)('%s is about %s', async ([text, rule]) => {
  expect((await explain(text)).said.traces.map((trace) => trace.rule)).toEqual([rule]);
});

test.for([
  ['nowhere.ts:3', 'There is no file nowhere.ts.'],
  [`${RULES}:99999`, 'lines, and 99999 is none of them.'],
  ['flows.customer.from', 'There is no rule flows.customer.from. Did you mean'],
  ['{"level":30}', 'This line names no rule, no flow and no system'],
  ['{"level"', 'give the whole line, in quotes'],
  ['README.md:3', 'leads to this line. Lines are known of the rules'],
  ['flows.customers.form', 'There is no code and no key "flows.customers.form"'],
] as const)('%s is answered with a way out', async ([text, words]) => {
  expect(await explain(text)).toMatchObject({ code: 2, printed: expect.stringContaining(words) });
});

test('in a description of one line a column says which part is meant', async () => {
  const project = createSampleProject();
  try {
    await project.gen();
    const rule = 'flows.customers.to[0].map.Name';
    const ask = async (text: string) => (await explain(text, project.folder)).said.traces;
    const [before] = await ask(rule);
    const [file = '', pointer = ''] = (before?.spec[0] ?? '').split(' #');
    const path = file.replace(/(?::\d+)+$/, '');
    project.write(path, JSON.stringify(parse(project.read(path))));
    await project.gen({ force: true });
    const place = /^\S+/.exec((await ask(rule))[0]?.spec[0] ?? '')?.[0] ?? '';

    expect(pointer).toContain('/Name');
    expect(place).toMatch(/:1:\d{3,}$/);
    expect((await ask(place)).map((trace) => trace.rule)).toContain(rule);
  } finally {
    project.remove();
  }
});

test('a trace that is damaged is named, and so is what to do', async () => {
  const project = createSampleProject();
  try {
    await project.gen();
    project.write(`${SERVICE}/mortise.trace.json`, '{');
    const { code, printed } = await explain('flows.customers', project.folder);

    expect(code).toBe(2);
    expect(printed).toContain(`${SERVICE}/mortise.trace.json is damaged: run mortise gen ${RULES}.`);
  } finally {
    project.remove();
  }
});

test.for(['blank-required', 'pages.until', 'rules', 'flows.*.from.pages', 'flows.*.to[].once'])(
  '%s, a code or a key of the language, is no place',
  (text) => {
    expect(readQuestion(host, ROOT, text)).toBeUndefined();
  },
);

test('what makes the lines less than certain is said: no service, an edited file, rules that have changed', async () => {
  const project = createSampleProject();
  try {
    const name = 'flows.customers.to.contact.map.Name';
    const ask = async (): Promise<readonly string[] | string> => {
      const { said, printed } = await explain(name, project.folder);
      return said?.notes ?? printed;
    };
    expect(await ask()).toContain(`${SERVICE} holds no mortise.trace.json: run mortise gen ${RULES}.`);
    await project.gen();
    expect(await ask()).toEqual([]);
    project.edit(`${SERVICE}/src/mappings/customers-contact.ts`, '// Generated', '// Made');
    project.edit(RULES, 'Xero shows this on invoices.', 'Xero shows it.');
    expect(await ask()).toEqual([
      `${SERVICE} was not made from ${RULES} as it is now: run mortise gen ${RULES}.`,
      'src/mappings/customers-contact.ts is not as it was emitted: run mortise gen --check.',
    ]);
  } finally {
    project.remove();
  }
});
