import type { TargetObject } from '../faults/fault-target.ts';
import { START_MS } from './crash-story.ts';
import type { CrashRecord, Story } from './crash-story.ts';
import type { CrashWorld, LedgerEntry, Note } from './crash-world.ts';
import { isWrite, judgeSum } from './judge-crash.ts';
import type { StoreFacts } from './read-killed-store.ts';

/** What is wrong once the service has come to rest after its crashes, in words. */
export interface EndVerdict {
  readonly lost: readonly string[];
  readonly duplicated: readonly string[];
  readonly others: readonly string[];
}

export interface EndFacts {
  readonly story: Story;
  readonly world: CrashWorld;
  readonly store: StoreFacts;
  readonly crashes: number;
  /** Records that still wait. */
  readonly waiting: number;
}

export function judgeEnd(facts: EndFacts): EndVerdict {
  const { story, world, store } = facts;
  const open = store.reviews.filter(({ state }) => state === 'open').map(({ key }) => String(key));
  // A used refresh token that is taken no second time stops the target until a person logs in: then records wait.
  const isLocked = story.graceMs < 0 && world.tokens.refused > 0;
  const waits = (key: string): boolean =>
    isLocked && store.items.some((item) => item['key'] === key && item['state'] !== 'delivered');
  const lost = [...story.wanted].flatMap(([ref, record]) => {
    const held = world.objects.filter((object) => object.ref === ref);
    if (held.length === 0) return open.includes(record.id) || waits(record.id) ? [] : [`${ref} is missing`];
    return isSame(held[0], record) || open.includes(record.id)
      ? []
      : [`${ref} is ${JSON.stringify(held[0])}`];
  });
  return {
    lost: [
      ...lost,
      ...(story.hasNotes === true ? listMissingNotes(facts) : []),
      ...story.parked.filter((key) => !open.includes(key)).map((key) => `${key} is not in review`),
    ],
    duplicated: [
      ...listDoubled(world.objects),
      ...listDoubled(world.notes).map((text) => `the note of ${text}`),
      ...(story.tier === 5 ? listRepeated(world.ledger) : []),
    ],
    others: [
      ...store.damage,
      ...judgeSum(store),
      ...(facts.waiting > countBehindReviews(store) && !isLocked
        ? [`${facts.waiting} records still wait`]
        : []),
      ...world.objects
        .filter(({ ref }) => !story.wanted.has(ref))
        .map(({ ref }) => `nobody asked for ${ref}`),
      ...judgeBytes(world.ledger, story),
      ...judgeReviews(facts),
      ...judgeTokens(facts, isLocked),
      ...judgeAlerts(world.ledger, facts.crashes),
    ],
  };
}

/** Newer versions of records whose last write is of unknown outcome and before a person: that is resolved first. */
export function countBehindReviews({ items, reviews }: Pick<StoreFacts, 'items' | 'reviews'>): number {
  const open = new Set(
    reviews.flatMap(({ state, reason, key }) =>
      state === 'open' && reason === 'unknown outcome' ? [key] : [],
    ),
  );
  return items.filter(({ state, key }) => state === 'queued' && open.has(key)).length;
}

function isSame(object: TargetObject | undefined, record: CrashRecord): boolean {
  const { ref, name, email, amount, kind, day } = record;
  return (
    object?.ref === ref &&
    object.name === name &&
    object.email === email &&
    object.amount === amount &&
    object.kind === kind &&
    object.day === day.slice(0, 10)
  );
}

/** Every object has its note, which names it. */
function listMissingNotes({ story, world }: EndFacts): string[] {
  return [...story.wanted.values()]
    .filter(({ ref, name }) => {
      const id = world.objects.find((object) => object.ref === ref)?.id;
      return !world.notes.some((note) => note.ref === ref && note.name === name && note.of === id);
    })
    .map(({ ref }) => `the note of ${ref} is missing or wrong`);
}

function listDoubled(objects: readonly Pick<TargetObject, 'ref'>[]): string[] {
  return [...countBy(objects.map(({ ref }) => ref))]
    .filter(([, count]) => count > 1)
    .map(([ref, count]) => `${ref} is there ${count} times`);
}

/** A blind write whose answer is not known must not be sent again. */
function listRepeated(ledger: readonly LedgerEntry[]): string[] {
  return [...countBy(ledger.filter(isWrite).map(({ body }) => body))]
    .filter(([, count]) => count > 1)
    .map(([body, count]) => `sent blindly ${count} times: ${body}`);
}

/** What is sent again has the same bytes, and under tier 1 the same key. Each record has one version, r6 an edit too. */
function judgeBytes(ledger: readonly LedgerEntry[], { tier, name }: Story): string[] {
  const writes = ledger.filter(isWrite);
  const keys = new Map<string, Set<string>>();
  for (const { body, headers } of writes) {
    const key = headers['idempotency-key'] ?? '';
    keys.set(body, (keys.get(body) ?? new Set()).add(key));
  }
  const refs = countBy([...new Set([...keys.keys()].flatMap(listSent))].map(nameTarget));
  const most = (ref: string): number =>
    ref === 'r6' || name === 'edits' || (ref === 'r0' && (isUpdating(tier) || name === 'found')) ? 2 : 1;
  return [
    ...[...keys].filter(([, set]) => set.size > 1).map(([body]) => `another key for the same bytes: ${body}`),
    ...[...refs].filter(([ref, count]) => count > most(ref)).map(([ref]) => `other bytes for ${ref}`),
    ...(tier === 1 ? listReusedKeys(keys) : []),
    ...(tier === 1 && [...keys.values()].some((set) => set.has('')) ? ['a write without its key'] : []),
  ];
}

