import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from './median.ts';
import type { MemoryReport } from './memory/memory-run.ts';
import type { Benchmark, Outcome } from './outcome.ts';
import { assertSynchronous } from './sync/measure-service.ts';
import { startTallyProcess } from './sync/mock-process.ts';
import { PAGE_SIZE } from './sync/records.ts';

const EARLY = 10_000;
/** Records of another store that the process has delivered before: by then everything is loaded and compiled. */
const WARM = 50_000;

/** What the service's process holds more after a great many records than after a few. */
export const benchMemory: Benchmark = {
  names: ['memory-flat'],
  async run({ records }) {
    if (!Number.isInteger(records) || records < 2 * EARLY || records % PAGE_SIZE !== 0)
      throw new Error(`--records takes whole pages of ${PAGE_SIZE}, ${2 * EARLY} records or more.`);
    const folder = mkdtempSync(join(tmpdir(), 'mortise-bench-memory-'));
    const warm = await startTallyProcess(WARM);
    const mock = await startTallyProcess(records);
    try {
      const file = join(folder, 'store.sqlite');
      await assertSynchronous(file);
      const report = await runChild([warm.url, mock.url, folder], records);
      const { written, right } = await mock.takeReport();
      if (written !== records || right !== records || report.delivered !== records)
        throw new Error(
          `Of ${records} records ${written} were written, ${right} of them once and well, and the store holds ${report.delivered} as delivered.`,
        );
      return [describe(records, report, statSync(file).size)];
    } finally {
      warm.close();
      mock.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function runChild(places: readonly string[], records: number): Promise<MemoryReport> {
  const script = fileURLToPath(new URL('./memory/memory-run.ts', import.meta.url));
  const child = fork(script, [...places, String(EARLY), String(records)], {
    // As the emitted start script runs it, and with a way to ask for a collection.
    execArgv: ['--max-semi-space-size=16', '--expose-gc'],
  });
  let report: MemoryReport | undefined;
  child.on('message', (message) => {
    report = message as MemoryReport;
  });
  const [status] = (await once(child, 'exit')) as [number | null];
  if (report === undefined) throw new Error(`The service ended with ${status} before it was done.`);
  return report;
}

function describe(records: number, { ms, samples, peakMb }: MemoryReport, storeBytes: number): Outcome {
  const [early = Number.NaN, late = Number.NaN] = samples.map(median);
  const seconds = Math.round(ms / 1000);
  const storeMb = Math.round(storeBytes / 2 ** 20);
  return {
    kind: 'measured',
    name: 'memory-flat',
    figure: late - early,
    vs: `RSS of a process that has delivered ${WARM} records before, after a collection: ${early.toFixed(1)} MB at ${EARLY} records, ${late.toFixed(1)} MB at ${records}, at most ${Math.round(peakMb)} MB before one, in ${seconds} s (${Math.round(records / (ms / 1000))}/s, file store of ${storeMb} MB, synchronous=FULL)`,
  };
}
