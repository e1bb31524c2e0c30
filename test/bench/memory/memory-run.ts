import { join } from 'node:path';
import { systemClock } from '../../../runtime/src/clock.ts';
import { createSqliteStore } from '../../../runtime/src/store/sqlite-store.ts';
import { runService } from '../sync/service-run.ts';

/** Runs the service in a process of its own, with `--expose-gc`, and tells its parent what it held on the way. */
export interface MemoryReport {
  readonly ms: number;
  /** Records that the store holds as delivered. */
  readonly delivered: number;
  /** Resident set in MB after a forced collection, up to each point of the arguments. */
  readonly samples: readonly (readonly number[])[];
  /** The largest resident set in MB that was seen before a collection. */
  readonly peakMb: number;
}

/** A single sample says as much about the last few requests as about what stays. */
const SAMPLES = 9;
const SAMPLE_EVERY = 100;
/** What the engine keeps of pages that it has freed comes of when it collects, and of no record: so that is held the same. */
const COLLECT_EVERY = 50_000;
const PROGRESS_MS = 10_000;

const [warmUrl = '', url = '', folder = '', ...numbers] = process.argv.slice(2);
const points = numbers.map(Number);
const samples = points.map((): number[] => []);
let written = 0;
let peakMb = 0;

function noteWrite(): void {
  written += 1;
  if (written % COLLECT_EVERY === 0) measureMb();
  const point = points.findIndex((each) => written <= each && written > each - SAMPLES * SAMPLE_EVERY);
  if (point >= 0 && written % SAMPLE_EVERY === 0) samples[point]?.push(measureMb());
}

function measureMb(): number {
  if (globalThis.gc === undefined) throw new Error('The memory benchmark needs --expose-gc.');
  peakMb = Math.max(peakMb, process.memoryUsage.rss() / 2 ** 20);
  globalThis.gc();
  return process.memoryUsage.rss() / 2 ** 20;
}

// A process that runs for months was warm long ago: what its compiler and its allocators keep comes of its age, and of no record.
await runService(warmUrl, createSqliteStore(join(folder, 'warm.sqlite'), systemClock));
const progress = setInterval(() => {
  const rssMb = Math.round(process.memoryUsage.rss() / 2 ** 20);
  process.stderr.write(`memory-flat: ${written} of ${points.at(-1)} records written, RSS ${rssMb} MB\n`);
}, PROGRESS_MS);
const { ms, states } = await runService(
  url,
  createSqliteStore(join(folder, 'store.sqlite'), systemClock),
  noteWrite,
);
clearInterval(progress);
const report: MemoryReport = { ms, delivered: states['delivered'] ?? 0, samples, peakMb };
process.send?.(report, () => process.disconnect());