/** What a call carries, one text for each record. */
function listSent(body: string): string[] {
  const { items } = JSON.parse(body) as { readonly items?: readonly unknown[] };
  return items === undefined ? [body] : items.map((item) => JSON.stringify(item));
}

function listReusedKeys(keys: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const bodies = countBy([...keys.values()].flatMap((set) => [...set]));
  return [...bodies].filter(([, count]) => count > 1).map(([key]) => `other bytes under the key ${key}`);
}

function nameTarget(body: string): string {
  const { ref, of } = JSON.parse(body) as Note;
  return of === undefined ? ref : `the note of ${ref}`;
}

function isUpdating(tier: number): boolean {
  return tier === 0 || tier === 2;
}

function judgeReviews({ store, story, crashes }: EndFacts): string[] {
  const { reviews, audit } = store;
  const open = countBy(reviews.filter(({ state }) => state === 'open').map(({ key }) => String(key)));
  const reasons = countBy(reviews.map(({ key, reason }) => `${key}: ${reason}`));
  const unexpected = [...open.keys()].filter((key) => !story.parked.includes(key));
  const decisions = story.steps.filter(({ kind }) => kind === 'decide').length;
  // A blind write may be of unknown outcome after each crash: first the record's own, then the one of its edit.
  const most = (what: string): number =>
    story.tier === 5 && what.endsWith(': unknown outcome') ? Math.max(1, crashes) : 1;
  return [
    ...[...open, ...reasons]
      .filter(([what, count]) => count > most(what))
      .map(([what]) => `reviewed too often: ${what}`),
    // Only a blind write of unknown outcome may come to a person because of a crash.
    ...(story.tier === 5 ? [] : unexpected.map((key) => `${key} is in review`)),
    ...(audit.length === decisions
      ? []
      : [`${decisions} decisions were made, and ${audit.length} are noted`]),
  ];
}

/** A token lives for ten minutes and is renewed a minute before its end. */
const RENEWAL_MS = 540_000;

function judgeTokens({ world, crashes }: EndFacts, isLocked: boolean): string[] {
  const { misuses, refused } = world.tokens;
  const asked = world.ledger.filter(({ role }) => role === 'token').length;
  const told = listTold(world.ledger).filter(({ text }) => text.startsWith('new auth ')).length;
  // One for the start, one for each that lapses, and one for the answer that each crash may lose.
  const lapses = Math.ceil((world.nowMs - START_MS) / RENEWAL_MS);
  const most = isLocked ? 3 * (crashes + 1) : 1 + lapses + 2 * crashes;
  return [
    ...misuses,
    ...(refused > 0 && !isLocked ? ['a used refresh token was sent after its grace'] : []),
    ...(asked > most ? [`tokens were asked for ${asked} times`] : []),
    ...(told > (isLocked ? 1 : 0) ? [`${told} auth alerts`] : []),
    ...(isLocked && told === 0 ? ['nobody was told that the target needs a new login'] : []),
  ];
}

interface Told {
  readonly id: string;
  readonly text: string;
}

/** What people were told, each message once, however often it came. */
function listTold(ledger: readonly LedgerEntry[]): Told[] {
  const messages = new Map(
    ledger
      .filter(({ role }) => role === 'alert')
      .map((entry) => [entry.headers['webhook-id'] ?? '', entry.body]),
  );
  return [...messages].flatMap(([id, body]) => {
    const { incidents } = (JSON.parse(body) as { readonly data: { readonly incidents: readonly Incident[] } })
      .data;
    return incidents.map(({ phase, kind, subject, message }) => ({
      id,
      text: `${phase} ${kind} ${subject} ${message}`,
    }));
  });
}

interface Incident {
  readonly phase: string;
  readonly kind: string;
  readonly subject: string;
  readonly message: string;
}

/** Each incident once; a crash may send one message again, with the same id. */
function judgeAlerts(ledger: readonly LedgerEntry[], crashes: number): string[] {
  const sent = ledger
    .filter(({ role }) => role === 'alert')
    .map(({ headers }) => headers['webhook-id'] ?? '');
  const repeats = sent.length - new Set(sent).size;
  const told = countBy(listTold(ledger).map(({ text }) => text));
  const tooOften = [...told].filter(([text, count]) => {
    // What was over may come again.
    const ends = told.get(text.replace(/^new /, 'recovered ')) ?? 0;
    return count > (text.startsWith('new ') ? 1 + ends : ends);
  });
  return [
    ...(repeats > crashes ? [`${repeats} alerts came again after ${crashes} crashes`] : []),
    ...(sent.includes('') ? ['an alert without an id'] : []),
    ...tooOften
      .filter(([text]) => text.startsWith('new '))
      .map(([text, count]) => `told ${count} times: ${text}`),
  ];
}

function countBy(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
