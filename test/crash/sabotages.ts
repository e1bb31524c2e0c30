import type { Tier } from '../faults/fault.ts';
import type { Edit } from './sabotaged-service.ts';

/** A runtime that breaks one promise, and the story in which that must be seen. */
export interface Sabotage extends Edit {
  readonly title: string;
  readonly story: string;
  readonly tier: Tier;
  /** The kills begin here, where it is seen soon; `none` where it is seen without one. */
  readonly first?: number | 'none';
}

export const SABOTAGES: readonly Sabotage[] = [
  {
    title: 'the cursor is stored before the records are',
    from: 'const report = await takeInPage(options, page, { ...before, open: kept }, claimFor);',
    to: `await context.store.savePass(flow.name, { ...before, open: kept });
    const report = await takeInPage(options, page, { ...before, open: kept }, claimFor);`,
    story: 'short',
    tier: 2,
    first: 4,
  },
  {
    title: 'the watermark moves when a pass begins',
    from: 'let position = firstPage(flow, open.sinceMs);',
    to: `await context.store.savePass(flow.name, { watermarkMs: context.clock.now(), firstDone: true, open: undefined });
  let position = firstPage(flow, open.sinceMs);`,
    story: 'short',
    tier: 2,
    first: 3,
  },
  {
    title: 'a write is sent before it is marked as sent',
    from: `"UPDATE intents SET state = 'sending', attempts = attempts + 1, first_sent_at = COALESCE(first_sent_at, ?) WHERE id IN (SELECT value FROM json_each(?))"`,
    to: '`UPDATE intents SET not_before = ${nowMs + 5000}, attempts = attempts + 1, first_sent_at = COALESCE(first_sent_at, ?) WHERE id IN (SELECT value FROM json_each(?))`',
    story: 'short',
    tier: 5,
    first: 9,
  },
  {
    title: 'each try has an idempotency key of its own',
    from: 'const { operation, method, path, headers, body } = intent;',
    to: `const { operation, method, path, body } = intent;
  const headers = { ...intent.headers, 'idempotency-key': \`\${intent.idempotencyKey}-\${intent.attempts}\` };`,
    story: 'short',
    tier: 1,
    first: 13,
  },
  {
    title: 'a blind write of unknown outcome is sent again',
    from: 'if (tier === 5 && intent.wasUnknown) return parkUnknown(intent, options, BLIND);\n  if (tier === 3',
    to: 'if (tier === 5 && intent.attempts < 0) return parkUnknown(intent, options, BLIND);\n  if (tier === 3',
    story: 'short',
    tier: 5,
    first: 12,
  },
  {
    title: 'a batch without protection is sent again',
    from: 'if (tier === 5 && intent.wasUnknown) return parkUnknown(intent, options, BLIND);\n  if (tier !== 3',
    to: 'if (tier === 5 && intent.attempts < 0) return parkUnknown(intent, options, BLIND);\n  if (tier !== 3',
    story: 'batches',
    tier: 5,
    first: 10,
  },
  {
    title: 'what was under way at a crash is not taken up again',
    from: 'recoverSending: () => db.write(() => recoverSendingIntents(db, clock.now())),',
    to: 'recoverSending: () => Promise.resolve(0),',
    story: 'short',
    tier: 2,
    first: 5,
  },
  {
    title: 'after a crash, a lagging index is not given its time again',
    from: "SET state = 'unknown', not_before = 0, sent_at = ?, probes = 0 WHERE",
    to: "SET state = 'unknown', not_before = 0, sent_at = COALESCE(sent_at, ?) WHERE",
    story: 'short',
    tier: 4,
    first: 26,
  },
  {
    title: 'an object of another record is adopted',
    from: "return { kind: 'confirmed', remoteId, adopted, changesNext, ifLinked: review };",
    to: "return { kind: 'confirmed', remoteId, adopted, changesNext };",
    story: 'main',
    tier: 3,
    first: 'none',
  },
  {
    title: 'what is found after a crash is taken for what was written',
    from: "const changesNext = target.update !== undefined && flow.later.changed === 'update';",
    to: "const changesNext = adopted && target.update !== undefined && flow.later.changed === 'update';",
    story: 'found',
    tier: 3,
    first: 6,
  },
  {
    title: 'a token is used before it is stored',
    from: 'const written = await vault.write(tokens, over);',
    to: `const written = { ...tokens, generation: over + 1 };
    void clock.sleep(50).then(() => vault.write(tokens, over));`,
    story: 'short',
    tier: 2,
    first: 10,
  },
  {
    title: 'the first refresh token is used for ever',
    from: 'refresh_token: held?.refresh ?? auth.refresh',
    to: 'refresh_token: auth.refresh',
    story: 'main',
    tier: 2,
    first: 'none',
  },
  {
    title: 'a record is unchanged if it was attempted, confirmed or not',
    from: 'delivered?.confirmedHash === intent.hash && delivered.attemptedHash === intent.hash;',
    to: 'delivered?.attemptedHash === intent.hash;',
    story: 'edits',
    tier: 2,
    first: 'none',
  },
  {
    title: 'a record ages while its system fails for everyone',
    from: '(client.isFailing ? 0 : delayMs)',
    to: 'delayMs',
    story: 'outage',
    tier: 2,
    first: 'none',
  },
  {
    title: 'a decision is applied each time it is made',
    from: "WHERE r.id = ? AND r.state = 'open' AND i.state = 'review'\",",
    to: 'WHERE r.id = ?",',
    story: 'short',
    tier: 1,
    first: 22,
  },
  {
    title: 'alerts forget at a crash what they have told',
    from: 'await store.writeMeta(META, JSON.stringify(next));',
    to: 'await Promise.resolve();',
    story: 'short',
    tier: 2,
    first: 21,
  },
  {
    title: 'a record that is read again counts as taken in',
    from: `    tally.rereads += 1;
    return;`,
    to: `    tally.taken += 1;
    return;`,
    story: 'short',
    tier: 2,
    first: 'none',
  },
];
