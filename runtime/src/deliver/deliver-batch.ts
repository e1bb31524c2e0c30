import type { BatchOf } from '../flow.ts';
import type { FrozenRequest } from '../http/api-request.ts';
import type { CallOutcome } from '../http/call-outcome.ts';
import type { WriteTier } from '../http/decide-call.ts';
import type { ClaimedIntent, Settlement } from '../store/store.ts';
import { logWrite, looksUpFor, settleDoubt, settleOutcome } from './deliver-intent.ts';
import type { DeliverOptions } from './deliver-options.ts';
import { findMessages } from './find-messages.ts';
import { BLIND } from './find-tier.ts';
import { composeBatch, readMatch } from './group-batches.ts';
import type { BatchGroup, BatchMember } from './group-batches.ts';
import { adopt, lookUp, waitForIndex } from './look-up.ts';
import { later, noteSent, parkUnknown, refuse } from './make-settlement.ts';

export interface EndedWrite {
  readonly intent: ClaimedIntent;
  readonly settlement: Settlement;
}

/**
 * Sends several records in one call and says how each ended. What the answer says nothing of is of unknown outcome; a call
 * that is refused as a whole is sent again in halves, until the target says which record it will not take.
 */
export async function deliverBatch(
  group: BatchGroup,
  batch: BatchOf,
  given: DeliverOptions,
): Promise<readonly EndedWrite[]> {
  const options = keepTogether(given);
  const ended: EndedWrite[] = [];
  const open: BatchMember[] = [];
  // One after the other: what the first finds may be what the second looks for.
  for (const member of group.members) {
    const settlement = await settleBefore(member.intent, group.tier, options);
    if (settlement === undefined) open.push(member);
    else ended.push({ intent: member.intent, settlement });
  }
  ended.push(...(await send({ ...group, members: open }, batch, options)));
  for (const { intent, settlement } of ended) logWrite(intent, settlement, options);
  return ended;
}

/** What is put off together stays together: one delay for all, or each would come back with a call of its own. */
function keepTogether(options: DeliverOptions): DeliverOptions {
  const { context } = options;
  const chance = context.random();
  return { ...options, context: { ...context, random: () => chance } };
}

/** What is settled before anything is sent; undefined where the record goes out. */
async function settleBefore(
  intent: ClaimedIntent,
  tier: WriteTier,
  options: DeliverOptions,
): Promise<Settlement | undefined> {
  if (tier === 5 && intent.wasUnknown) return parkUnknown(intent, options, BLIND);
  if (tier !== 3 && tier !== 4) return undefined;
  return (await lookUp(intent, options)) ?? waitForIndex(intent, options);
}

async function send(group: BatchGroup, batch: BatchOf, options: DeliverOptions): Promise<EndedWrite[]> {
  const { flow, target, client, context } = options;
  const { tier } = group;
  const composed = group.frozen ?? composeBatch(group.members, batch, options);
  if (composed === undefined) return [];
  let members = group.members.map((member, index) =>
    group.frozen === undefined ? { ...member, index } : member,
  );
  // Under a key the same bytes must go out again, so they are on the disk before the first of them is sent.
  if (tier === 1 && group.frozen === undefined) {
    const saved = await context.store.saveBatch(
      composed,
      members.map(({ intent }) => intent),
    );
    members = members.map((member, index) => ({ ...member, intent: saved[index] ?? member.intent }));
  }
  const [first] = members;
  if (first === undefined) return [];
  const { operation, method, attempts, lane } = first.intent;
  const request: FrozenRequest = {
    operation,
    method,
    target: composed.path,
    headers: composed.headers,
    body: composed.body,
  };
  const outcome = await client.call(request, {
    role: 'write',
    tier,
    notApplied: target.notApplied,
    rules: target.calls ?? [],
    // Of several, too, it has to be found out which of them it is about.
    looksUp: looksUpFor(options) || composed.count > 1,
    key: members.length === 1 ? first.intent.key : `${first.intent.key} and ${members.length - 1} more`,
    flow: flow.name,
    lane: attempts > 1 && lane === 'live' ? 'retry' : lane,
  });
  return settleCall(outcome, { tier, members, count: composed.count }, batch, options);
}

interface SentBatch {
  readonly tier: WriteTier;
  readonly members: readonly BatchMember[];
  /** How many records were in the call; of an earlier one, some are settled already. */
  readonly count: number;
}

