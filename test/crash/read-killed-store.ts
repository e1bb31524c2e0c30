import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createTokenCipher } from '../../runtime/src/auth/token-cipher.ts';
import { SCHEMA_VERSION } from '../../runtime/src/store/sqlite-schema.ts';
import { findCanaries, readSecretNumber, STORE_KEY } from './canaries.ts';

type Row = Readonly<Record<string, string | number | null>>;

/** What is in a store, read from a copy of its files, so that looking changes nothing. */
export interface StoreFacts {
  /** What is wrong with the file itself, in words. */
  readonly damage: readonly string[];
  readonly items: readonly Row[];
  readonly intents: readonly Row[];
  readonly reviews: readonly Row[];
  /** Decisions of people. */
  readonly audit: readonly Row[];
  readonly takenIn: number;
  /** Everything up to this value of `changes.field` counts as read; undefined before the first page. */
  readonly readUntilMs: number | undefined;
  /** The number of the access token that is stored, 0 where there is none. */
  readonly accessToken: number;
}

const EMPTY: StoreFacts = {
  damage: [],
  items: [],
  intents: [],
  reviews: [],
  audit: [],
  takenIn: 0,
  readUntilMs: undefined,
  accessToken: 0,
};

export function readStore(file: string): StoreFacts {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-crash-copy-'));
  try {
    const copy = join(folder, 'store.sqlite');
    // Without the index in shared memory: whoever opens the store after a crash makes it anew.
    for (const end of ['', '-wal']) if (existsSync(`${file}${end}`)) cpSync(`${file}${end}`, `${copy}${end}`);
    const secrets = ['', '-wal'].flatMap((end) =>
      existsSync(`${copy}${end}`) ? findCanaries(readFileSync(`${copy}${end}`, 'latin1')) : [],
    );
    const facts = readDatabase(copy);
    const leaks = secrets.map((name) => `the secret ${name} stands in the store in plain text`);
    return { ...facts, damage: [...facts.damage, ...leaks] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readDatabase(file: string): StoreFacts {
  const db = new DatabaseSync(file);
  const all = (sql: string): Row[] => db.prepare(sql).all() as Row[];
  try {
    // Cut before the schema was on the disk, it is as if it had never been.
    if (all('SELECT name FROM sqlite_master').length === 0) return EMPTY;
    const integrity = all('PRAGMA integrity_check').map((row) => String(row['integrity_check']));
    const broken = all('PRAGMA foreign_key_check').length;
    const version = Number(all('PRAGMA user_version')[0]?.['user_version']);
    const damage = [
      ...integrity.filter((line) => line !== 'ok'),
      ...(broken > 0 ? [`${broken} rows refer to nothing`] : []),
      ...(version === SCHEMA_VERSION ? [] : [`the schema is ${version}`]),
    ];
    const [pass] = all('SELECT watermark, newest FROM passes');
    const reached = [pass?.['watermark'], pass?.['newest']].flatMap((ms) =>
      typeof ms === 'number' ? [ms] : [],
    );
    return {
      damage,
      items: all('SELECT id, key, version, state FROM items'),
      intents: all('SELECT key, state, body, hash FROM intents'),
      reviews: all('SELECT id, key, reason, state FROM reviews'),
      audit: all('SELECT action, subject FROM audit'),
      takenIn: Number(all("SELECT sum(count) AS n FROM counters WHERE name = 'taken'")[0]?.['n'] ?? 0),
      readUntilMs: reached.length === 0 ? undefined : Math.max(...reached),
      accessToken: readAccessToken(all('SELECT sealed FROM tokens')[0]),
    };
  } finally {
    db.close();
  }
}

function readAccessToken(row: Row | undefined): number {
  if (row === undefined) return 0;
  const tokens = JSON.parse(createTokenCipher(STORE_KEY).open(String(row['sealed']))) as {
    readonly access: string;
  };
  return readSecretNumber('access', tokens.access);
}
