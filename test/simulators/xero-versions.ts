import type { CheckedRecord, WriteMode, WriteResult } from './xero-record.ts';

/** Rows that reads see only after a lag, while writes see them at once. */
export interface VersionedRows<Row> {
  /** @param createdAs what a new row is counted as */
  put(id: string, row: Row, createdAs?: string): void;
  current(): Row[];
  visible(): Row[];
  creations(): ReadonlyMap<string, number>;
  /** With `allOrNothing`, what was put is taken back where one was refused. */
  writeAll(
    writes: readonly CheckedRecord[],
    mode: WriteMode,
    writeOne: (write: CheckedRecord) => WriteResult,
  ): WriteResult[];
}

interface StoredVersion<Row> {
  readonly at: number;
  readonly row: Row;
}

export function createVersionedRows<Row>(now: () => number, lagMs: number): VersionedRows<Row> {
  let versions = new Map<string, readonly StoredVersion<Row>[]>();
  let created = new Map<string, number>();
  return {
    put(id, row, createdAs) {
      const at = now();
      const earlier = versions.get(id) ?? [];
      // Of the versions that reads can already see only the newest is kept.
      const seen = earlier.findLastIndex((one) => one.at <= at - lagMs);
      versions.set(id, [...earlier.slice(Math.max(0, seen)), { at, row }]);
      if (createdAs !== undefined) created.set(createdAs, (created.get(createdAs) ?? 0) + 1);
    },
    current: () => [...versions.values()].flatMap((stored) => stored.at(-1)?.row ?? []),
    visible: () => {
      const until = now() - lagMs;
      return [...versions.values()].flatMap(
        (stored) => stored.findLast((version) => version.at <= until)?.row ?? [],
      );
    },
    creations: () => new Map(created),
    writeAll(writes, mode, writeOne) {
      const before = { versions: new Map(versions), created: new Map(created) };
      const results = writes.map((write) =>
        write.errors.length > 0 ? { record: write.sent, errors: write.errors } : writeOne(write),
      );
      if (mode.allOrNothing && results.some((result) => result.errors.length > 0)) {
        ({ versions, created } = before);
      }
      return results;
    },
  };
}
