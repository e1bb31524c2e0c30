import type { WireOutcome, WireRequest } from '../../runtime/src/http/transport.ts';
import { respond } from '../../runtime/src/testing/memory-transport.ts';
import type { Tier } from '../faults/fault.ts';
import { INDEX_LAG_MS } from '../faults/fault-target.ts';
import { UNWANTED } from './soak-source.ts';

/** One write that was carried out. */
export interface SoakEntry {
  readonly id: string;
  readonly ref: string;
  readonly name: string;
  readonly atMs: number;
}

/**
 * A target that keeps the promise of its tier and no other: 0 and 2 hold one object of a ref, and the others add an
 * entry for whatever they are asked to write.
 */
export interface SoakTarget {
  /** Everything that was ever carried out, in order. */
  readonly entries: readonly SoakEntry[];
  /** What the service must never do, as far as the target sees it. */
  readonly misuses: readonly string[];
  /** What it holds of a ref now. */
  find(ref: string): SoakEntry | undefined;
  write(request: WireRequest, nowMs: number): WireOutcome;
  lookUp(url: URL, nowMs: number): WireOutcome;
}

export function isJournal(tier: Tier): boolean {
  return tier !== 0 && tier !== 2;
}

export function createSoakTarget(tier: Tier): SoakTarget {
  const entries: SoakEntry[] = [];
  const misuses: string[] = [];
  const answers = new Map<string, { readonly body: string | undefined; readonly outcome: WireOutcome }>();
  const ids = new Map<string, string>();
  const add = (sent: { readonly ref: string; readonly name: string }, atMs: number): WireOutcome => {
    const id = isJournal(tier) ? `t${entries.length}` : (ids.get(sent.ref) ?? `t${entries.length}`);
    ids.set(sent.ref, id);
    entries.push({ id, ref: sent.ref, name: sent.name, atMs });
    return respond(200, { id });
  };
  return {
    entries,
    misuses,
    find: (ref) => entries.findLast((entry) => entry.ref === ref),
    write(request, nowMs) {
      const key = tier === 1 ? request.headers['idempotency-key'] : undefined;
      const known = key === undefined ? undefined : answers.get(key);
      if (known !== undefined && known.body !== request.body)
        misuses.push(`the key ${key} came with other bytes`);
      if (known !== undefined) return known.outcome;
      const sent = JSON.parse(request.body ?? '{}') as { readonly ref: string; readonly name: string };
      if (sent.name.includes(UNWANTED)) return respond(400, { message: 'such a name is not wanted' });
      const outcome = add(sent, nowMs);
      if (key !== undefined) answers.set(key, { body: request.body, outcome });
      return outcome;
    },
    lookUp(url, nowMs) {
      const wanted = [url.searchParams.get('ref'), url.searchParams.get('name')];
      const lagMs = tier === 4 ? INDEX_LAG_MS : 0;
      const found = entries.filter(
        ({ ref, name, atMs }) => ref === wanted[0] && name === wanted[1] && nowMs - atMs >= lagMs,
      );
      return respond(200, { found: found.map(({ id }) => ({ id })) });
    },
  };
}
