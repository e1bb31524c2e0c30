import { hash as digest } from 'node:crypto';
import { parseExactJson, stringifyExactJson } from '../exact-json.ts';
import type { BatchOf } from '../flow.ts';
import type { WriteTier } from '../http/decide-call.ts';
import { readPath } from '../inbox/read-path.ts';
import type { ClaimedIntent, FrozenBatch } from '../store/store.ts';
import type { DeliverOptions } from './deliver-options.ts';
import { findTier } from './find-tier.ts';

/** Writes that go out in one call. */
export interface BatchGroup {
  readonly tier: WriteTier;
  readonly members: readonly BatchMember[];
  /** Set where the very bytes of an earlier call must go out again. */
  readonly frozen: FrozenBatch | undefined;
}

export interface BatchMember {
  readonly intent: ClaimedIntent;
  /** What is sent of this record. */
  readonly item: unknown;
  /** The value by which its result is told from the others; undefined where that is its place. */
  readonly match: string | undefined;
  /** Its place among the results. */
  readonly index: number;
}

/**
 * Which of these can share a call: the same path and headers, and the same body around the list. No more than the target
 * takes, and no two that their results could not tell apart. What was sent under an idempotency key and may have been
 * applied goes out as it was.
 */
export function groupBatches(
  intents: readonly ClaimedIntent[],
  batch: BatchOf,
  options: DeliverOptions,
): BatchGroup[] {
  const open = new Map<string, OpenGroup>();
  const groups: OpenGroup[] = [];
  for (const intent of intents) {
    const tier = findTier(intent, options);
    const again =
      tier === 1 && intent.wasUnknown && typeof intent.batch === 'object' ? intent.batch : undefined;
    const body = parseExactJson(intent.body ?? 'null');
    const item = readList(body, batch.list)[0];
    const index = again?.index;
    const match = batch.match === undefined ? undefined : readMatch(item, batch.match.item);
    const name = again === undefined ? nameCall(intent, body, tier, options) : `batch ${again.id}`;
    let group = open.get(name);
    if (group === undefined || (again === undefined && isFull(group, { intent, match, size: batch.size }))) {
      group = { tier, members: [], frozen: again, most: batch.size, matches: new Set() };
      open.set(name, group);
      groups.push(group);
    }
    group.most = Math.min(group.most, intent.batchMost ?? batch.size);
    if (match !== undefined) group.matches.add(match);
    group.members.push({ intent, item, match, index: index ?? group.members.length });
  }
  return groups;
}

interface OpenGroup extends BatchGroup {
  readonly members: BatchMember[];
  most: number;
  readonly matches: Set<string>;
}

function isFull(
  group: OpenGroup,
  next: { readonly intent: ClaimedIntent; readonly match: string | undefined; readonly size: number },
): boolean {
  const most = Math.min(group.most, next.intent.batchMost ?? next.size);
  return group.members.length >= most || (next.match !== undefined && group.matches.has(next.match));
}

function nameCall(intent: ClaimedIntent, body: unknown, tier: WriteTier, options: DeliverOptions): string {
  const { batch } = options.target;
  const around = stringifyExactJson(replaceList(body, batch?.list ?? '', []));
  return JSON.stringify([
    tier,
    intent.lane,
    intent.method,
    intent.path,
    around,
    headersWithoutKey(intent, options),
  ]);
}

function headersWithoutKey(
  { headers }: ClaimedIntent,
  { target }: DeliverOptions,
): Readonly<Record<string, string>> {
  const key = target.key?.header.toLowerCase();
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name !== key));
}

/** The one call for all of them; its idempotency key is of them all, in their order. */
export function composeBatch(
  members: readonly BatchMember[],
  batch: BatchOf,
  options: DeliverOptions,
): FrozenBatch | undefined {
  const first = members[0]?.intent;
  if (first === undefined) return undefined;
  const items = members.map(({ item }) => item);
  const body = stringifyExactJson(replaceList(parseExactJson(first.body ?? 'null'), batch.list, items)) ?? '';
  const keys = JSON.stringify(members.map(({ intent }) => intent.idempotencyKey));
  const { key } = options.target;
  const headers = headersWithoutKey(first, options);
  return {
    path: first.path,
    headers:
      key === undefined
        ? headers
        : { ...headers, [key.header.toLowerCase()]: digest('sha256', keys, 'hex').slice(0, 40) },
    body,
    count: members.length,
  };
}

/** A value of a field that two texts share; undefined where there is none, so that nothing is matched by it. */
export function readMatch(holder: unknown, path: string): string | undefined {
  const value = readPath(holder, path);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint'
    ? String(value)
    : undefined;
}

function readList(body: unknown, path: string): readonly unknown[] {
  const list = path === '' ? body : readPath(body, path);
  return Array.isArray(list) ? list : [];
}

function replaceList(body: unknown, path: string, list: readonly unknown[]): unknown {
  return replaceAt(
    body,
    path.split('.').filter((step) => step !== ''),
    list,
  );
}

function replaceAt(node: unknown, [step, ...rest]: readonly string[], list: readonly unknown[]): unknown {
  if (step === undefined) return list;
  const holder = (node ?? {}) as Readonly<Record<string, unknown>>;
  return { ...holder, [step]: replaceAt(holder[step], rest, list) };
}
