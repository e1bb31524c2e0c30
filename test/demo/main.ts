import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { compareLedger, expectedLedger } from './demo-oracle.ts';
import { readReviews, ROOT, runService, startDemoWorld } from './demo-world.ts';
import { seedContacts } from './seed-contacts.ts';

/** `npm run demo`: generates the sample, runs it between two simulators with faults on, and compares the ledger with an oracle. */

const CONTACTS = 1000;
const SEED = 20260105;
const LEDGER_RATE = 6000;

interface OnceReport {
  readonly flows: readonly {
    readonly takenIn: number;
    readonly rereads: number;
    readonly states: Readonly<Record<string, number>>;
  }[];
  /** What was left undone, in words. */
  readonly unfinished?: readonly string[];
  readonly calls?: { readonly retries: number; readonly waits: number };
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function generate(): boolean {
  const mortise = join(ROOT, 'compiler/bin/mortise.js');
  const result = spawnSync(process.execPath, [mortise, 'gen', join(ROOT, 'specs/crm-to-ledger.rules.yaml')], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  say(`${result.stdout}${result.stderr}`.trimEnd());
  return result.status === 0;
}

async function demo(): Promise<number> {
  if (!generate()) return 1;
  const contacts = seedContacts(CONTACTS, SEED);
  const rates = {
    throttled: 0.004,
    'throttled-bare': 0.004,
    'server-error': 0.02,
    'cut-after-apply': 0.02,
    'cut-before-apply': 0.01,
    garbage: 0.01,
  };
  const world = await startDemoWorld({
    contacts,
    seed: SEED,
    ledgerRate: LEDGER_RATE,
    accessTokenLifetimeMs: 64_000,
    crmFaults: { seed: SEED, rates: { 'throttled-bare': 0.1, 'server-error': 0.15, 'cut-after-apply': 0.1 } },
    ledgerFaults: { seed: SEED, rates },
  });
  try {
    say(
      `\nThe ledger's limit is raised for the demo, in the service (LEDGER_RATE) and in the simulator alike: ${LEDGER_RATE} calls a minute instead of 60.`,
    );
    say(
      `${contacts.length} contacts are in the CRM; faults are on: ${Object.keys(rates).join(', ')}, expiring tokens.\n`,
    );
    const started = performance.now();
    // The token lapses in the middle of the run, as it would at night.
    const expiry = setTimeout(() => world.ledger.expireAccessTokens(), 3000);
    const end = await runService(world.environment, 'once', '--json');
    clearTimeout(expiry);
    const seconds = (performance.now() - started) / 1000;
    const report = JSON.parse(end.stdout.trim().split('\n')[0] ?? '{}') as OnceReport;
    const reviews = await readReviews(world.environment);
    const expected = expectedLedger(contacts);
    const differences = compareLedger(
      expected,
      world.ledger.contacts(),
      world.ledger.creations(),
      new Set(reviews.map((review) => review.key)),
    );
    if (end.code !== 0)
      differences.push(
        `the service ended with exit code ${end.code}: ${(report.unfinished ?? []).join(' ')} ${end.stderr.slice(-2000)}`,
      );
    for (const violation of [...world.crm.violations, ...world.ledger.violations].slice(0, 10))
      differences.push(`a simulator was called wrongly: ${violation}`);
    say(
      renderTable(
        report,
        reviews,
        world.ledger.creations(),
        seconds,
        { ...world.crm.faults.fired },
        { ...world.ledger.faults.fired },
      ),
    );
    const { posts, mails } = world.alerts;
    say(`\nAlerts, which went no further than this machine: ${posts.length} posted, ${mails.length} mailed.`);
    if (differences.length === 0)
      say('\nThe ledger holds exactly what an oracle, written from the rules, says it must hold.');
    else
      say(
        `\nThe ledger is not what the oracle says:\n${differences
          .slice(0, 20)
          .map((line) => `  - ${line}`)
          .join('\n')}`,
      );
    say('\nDocuments: generated/crm-to-ledger/README.md and generated/crm-to-ledger/docs/');
    return differences.length === 0 ? 0 : 1;
  } finally {
    await world.close();
  }
}

function renderTable(
  report: OnceReport,
  reviews: readonly { readonly reason: string }[],
  creations: ReadonlyMap<string, number>,
  seconds: number,
  crm: Record<string, number>,
  ledger: Record<string, number>,
): string {
  const [flow] = report.flows;
  const reasons = new Map<string, number>();
  for (const { reason } of reviews) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  const doubled = [...creations.values()].filter((count) => count > 1).length;
  const rows: [string, string | number][] = [
    ['read', flow?.takenIn ?? 0],
    ['read again', flow?.rereads ?? 0],
    ['delivered', flow?.states['delivered'] ?? 0],
    ['unchanged', flow?.states['unchanged'] ?? 0],
    ['skipped', flow?.states['skipped'] ?? 0],
    ['in review', flow?.states['review'] ?? 0],
    ...[...reasons].toSorted().map(([reason, count]): [string, number] => [`  ${reason}`, count]),
    ['retries', report.calls?.retries ?? 0],
    ['waits', report.calls?.waits ?? 0],
    ['faults in the CRM', describeFaults(crm)],
    ['faults in the ledger', describeFaults(ledger)],
    ['duplicates in the ledger', doubled],
    ['time', `${seconds.toFixed(1)} s`],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n');
}

function describeFaults(fired: Record<string, number>): string {
  return Object.entries(fired)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(', ');
}

process.exitCode = await demo();
