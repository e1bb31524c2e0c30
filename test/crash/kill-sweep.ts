import { compareLedger, expectedLedger } from '../demo/demo-oracle.ts';
import { readReviews, startDemoWorld, startService } from '../demo/demo-world.ts';
import type { DemoWorld, ProcessEnd, RunningProcess } from '../demo/demo-world.ts';
import { seedContacts } from '../demo/seed-contacts.ts';
import { createSeededRandom } from '../simulators/seeded-random.ts';

export interface KillSweepOptions {
  readonly seed: number;
  readonly contacts: number;
  readonly kills: number;
  /** The service's main file; another than the committed one for a sabotaged build. */
  readonly main?: string;
}

export interface KillSweepReport {
  readonly kills: number;
  /** Kills that hit a process before it had ended by itself. */
  readonly hit: number;
  /** How often the ledger's state differs from the oracle's, in words. */
  readonly differences: readonly string[];
  readonly doubled: number;
  readonly violations: readonly string[];
}

/** A kill comes so long after the service's first call at most, however slow the machine starts it. */
const SPREAD_MS = 600;

/**
 * Kills the demo run with SIGKILL at seeded moments and starts it again each time, until it may come to its end. The
 * simulators live on in this process, and their state is what counts.
 */
export async function runKillSweep(options: KillSweepOptions): Promise<KillSweepReport> {
  const random = createSeededRandom(options.seed);
  const contacts = seedContacts(options.contacts, options.seed);
  const rates = { 'server-error': 0.01, 'cut-after-apply': 0.02, 'cut-before-apply': 0.01, garbage: 0.005 };
  const world = await startDemoWorld({
    contacts,
    seed: options.seed,
    ledgerRate: 6000,
    ledgerLatencyMs: 80,
    ledgerFaults: { seed: options.seed, rates },
  });
  try {
    // A process that is killed leaves nothing of what Node has compiled for the next one; this one does.
    await startService(world.environment, ['--help'], options.main).done;
    let hit = 0;
    for (let kill = 0; kill < options.kills; kill += 1) {
      const service = startService(world.environment, ['once', '--json'], options.main);
      const end = await killAtWork(world, service, random.next() * SPREAD_MS);
      if (end.code === null) hit += 1;
    }
    const last = await startService(world.environment, ['once', '--json'], options.main).done;
    const reviews = await readReviews(world.environment);
    const differences = compareLedger(
      expectedLedger(contacts),
      world.ledger.contacts(),
      world.ledger.creations(),
      new Set(reviews.map((review) => review.key)),
    );
    if (last.code !== 0)
      differences.push(`the last run ended with exit code ${last.code}: ${last.stderr.slice(-1000)}`);
    const doubled = [...world.ledger.creations().values()].filter((count) => count > 1).length;
    return {
      kills: options.kills,
      hit,
      differences,
      doubled,
      violations: [...world.crm.violations, ...world.ledger.violations],
    };
  } finally {
    await world.close();
  }
}

/** Kills the service so long after it has begun to call the simulators; not at all where it has ended by itself before. */
async function killAtWork(world: DemoWorld, service: RunningProcess, delayMs: number): Promise<ProcessEnd> {
  const countCalls = (): number => world.crm.requests.length + world.ledger.requests.length;
  const before = countCalls();
  let ended = false;
  const done = service.done.finally(() => {
    ended = true;
  });
  while (!ended && countCalls() === before) await pause(5);
  await Promise.race([done, pause(delayMs)]);
  if (!ended) service.kill();
  return done;
}

function pause(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}
