import { hash as digest } from 'node:crypto';
import { readSecretNumber } from './canaries.ts';
import type { CrashWorld, LedgerEntry } from './crash-world.ts';
import type { StoreFacts } from './read-killed-store.ts';

/** What is wrong at the moment of a crash: what is on the disk, held against what the others have seen by then. */
export function judgeMoment(facts: StoreFacts, world: CrashWorld): string[] {
  return [...judgeFile(facts, world), ...judgeMarks(facts, world.ledger), ...judgeToken(facts, world.ledger)];
}

/** What is wrong with the store by itself. */
export function judgeFile(facts: StoreFacts, world: CrashWorld): string[] {
  return [...facts.damage, ...judgeSum(facts), ...judgeCursor(facts, world)];
}

/** Every record that was taken in is in exactly one state. */
export function judgeSum({ items, takenIn }: StoreFacts): string[] {
  return items.length === takenIn
    ? []
    : [`${takenIn} were taken in, and the states add up to ${items.length}`];
}

/** Nothing counts as read whose record is not on the disk. */
function judgeCursor({ readUntilMs, items }: StoreFacts, world: CrashWorld): string[] {
  if (readUntilMs === undefined) return [];
  const held = new Set(items.map(({ key, version }) => `${key} ${version}`));
  return world
    .records()
    .filter(({ updated }) => Date.parse(updated) <= readUntilMs)
    .filter(({ id, updated }) => !held.has(`${id} ${updated}`))
    .map(({ id }) => `the cursor is ahead of ${id}, which is not in the store`);
}

/** What was sent is marked as sent, or a restart would take it for something that nobody has seen. */
function judgeMarks({ intents }: StoreFacts, ledger: readonly LedgerEntry[]): string[] {
  const sent = new Set(ledger.filter(isWrite).map(hashWrite));
  // The same bytes may go out for a later version, once what became of the first ones is known.
  const known = new Set(intents.filter(({ state }) => state !== 'planned').map(({ hash }) => hash));
  return intents
    .filter(({ state, hash }) => state === 'planned' && sent.has(String(hash)) && !known.has(hash))
    .map(({ key }) => `${key} was sent and is not marked as sent`);
}

/** A token that was used is on the disk. */
function judgeToken({ accessToken }: StoreFacts, ledger: readonly LedgerEntry[]): string[] {
  const used = ledger
    .filter(({ role }) => role === 'write' || role === 'look-up')
    .map(({ headers }) =>
      readSecretNumber('access', headers['authorization']?.slice('Bearer '.length) ?? ''),
    );
  const newest = Math.max(0, ...used);
  return newest <= accessToken ? [] : [`token ${newest} was used, and ${accessToken} is stored`];
}

/** A write that came to the target's own judgement. */
export function isWrite({ role, status }: LedgerEntry): boolean {
  return role === 'write' && status !== 401;
}

/** As the store names an intent. */
export function hashWrite({ method, path, body }: LedgerEntry): string {
  return digest('sha256', `${method}\n${path}\n${body}`, 'base64url');
}

/** Pages that were read again after a restart although they were on the disk: in the first pass of that life. */
export function countReworkedPages(before: StoreFacts, ledger: readonly LedgerEntry[], life: number): number {
  const held = new Set(before.items.map(({ key, version }) => `${key} ${version}`));
  const reads = ledger.filter((entry) => entry.life === life && entry.role === 'read');
  const isFirst = ({ path }: LedgerEntry): boolean => !/[?&]cursor=c/.test(path);
  const second = reads.findIndex((entry, index) => index > 0 && isFirst(entry));
  const pass = second < 0 ? reads : reads.slice(0, second);
  const rows = pass.map(
    ({ answer }) => (JSON.parse(answer) as { readonly rows?: readonly Row[] }).rows ?? [],
  );
  return rows.filter((page) => page.some(({ id, updated }) => held.has(`${id} ${updated}`))).length;
}

interface Row {
  readonly id: string;
  readonly updated: string;
}