async function settleCall(
  outcome: CallOutcome,
  sent: SentBatch,
  batch: BatchOf,
  options: DeliverOptions,
): Promise<EndedWrite[]> {
  const each = (settle: (member: BatchMember) => Settlement): EndedWrite[] =>
    sent.members.map((member) => ({ intent: member.intent, settlement: settle(member) }));
  if (outcome.kind === 'ok') {
    const results = readResults(outcome.body, sent, batch, options);
    return each((member) => results(member));
  }
  if (outcome.kind === 'exists')
    return sent.count > 1
      ? each(({ intent }) => splitUp(intent, sent, options))
      : Promise.all(
          sent.members.map(async ({ intent }) => ({
            intent,
            settlement: await adopt(outcome, intent, options),
          })),
        );
  // Whose state has changed is known once they go alone. In halves a call has other keys, so what may have been applied under
  // this one goes out in parts only where a repeat gives the same state.
  if (outcome.kind === 'stale' && sent.count > 1)
    return each(({ intent }) => {
      const isDoubtful = outcome.uncertain === true || intent.wasUnknown;
      if (!isDoubtful) return splitUp(intent, sent, options);
      if (sent.tier !== 0 && sent.tier !== 2) return settleOutcome(outcome, intent, options, sent.tier);
      return { ...splitUp(intent, sent, options), applied: 'unknown' };
    });
  const isRefused = outcome.kind === 'missing' || (outcome.kind === 'refused' && outcome.action !== 'halt');
  return each(({ intent }) =>
    // In halves it has other keys, and what may have been made under this one would be made again.
    isRefused && sent.count > 1
      ? (settleDoubt(outcome, intent, options, sent.tier) ?? splitUp(intent, sent, options))
      : settleOutcome(outcome, intent, options, sent.tier),
  );
}

/** It was refused as a whole, so nothing of it was applied: it goes out again at once, in two. */
function splitUp(
  intent: ClaimedIntent,
  { count }: SentBatch,
  { context }: DeliverOptions,
): Extract<Settlement, { readonly kind: 'later' }> {
  return {
    kind: 'later',
    applied: 'no',
    atMs: context.clock.now(),
    agedMs: intent.agedMs,
    counts: false,
    batchMost: Math.ceil(count / 2),
    reason: `the target refused the call for ${count} records, and does not say which of them it will not take`,
  };
}

/** How each record ended, by the answer of a call that succeeded. */
function readResults(
  body: unknown,
  sent: SentBatch,
  batch: BatchOf,
  options: DeliverOptions,
): (member: BatchMember) => Settlement {
  const { flow, target, context } = options;
  const rule = (name: string): string => `flows.${flow.name}.to.${target.name}.${name}`;
  try {
    if (target.unless?.(body) === true) {
      const message = findMessages(body, context.scrubber);
      return sent.count > 1
        ? ({ intent }) => splitUp(intent, sent, options)
        : () => refuse(options, 'refused in the answer', message, rule('unless'));
    }
    const results = batch.results(body);
    if (!Array.isArray(results)) throw new Error('it holds no list of results');
    const find = findResultOf(results, sent, batch);
    return (member) => {
      const result = find(member);
      return 'missing' in result
        ? settleUnknown(member.intent, result.missing, sent, options)
        : settleResult(member.intent, result.result, { sent, batch, rule: rule('batch.error') }, options);
    };
  } catch (error) {
    const problem = context.scrubber.scrub((error as Error).message);
    return ({ intent }) => settleUnknown(intent, `the answer cannot be read: ${problem}`, sent, options);
  }
}

type ResultOf = { readonly result: unknown } | { readonly missing: string };

function findResultOf(
  results: readonly unknown[],
  { count }: SentBatch,
  { match }: BatchOf,
): (member: BatchMember) => ResultOf {
  if (match === undefined) {
    // With one more or fewer, nobody knows whose result is whose.
    if (results.length !== count)
      return () => ({ missing: `the answer holds ${results.length} results for ${count} records` });
    return ({ index }) => ({ result: results[index] });
  }
  const found = new Map<string, unknown[]>();
  for (const result of results) {
    const value = readMatch(result, match.result);
    if (value !== undefined) found.set(value, [...(found.get(value) ?? []), result]);
  }
  return (member) => {
    const own = member.match === undefined ? [] : (found.get(member.match) ?? []);
    return own.length === 1
      ? { result: own[0] }
      : { missing: `the answer holds ${own.length === 0 ? 'no result' : `${own.length} results`} for it` };
  };
}

function settleResult(
  intent: ClaimedIntent,
  result: unknown,
  { sent, batch, rule }: { readonly sent: SentBatch; readonly batch: BatchOf; readonly rule: string },
  options: DeliverOptions,
): Settlement {
  const { scrubber } = options.context;
  try {
    if (batch.error?.(result) === true)
      return refuse(options, 'refused in the answer', findMessages(result, scrubber), rule);
    const id = batch.id?.(result);
    if (typeof id === 'object' && id !== null) throw new Error('the id is no text and no number');
    if (batch.id !== undefined && (id ?? '') === '')
      throw new Error('it does not say what the object is called');
    return { kind: 'confirmed', remoteId: id === undefined || id === null ? undefined : String(id) };
  } catch (error) {
    const problem = scrubber.scrub((error as Error).message);
    return settleUnknown(intent, `its result cannot be read: ${problem}`, sent, options);
  }
}

/** Alone, the target must say what it thinks of it. Under a key, the same bytes have the same answer. */
function settleUnknown(
  intent: ClaimedIntent,
  reason: string,
  { tier }: SentBatch,
  options: DeliverOptions,
): Settlement {
  if (tier === 5) return parkUnknown(intent, options, `${BLIND} (${reason})`);
  const settlement = noteSent(later(intent, options, true, reason), options);
  return settlement.kind === 'later' ? { ...settlement, batchMost: 1 } : settlement;
}
