import { PAGE_SIZE, RECORDS, renderPage } from './records.ts';
import { serveMock } from './serve-mock.ts';
import type { MockSystem } from './serve-mock.ts';

/**
 * Serves `RECORDS` from pages rendered beforehand and keeps every write, for the assertions afterwards. A write takes as
 * many milliseconds as its argument says.
 */
export interface Write {
  readonly key: string | undefined;
  readonly body: string;
}

export interface WritesReport {
  readonly writes: readonly Write[];
  /** From the first read to the last write, as the systems saw it. */
  readonly ms: number;
}

const pages = Array.from({ length: RECORDS / PAGE_SIZE }, (_, index) => renderPage(index, RECORDS));
let writes: Write[] = [];
let firstReadMs: number | undefined;
let lastWriteMs = 0;

const system: MockSystem = {
  readPage(after) {
    firstReadMs ??= performance.now();
    return pages[Number(after ?? 0)] ?? '{"results":[]}';
  },
  accept(body, key) {
    lastWriteMs = performance.now();
    return writes.push({ key, body });
  },
  report(): WritesReport {
    const report = { writes, ms: lastWriteMs - (firstReadMs ?? lastWriteMs) };
    writes = [];
    firstReadMs = undefined;
    return report;
  },
};

serveMock(system, Number(process.argv[2] ?? 0));
