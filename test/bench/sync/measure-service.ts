import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../runtime/src/clock.ts';
import { openSqliteDatabase } from '../../../runtime/src/store/sqlite-database.ts';
import { createSqliteStore } from '../../../runtime/src/store/sqlite-store.ts';
import { createFreeStore } from './free-store.ts';
import type { MockProcess } from './mock-process.ts';
import type { Write, WritesReport } from './mock-server.ts';
import { RECORDS } from './records.ts';
import { runService } from './service-run.ts';

export interface Measured {
  readonly ms: number;
  readonly writes: readonly Write[];
}

/** One pass of the service on a fresh store. @throws Error where a guarantee was off: such a figure would count for nothing */
export async function measureService(mock: MockProcess<WritesReport>): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-bench-sync-'));
  try {
    const file = join(folder, 'store.sqlite');
    await assertSynchronous(file);
    const { ms, states } = await runService(mock.url, createSqliteStore(file, systemClock));
    const { writes } = await mock.takeReport();
    const keys = new Set(writes.map((write) => write.key));
    if (writes.length !== RECORDS || keys.size !== RECORDS || keys.has(undefined))
      throw new Error(
        `The mock saw ${writes.length} writes with ${keys.size} keys; ${RECORDS} of both are wanted.`,
      );
    if (states['delivered'] !== RECORDS)
      throw new Error(`The store holds ${JSON.stringify(states)}; all of ${RECORDS} should be delivered.`);
    return { ms, writes };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same pass with a store that costs nothing: what is left to gain there. @returns milliseconds */
export async function measureCeiling(mock: MockProcess<WritesReport>): Promise<number> {
  const { ms } = await runService(mock.url, createFreeStore());
  const { writes } = await mock.takeReport();
  if (new Set(writes.map((write) => write.key)).size !== RECORDS)
    throw new Error(`The mock saw ${writes.length} writes; ${RECORDS} are wanted.`);
  return ms;
}

/** The pragma belongs to a connection, so it is asked on one that is opened the way the store opens its own. */
export async function assertSynchronous(file: string): Promise<void> {
  const db = openSqliteDatabase(file);
  const synchronous = db.get('PRAGMA synchronous')?.['synchronous'];
  const journal = db.get('PRAGMA journal_mode')?.['journal_mode'];
  await db.close();
  if (synchronous !== 2 || journal !== 'wal')
    throw new Error(
      `The store has synchronous=${synchronous} and journal_mode=${journal}; 2 and wal are wanted.`,
    );
}

/** @throws Error where not every body of the one side arrived once from the other */
export function assertSameBodies(side: string, writes: readonly Write[], bare: readonly Write[]): void {
  const wanted = bare.map((write) => write.body).toSorted();
  const found = writes.map((write) => write.body).toSorted();
  const isSame = found.length === RECORDS && wanted.length === RECORDS;
  if (!isSame || found.some((body, index) => body !== wanted[index]))
    throw new Error(
      `${side} and the bare loop wrote different bodies: ${found.length} and ${wanted.length} of ${RECORDS}.`,
    );
}
