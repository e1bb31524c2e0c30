import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { AlertOptions } from '../runtime/src/alerts/alert-options.ts';
import type { Config } from '../generated/crm-to-ledger/src/config.ts';
import { createAlerts } from '../generated/crm-to-ledger/src/alerts.ts';
import { createChannels } from '../runtime/src/alerts/create-channels.ts';
import { createUndiciTransport } from '../runtime/src/http/undici-transport.ts';
import { createScrubber } from '../runtime/src/log/scrub.ts';
import { createVirtualClock } from '../runtime/src/testing/virtual-clock.ts';
import { startAlertSinks } from './demo/alert-sinks.ts';
import { emitSoundCases } from './emit-cases.ts';

let files: ReadonlyMap<string, string>;

beforeAll(async () => {
  files = await emitSoundCases([
    'ok-alerts',
    'ok-alerts-to-a-system-called-alerts',
    'ok-allow-that-nobody-is-told',
  ]);
});

const CONFIG = {
  OPS_WEBHOOK: 'https://hooks.example/ops',
  SMTP_URL: 'smtps://mail.example',
  MAIL_FROM: 'mortise@example.com',
  OWN_WEBHOOK: 'https://own.example/alerts',
  OWN_SECRET: 'whsec_c2VjcmV0LXNlY3JldA==',
};

test('the emitted options say what the rules say, one line for each channel, and make channels', async () => {
  const options = await readOptions('ok-alerts');

  expect(options.channels).toEqual({
    ops: { kind: 'slack', url: CONFIG.OPS_WEBHOOK },
    desk: { kind: 'email', to: 'desk@example.com', smtp: CONFIG.SMTP_URL, from: CONFIG.MAIL_FROM },
    own: { kind: 'webhook', url: CONFIG.OWN_WEBHOOK, secret: CONFIG.OWN_SECRET },
  });
  const grave = ['dead-letter', 'halt', 'pause', 'auth'];
  expect(options.send).toEqual([
    { when: ['review'], to: 'desk', everyMs: 3_600_000, rule: 'alerts.send[0]' },
    { when: grave, to: 'ops', rule: 'alerts.send[1]' },
    { when: grave, to: 'own', rule: 'alerts.send[1]' },
    { when: ['stale'], to: 'ops', flow: 'contacts', overMs: 1_800_000, rule: 'alerts.send[2]' },
  ]);
  const transport = { send: () => Promise.reject(new Error('not sent')), close: () => Promise.resolve() };
  const ports = {
    createTransport: () => transport,
    clock: createVirtualClock(),
    scrubber: createScrubber(),
  };
  expect([...createChannels(options, ports).keys()]).toEqual(['ops', 'desk', 'own']);
});

test('the settings of the channels are asked for, and their secrets stand in no file', () => {
  const asked = files.get('ok-alerts/.env.example') ?? '';
  const checked = files.get('ok-alerts/src/config.ts') ?? '';

  for (const name of Object.keys(CONFIG)) {
    expect(asked).toContain(`\n${name}=\n`);
    expect(checked).toContain(`\n  ${name}: z.`);
  }
});

test('the operations document says who is told of what, how often and where', () => {
  const rows = tableRows(files.get('ok-alerts/docs/operations.md'));

  expect(rows.slice(0, 3)).toEqual([
    ['review', 'desk (e-mail)', 'at most one message in 1 h', String.raw`alerts.send\[0\]`, ''],
    [
      'dead-letter, halt, pause, auth',
      'ops (Slack-compatible webhook), own (signed webhook)',
      'as it happens',
      String.raw`alerts.send\[1\]`,
      'somebody is always on call',
    ],
    [
      'stale over 30 min (only flow contacts)',
      'ops (Slack-compatible webhook)',
      'as it happens',
      String.raw`alerts.send\[2\]`,
      '',
    ],
  ]);
  expect(rows.slice(3, 6)).toEqual([
    ['ops', String.raw`Slack-compatible webhook at $OPS\_WEBHOOK`],
    ['desk', String.raw`e-mail to desk@example.com, from $MAIL\_FROM, by the server $SMTP\_URL`],
    ['own', String.raw`webhook at $OWN\_WEBHOOK, signed by Standard Webhooks with $OWN\_SECRET`],
  ]);
});

