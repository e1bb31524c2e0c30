import { parseExactJson } from '../exact-json.ts';
import { freezeRequest } from '../http/api-request.ts';
import type { CallOutcome } from '../http/call-outcome.ts';
import { readListed } from '../inbox/read-listed.ts';
import { readPath } from '../inbox/read-path.ts';
import type { ClaimedIntent, Settlement } from '../store/store.ts';
import type { DeliverOptions } from './deliver-options.ts';
import { isSameObject } from './same-object.ts';
import { later, noteSent, park, refuse, wait } from './make-settlement.ts';

const NO_PAGES = { kind: 'none' } as const;
const FIRST_PAGE = { cursor: undefined, number: 0 };
const HOLD_MS = 500;

/** So often is an object looked for that the target says is there: its index may lag. */
const ADOPT_TRIES = 3;

/** The target says that such an object is there: the look-up adopts it; what it cannot find is for a person. */
export async function adopt(
  { reason: said }: Extract<CallOutcome, { readonly kind: 'exists' }>,
  intent: ClaimedIntent,
  options: DeliverOptions,
): Promise<Settlement> {
  const { flow, target, context } = options;
  const found = await lookUp(intent, options);
  if (found !== undefined) return found;
  // Somebody has made it, perhaps we: until it is found, this write is of unknown outcome.
  const reason = 'the target says that such an object exists, and the look-up does not find it yet';
  if (target.lookUp !== undefined && intent.deferrals < ADOPT_TRIES)
    return noteSent(later(intent, options, true, reason), options);
  context.log.warn('conflict', { flow: flow.name, step: target.name, key: intent.key });
  return park(intent, options, 'exists', `the target says that such an object exists (${said})`);
}

/**
 * Tier 4: an index that lags may not show yet what was written, so a write of unknown outcome is repeated only after
 * `settleMs` and as many look-ups as the rules say have found nothing.
 */
export function waitForIndex(
  intent: ClaimedIntent,
  { target, context }: DeliverOptions,
): Settlement | undefined {
  const { settleMs, probes: wanted = 1 } = target.lookUp ?? {};
  if (!intent.wasUnknown || settleMs === undefined) return undefined;
  const now = context.clock.now();
  const readyMs = (intent.sentAtMs ?? intent.firstSentAtMs) + settleMs;
  const probes = now < readyMs ? intent.probes : intent.probes + 1;
  if (probes >= wanted) return undefined;
  return {
    kind: 'later',
    applied: 'unknown',
    atMs: Math.max(readyMs, now + (now < readyMs ? 0 : settleMs)),
    agedMs: intent.agedMs,
    counts: false,
    probes,
    reason: 'the look-up does not find it yet, and its index may lag',
  };
}

