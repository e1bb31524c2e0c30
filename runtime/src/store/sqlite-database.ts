import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { operatorError } from '../errors.ts';
import { MIGRATIONS, SCHEMA, SCHEMA_VERSION } from './sqlite-schema.ts';

export type Row = Readonly<Record<string, string | number | null>>;

/** A database file with grouped transactions: work that is asked for together becomes durable together. */
export interface SqliteDatabase {
  /** Runs the work in a transaction and resolves once it is on the disk. */
  write<T>(work: () => T): Promise<T>;
  all(sql: string, ...values: readonly SQLInputValue[]): readonly Row[];
  get(sql: string, ...values: readonly SQLInputValue[]): Row | undefined;
  /** @returns rows changed */
  run(sql: string, ...values: readonly SQLInputValue[]): number;
  /** @returns the id of the row */
  insert(sql: string, ...values: readonly SQLInputValue[]): number;
  close(): Promise<void>;
}

interface Waiting {
  readonly work: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export function openSqliteDatabase(file: string): SqliteDatabase {
  const db = open(file);
  const statements = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    const known = statements.get(sql) ?? db.prepare(sql);
    statements.set(sql, known);
    return known;
  };
  let waiting: Waiting[] = [];
  const flush = (): void => {
    const group = waiting;
    waiting = [];
    if (group.length > 0) runGroup(db, group, file);
  };
  return {
    write<T>(work: () => T): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        if (waiting.length === 0) setImmediate(flush);
        waiting.push({ work, resolve: resolve as (value: unknown) => void, reject });
      });
    },
    all: (sql, ...values) => prepare(sql).all(...values) as Row[],
    get: (sql, ...values) => prepare(sql).get(...values) as Row | undefined,
    run: (sql, ...values) => Number(prepare(sql).run(...values).changes),
    insert: (sql, ...values) => Number(prepare(sql).run(...values).lastInsertRowid),
    close() {
      flush();
      statements.clear();
      db.close();
      return Promise.resolve();
    },
  };
}

/** All in one transaction; should one of them fail, each alone, so that none pays for another's fault. */
function runGroup(db: DatabaseSync, group: readonly Waiting[], file: string): void {
  if (group.length > 1 && tryTogether(db, group)) return;
  for (const entry of group) {
    try {
      db.exec('BEGIN IMMEDIATE');
      const value = entry.work();
      db.exec('COMMIT');
      entry.resolve(value);
    } catch (error) {
      rollBack(db);
      entry.reject(explain(error, file));
    }
  }
}

/** What still comes when the store is closed, after a failure, is refused and throws nowhere else. */
function rollBack(db: DatabaseSync): void {
  if (db.isOpen && db.isTransaction) db.exec('ROLLBACK');
}

function tryTogether(db: DatabaseSync, group: readonly Waiting[]): boolean {
  const values: unknown[] = [];
  try {
    db.exec('BEGIN IMMEDIATE');
    for (const entry of group) values.push(entry.work());
    db.exec('COMMIT');
  } catch {
    rollBack(db);
    return false;
  }
  group.forEach((entry, index) => entry.resolve(values[index]));
  return true;
}

function open(file: string): DatabaseSync {
  try {
    if (file !== ':memory:') createForOwner(file);
    const db = new DatabaseSync(file, { timeout: 10_000 });
    // FULL in WAL: a commit is on the disk, not only in the operating system, when its promise resolves.
    db.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;',
    );
    migrate(db, file);
    return db;
  } catch (error) {
    if ((error as { isOperatorError?: boolean }).isOperatorError === true) throw error;
    throw operatorError(
      `The store ${file} cannot be opened: ${(error as Error).message}. Check the path in MORTISE_STORE and its permissions.`,
    );
  }
}

/** It holds what the systems say of people. SQLite gives the files beside it the same permissions. */
function createForOwner(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  closeSync(openSync(file, 'a', 0o600));
}

/** SQLite's codes for what whoever operates the machine must mend. */
const UNWRITABLE: Readonly<Record<number, string>> = {
  8: 'Give the service the right to write there',
  10: 'Look at the disk',
  11: 'Restore it from a copy',
  13: 'Make room on the disk',
  26: 'Restore it from a copy',
};

function explain(error: unknown, file: string): unknown {
  const { errcode = 0, message } = error as Error & { readonly errcode?: number };
  // The lower byte is the kind; what is above it tells cases of it apart.
  const remedy = UNWRITABLE[errcode % 256];
  if (remedy === undefined) return error;
  return operatorError(
    `The store ${file} cannot be written: ${message}. ${remedy}, then start again: everything that was taken in is still there.`,
  );
}

function migrate(db: DatabaseSync, file: string): void {
  const found = Number((db.prepare('PRAGMA user_version').get() as Row)['user_version']);
  if (found === SCHEMA_VERSION) return;
  if (found !== 0 && MIGRATIONS[found] !== undefined) {
    db.exec(`BEGIN IMMEDIATE; ${MIGRATIONS[found]} PRAGMA user_version = ${found + 1}; COMMIT;`);
    return migrate(db, file);
  }
  if (found !== 0) {
    throw operatorError(
      `The store ${file} has schema ${found}; this service knows ${SCHEMA_VERSION}. Use the version of the service that wrote it.`,
    );
  }
  db.exec(`BEGIN IMMEDIATE; ${SCHEMA} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT;`);
}
