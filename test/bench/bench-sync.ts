import { median } from './median.ts';
import type { Benchmark, Outcome } from './outcome.ts';
import { runBareLoop } from './sync/bare-loop.ts';
import { assertSameBodies, measureCeiling, measureService } from './sync/measure-service.ts';
import { startMockProcess } from './sync/mock-process.ts';
import type { MockProcess } from './sync/mock-process.ts';
import type { WritesReport } from './sync/mock-server.ts';
import type { BenchmarkName } from './targets.ts';
import { CONCURRENCY, RECORDS } from './sync/records.ts';

const PAIRS = 3;

/** The engine with every guarantee against a loop with none, at the same concurrency, in turn. */
export const benchSync: Benchmark = compareAt('sync-vs-bare-undici', 0);

/**
 * The same where a write takes the target a millisecond, as the quickest takes in its own network: a target that takes
 * none has no use for concurrency, and what is measured is the processor alone.
 */
export const benchSyncAt1Ms: Benchmark = compareAt('sync-vs-bare-undici-at-1-ms', 1);

function compareAt(name: BenchmarkName, writeMs: number): Benchmark {
  return { names: [name], run: () => compare(name, writeMs) };
}

async function compare(name: BenchmarkName, writeMs: number): Promise<readonly Outcome[]> {
  const mock = await startMockProcess(writeMs);
  try {
    await measurePair(mock);
    const pairs: Pair[] = [];
    for (let pair = 0; pair < PAIRS; pair += 1) pairs.push(await measurePair(mock));
    const rate = (side: keyof Pair): number =>
      Math.round(RECORDS / (median(pairs.map((each) => each[side])) / 1000));
    const ceiling = median(pairs.map(({ bareMs, ceilingMs }) => bareMs / ceilingMs));
    const vs = `${RECORDS} records at concurrency ${CONCURRENCY}: service ${rate('serviceMs')}/s (file store, synchronous=FULL), bare undici ${rate('bareMs')}/s; a store that costs nothing would give ${ceiling.toFixed(2)}`;
    const figure = median(pairs.map(({ bareMs, serviceMs }) => bareMs / serviceMs));
    return [{ kind: 'measured', name, figure, vs }];
  } finally {
    mock.close();
  }
}

interface Pair {
  readonly serviceMs: number;
  readonly bareMs: number;
  /** Of the service with a store that costs nothing. */
  readonly ceilingMs: number;
}

async function measurePair(mock: MockProcess<WritesReport>): Promise<Pair> {
  const service = await measureService(mock);
  const startedMs = performance.now();
  await runBareLoop(mock.url);
  const bareMs = performance.now() - startedMs;
  assertSameBodies('The service', service.writes, (await mock.takeReport()).writes);
  return { serviceMs: service.ms, bareMs, ceilingMs: await measureCeiling(mock) };
}
