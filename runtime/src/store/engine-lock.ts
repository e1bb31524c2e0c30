import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { operatorError } from '../errors.ts';

export interface EngineLock {
  release(): void;
}

/**
 * One engine a store: an exclusive lock on a file beside it, which the operating system drops with the process.
 * Commands need none; they may read and decide while the engine runs.
 * @throws OperatorError where another engine holds it
 */
export function takeEngineLock(storeFile: string): EngineLock {
  const file = `${storeFile}.engine-lock`;
  mkdirSync(dirname(file), { recursive: true });
  const lock = new DatabaseSync(file, { timeout: 0 });
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;');
  } catch {
    lock.close();
    throw operatorError(
      `Another engine runs on the store ${storeFile}. Stop it first, or give this one a store of its own in MORTISE_STORE. Commands such as status and review work beside it.`,
    );
  }
  return { release: () => lock.close() };
}
