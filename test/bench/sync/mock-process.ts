import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { WritesReport } from './mock-server.ts';
import type { TallyReport } from './tally-server.ts';

export interface MockProcess<Report> {
  readonly url: string;
  /** What came since the last time. */
  takeReport(): Promise<Report>;
  close(): void;
}

/** Keeps what is written to it. @param writeMs how long a write takes beside the work of answering */
export function startMockProcess(writeMs = 0): Promise<MockProcess<WritesReport>> {
  return start('./mock-server.ts', [String(writeMs)]);
}

/** Serves so many records, and only counts what is written to it. */
export function startTallyProcess(records: number): Promise<MockProcess<TallyReport>> {
  return start('./tally-server.ts', [String(records)]);
}

async function start<Report>(file: string, args: readonly string[]): Promise<MockProcess<Report>> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), args, { execArgv: [] });
  const next = async (): Promise<unknown> => ((await once(child, 'message')) as [unknown])[0];
  const { port } = (await next()) as { readonly port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    takeReport() {
      const report = next() as Promise<Report>;
      child.send('report');
      return report;
    },
    close: () => child.disconnect(),
  };
}