/** What a look-up decides; undefined where it finds nothing, so that the write may go out. */
export async function lookUp(
  intent: ClaimedIntent,
  options: DeliverOptions,
): Promise<Settlement | undefined> {
  const { flow, target, client } = options;
  if (target.lookUp === undefined) return undefined;
  try {
    const body: unknown = intent.body === undefined ? undefined : parseExactJson(intent.body);
    const sent = target.lookUp.itemPath === undefined ? body : readPath(body, target.lookUp.itemPath);
    const { lookUp: how } = target;
    const { target: asked, body: askedBody } = freezeRequest(how.request(sent, FIRST_PAGE));
    if (options.questions?.take(`${asked}\n${askedBody ?? ''}`, intent) === false)
      return hold(intent, options);
    const listed = await readListed({
      pages: how.pages ?? NO_PAGES,
      server: client.server,
      enough: 2,
      counts: (hit) => isSameObject(hit, sent, how.same ?? []),
      // A second object would come of it, were that taken for nothing found.
      canLackList: false,
      request: (page) => freezeRequest(how.request(sent, page)),
      records: (answered) => how.records(answered),
      call: (frozen) =>
        client.call(frozen, {
          role: 'look-up',
          rules: target.calls ?? [],
          key: intent.key,
          flow: flow.name,
          lane: intent.lane,
        }),
    });
    if (listed.kind === 'ended')
      return listed.outcome.kind === 'missing' ? undefined : settleLookUp(listed.outcome, intent, options);
    if (listed.kind === 'no-list')
      return later(intent, options, intent.wasUnknown, 'the look-up’s answer holds no list');
    if (listed.kind === 'endless')
      return park(intent, options, 'look-up failed', `the look-up ends nowhere: ${listed.reason}`);
    const hits = listed.records.filter((hit) => isSameObject(hit, sent, how.same ?? []));
    if (listed.records.length > 0 && hits.length === 0)
      return park(intent, options, 'another found', describeOthers(listed.records.length, how.same ?? []));
    if (hits.length === 0) return undefined;
    if (hits.length > 1)
      return park(intent, options, 'several-found', `${hits.length} objects at the target fit this record`);
    const id = readPath(hits[0], how.idField);
    if (typeof id === 'object' && id !== null)
      throw new Error('the id that was found is no text and no number');
    const remoteId = id === undefined || id === null ? undefined : String(id);
    return await adoptHit(intent, remoteId, options);
  } catch (error) {
    // An expression that cannot read this record concerns this record alone.
    return park(intent, options, 'look-up failed', `the look-up failed: ${(error as Error).message}`);
  }
}

/** What came of the other record may be what this one looks for. */
function hold(intent: ClaimedIntent, { target, context }: DeliverOptions): Settlement {
  return {
    kind: 'later',
    applied: intent.wasUnknown ? 'unknown' : 'no',
    atMs: context.clock.now() + Math.max(HOLD_MS, target.lookUp?.settleMs ?? 0),
    agedMs: intent.agedMs,
    counts: false,
    reason: 'another record that is looked up alike goes first',
  };
}

/** Whether it compares otherwise than we do, or does not know what it is asked by, nobody can tell from here. */
function describeOthers(count: number, same: readonly string[]): string {
  const found = count === 1 ? 'an object' : `${count} objects`;
  return `the look-up finds ${found} with another value in ${same.join(', ')} than was asked for, so nothing is adopted and nothing created. Have the rules ask by what the target compares as a whole, or settle this one by hand.`;
}

/**
 * An object that belongs to another record is not this one's, however well it fits: two records must not share it. The
 * writes that are under way are settled first, for one of them may have made it. Where the rules say how an object is
 * changed, that goes out next, also after an unknown outcome: a crash before the look-up leaves it unknown, too, whose
 * the object is and what it holds.
 */
async function adoptHit(
  intent: ClaimedIntent,
  remoteId: string | undefined,
  options: DeliverOptions,
): Promise<Settlement> {
  const adopted = !intent.wasUnknown;
  if (remoteId === undefined) return { kind: 'confirmed', remoteId, adopted };
  await options.settleOthers?.();
  const message = `the object ${remoteId} at the target fits this record and belongs to another one`;
  const { review } = refuse(options, 'linked elsewhere', message);
  const { flow, target } = options;
  const changesNext = target.update !== undefined && flow.later.changed === 'update';
  return { kind: 'confirmed', remoteId, adopted, changesNext, ifLinked: review };
}

/** A look-up that failed says nothing of the write: what was unknown stays so. */
function settleLookUp(
  outcome: Exclude<CallOutcome, { readonly kind: 'ok' | 'missing' }>,
  intent: ClaimedIntent,
  options: DeliverOptions,
): Settlement {
  if (outcome.kind === 'refused')
    return {
      ...park(intent, options, `look-up refused ${outcome.status}`, outcome.message, outcome.rule),
      ...(outcome.action === 'halt' ? { halts: true } : {}),
    };
  if (outcome.kind === 'wait') return wait(intent, outcome, intent.wasUnknown, options);
  return later(intent, options, intent.wasUnknown, outcome.reason);
}
