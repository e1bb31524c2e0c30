import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteDatabase } from '../../runtime/src/store/sqlite-database.ts';
import { median } from './median.ts';
import type { Benchmark } from './outcome.ts';
import { runBareLoop } from './sync/bare-loop.ts';
import { startMockProcess } from './sync/mock-process.ts';
import type { MockProcess } from './sync/mock-process.ts';
import type { Write } from './sync/mock-server.ts';
import { CONCURRENCY, RECORDS } from './sync/records.ts';
import { runService } from './sync/service-run.ts';

const PAIRS = 3;

/** The engine with every guarantee against a loop with none, at the same concurrency, in turn. */
export const benchSync: Benchmark = {
  names: ['sync-vs-bare-undici'],
  async run() {
    const mock = await startMockProcess();
    try {
      await measurePair(mock);
      const pairs: Pair[] = [];
      for (let pair = 0; pair < PAIRS; pair += 1) pairs.push(await measurePair(mock));
      const rate = (side: 'bareMs' | 'serviceMs'): number =>
        Math.round(RECORDS / (median(pairs.map((each) => each[side])) / 1000));
      const vs = `${RECORDS} records at concurrency ${CONCURRENCY}: service ${rate('serviceMs')}/s (file store, synchronous=FULL), bare undici ${rate('bareMs')}/s`;
      const figure = median(pairs.map(({ bareMs, serviceMs }) => bareMs / serviceMs));
      return [{ kind: 'measured', name: 'sync-vs-bare-undici', figure, vs }];
    } finally {
      mock.close();
    }
  },
};

interface Pair {
  readonly serviceMs: number;
  readonly bareMs: number;
}

async function measurePair(mock: MockProcess): Promise<Pair> {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-bench-sync-'));
  try {
    const file = join(folder, 'store.sqlite');
    await assertSynchronous(file);
    const { ms: serviceMs, states } = await runService(mock.url, file);
    const served = await mock.takeWrites();
    const startedMs = performance.now();
    await runBareLoop(mock.url);
    const bareMs = performance.now() - startedMs;
    assertSame(served, await mock.takeWrites(), states);
    return { serviceMs, bareMs };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The pragma belongs to a connection, so it is asked on one that is opened the way the store opens its own. */
async function assertSynchronous(file: string): Promise<void> {
  const db = openSqliteDatabase(file);
  const synchronous = db.get('PRAGMA synchronous')?.['synchronous'];
  const journal = db.get('PRAGMA journal_mode')?.['journal_mode'];
  await db.close();
  if (synchronous !== 2 || journal !== 'wal')
    throw new Error(
      `The store has synchronous=${synchronous} and journal_mode=${journal}; 2 and wal are wanted.`,
    );
}

function assertSame(
  served: readonly Write[],
  bare: readonly Write[],
  states: Readonly<Record<string, number | undefined>>,
): void {
  const keys = new Set(served.map((write) => write.key));
  if (served.length !== RECORDS || keys.size !== RECORDS || keys.has(undefined)) {
    throw new Error(
      `The mock saw ${served.length} writes with ${keys.size} keys; ${RECORDS} of both are wanted.`,
    );
  }
  const wanted = bare.map((write) => write.body).toSorted();
  const differing = served
    .map((write) => write.body)
    .toSorted()
    .findIndex((body, index) => body !== wanted[index]);
  if (bare.length !== RECORDS || differing >= 0)
    throw new Error('The service and the bare loop wrote different bodies.');
  if (states['delivered'] !== RECORDS)
    throw new Error(`The store holds ${JSON.stringify(states)}; all of ${RECORDS} should be delivered.`);
}
