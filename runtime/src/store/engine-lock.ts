import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { operatorError } from '../errors.ts';

export interface EngineLock {
  release(): void;
}

/** SQLite's codes for a file that another process holds. */
const HELD: ReadonlySet<number | undefined> = new Set([5, 6]);

/**
 * One engine a store: an exclusive lock on a file beside it, which the operating system drops with the process.
 * Commands need none; they may read and decide while the engine runs.
 * @throws OperatorError where another engine holds it, or the file cannot be written
 */
export function takeEngineLock(storeFile: string): EngineLock {
  const file = `${storeFile}.engine-lock`;
  let lock: DatabaseSync | undefined;
  try {
    mkdirSync(dirname(file), { recursive: true });
    const opened = new DatabaseSync(file, { timeout: 0 });
    lock = opened;
    opened.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;');
    return { release: () => opened.close() };
  } catch (error) {
    lock?.close();
    const { errcode, message } = error as Error & { readonly errcode?: number };
    if (HELD.has(errcode))
      throw operatorError(
        `Another engine runs on the store ${storeFile}. Stop it first, or give this one a store of its own in MORTISE_STORE. Commands such as status and review work beside it.`,
      );
    throw operatorError(
      `The store ${storeFile} cannot be opened: ${message}. Check the path in MORTISE_STORE and its permissions.`,
    );
  }
}