test('each alert has an entry that says who is told, where to look, and what to do', () => {
  const text = files.get('ok-alerts/docs/operations.md') ?? '';
  const entries = text.split('\n### ').slice(1);
  const told = entries.map((entry) => [entry.split('\n')[0], /\*\*Who is told\*\*: (.*)\./.exec(entry)?.[1]]);

  expect(told).toEqual([
    ['halt', 'ops, own'],
    ['auth', 'ops, own'],
    ['dead-letter', 'ops, own'],
    ['pause', 'ops, own'],
    ['stale', 'ops of contacts'],
    ['review', 'desk'],
  ]);
  for (const entry of entries) expect(entry).toMatch(/\*\*Look at\*\* `npm run service -- \w/);
  expect(files.get('ok-allow-that-nobody-is-told/docs/operations.md')).toContain('**Who is told**: nobody');
});

test('the answer book and the register name the same channels', () => {
  const answers = files.get('ok-alerts/docs/answers.md') ?? '';
  const register = tableRows(files.get('ok-alerts/docs/decisions.md')).filter(([gate]) => gate === 'alert');

  expect(answers).toContain('| parks the record | the review queue; alert to desk |');
  expect(answers).toMatch(/\| halts the flow;.*\| the log and \/metrics, status; alert to ops, own \|/);
  expect(register.map(([, where, chosen]) => [where, chosen])).toEqual([
    ['review', 'tell desk, at most once in 1h'],
    ['dead-letter, halt, pause, auth', 'tell ops, own'],
    ['stale of contacts over 30m', 'tell ops'],
  ]);
});

test('what nobody is told of is said plainly', () => {
  const none = files.get('ok-allow-that-nobody-is-told/docs/operations.md') ?? '';
  const some = files.get('ok-alerts-to-a-system-called-alerts/docs/operations.md') ?? '';

  expect(none).toContain('**Nobody is told of anything**: the rules declare no `alerts`.');
  expect(none).toContain('only in the log and at `/status`');
  expect(some).toContain('**Nobody is told of: review, dead-letter, pause, auth, stale.**');
  expect(files.get('ok-alerts/docs/operations.md')).not.toContain('Nobody');
  expect(files.get('ok-allow-that-nobody-is-told/docs/answers.md')).not.toContain('alert to');
  expect(files.has('ok-allow-that-nobody-is-told/src/alerts.ts')).toBe(false);
});

test('a service with alerts hands them over, whatever its systems and flows are called', () => {
  expect(files.get('ok-alerts/src/main.ts')).toContain('\n      alerts: createAlerts(config),\n');
  const main = files.get('ok-alerts-to-a-system-called-alerts/src/main.ts') ?? '';
  const imported = [...main.matchAll(/^import \{ (\w+) \} from '\.\//gm)].map(([, name]) => name);

  expect(main).toContain('\n      alerts: createAlerts3(config),\n');
  expect(imported).toHaveLength(5);
  expect(new Set(imported).size).toBe(5);
  expect(files.get('ok-allow-that-nobody-is-told/src/main.ts')).not.toContain('alerts');
});

test('an alert of the sample arrives at the places that its rules name', async () => {
  const sinks = await startAlertSinks();
  try {
    const config = { OPS_WEBHOOK: sinks.webhookUrl, SMTP_URL: sinks.smtpUrl } as Config;
    const channels = createChannels(createAlerts(config), {
      createTransport: () => createUndiciTransport({ connections: 1 }),
      clock: createVirtualClock(),
      scrubber: createScrubber(),
    });
    const incident = {
      kind: 'halt',
      subject: 'customers',
      phase: 'new',
      message: 'Half of them fail',
    } as const;
    const message = {
      id: 'a1',
      integration: 'crm-to-ledger',
      atMs: 0,
      incidents: [{ ...incident, count: 12, sinceMs: Date.UTC(2026, 0, 5, 9) }],
    };
    for (const name of ['ops', 'desk'])
      expect(await channels.get(name)?.send(message)).toEqual({ kind: 'sent' });
    for (const channel of channels.values()) await channel.close();

    const line = 'NEW halt: customers: 12 records wait: Half of them fail (since 2026-01-05 09:00 UTC)';
    expect(sinks.posts.map((post) => JSON.parse(post) as unknown)).toEqual([
      { text: `*[crm-to-ledger] 1 new: halt*\n${line}` },
    ]);
    expect(sinks.mails).toHaveLength(1);
    expect(sinks.mails[0]).toMatch(/^To: desk@example\.com\r\nSubject: \[crm-to-ledger\] 1 new: halt\r$/m);
  } finally {
    await sinks.close();
  }
});

async function readOptions(name: string): Promise<AlertOptions> {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-alerts-'));
  try {
    const path = join(folder, 'alerts.ts');
    writeFileSync(path, files.get(`${name}/src/alerts.ts`) ?? '');
    const emitted = (await import(path)) as {
      readonly createAlerts: (config: typeof CONFIG) => AlertOptions;
    };
    return emitted.createAlerts(CONFIG);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The cells of every row of every table but the headings. */
function tableRows(text = ''): string[][] {
  const rows = text.split('\n').map((line) =>
    /^\| .*\|$/.test(line)
      ? line
          .slice(1, -1)
          .split('|')
          .map((cell) => cell.trim())
      : undefined,
  );
  const lines = text.split('\n');
  return rows.flatMap((row, index) =>
    row === undefined || lines[index + 1]?.startsWith('|---') ? [] : [row],
  );
}
