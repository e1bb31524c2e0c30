import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** A consistent copy of a store, also while an engine writes to it. Nothing is copied where there is no store yet. */
export function copySqliteFile(from: string, to: string): void {
  if (!existsSync(from)) return;
  const db = new DatabaseSync(from, { readOnly: true, timeout: 10_000 });
  try {
    db.prepare('VACUUM INTO ?').run(to);
  } finally {
    db.close();
  }
}
