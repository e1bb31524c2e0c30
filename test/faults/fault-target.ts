import type { Exchange, Tier, WireAnswer } from './fault.ts';
import { json } from './json-answer.ts';

/** An object of the target. */
export interface TargetObject {
  readonly id: string;
  readonly ref: string;
  readonly name: string | null;
  readonly email: string | null;
  /** The digits where a double would not hold them. */
  readonly amount: number | string | null;
  readonly kind: string | null;
  readonly day: string | null;
}

export interface FaultTarget {
  /** In the order of their creation; a second one of the same ref is a duplicate. */
  readonly objects: readonly TargetObject[];
  write(exchange: Omit<Exchange, 'proceed'>): WireAnswer;
  /** What stands in the object before is gone. */
  change(id: string, body: string): WireAnswer;
  find(url: URL, nowMs: number): WireAnswer;
  /** The place of the record in the source: 0 for `r0`. */
  placeOf(body: string | undefined): number;
}

/** The index of tier 4 shows an object this long after it was made. */
export const INDEX_LAG_MS = 60_000;
/** Longer names are refused. */
export const LONGEST_NAME = 60;

/** A target that keeps the promise of its tier and no other one. @param before what it holds from the beginning */
export function createTarget(
  tier: Tier,
  lagMs = INDEX_LAG_MS,
  before: readonly Omit<TargetObject, 'id'>[] = [],
): FaultTarget {
  const objects = before.map((object, index) => ({ ...object, id: `t${index}`, madeMs: 0 }));
  const answers = new Map<string, WireAnswer>();
  const put = (sent: Omit<TargetObject, 'id'>, nowMs: number): WireAnswer => {
    const place = tier === 0 || tier === 2 ? objects.findIndex((entry) => entry.ref === sent.ref) : -1;
    const object = { ...sent, id: `t${objects.length}`, madeMs: nowMs };
    if (place < 0) objects.push(object);
    else objects[place] = { ...object, id: objects[place]?.id ?? object.id };
    return json(200, { id: place < 0 ? object.id : (objects[place]?.id ?? '') });
  };
  return {
    objects,
    placeOf: (body) => Number(/"ref":"r(\d+)"/.exec(body ?? '')?.[1] ?? -1),
    write({ body, headers, atMs }) {
      const key = tier === 1 ? headers['idempotency-key'] : undefined;
      const known = key === undefined ? undefined : answers.get(key);
      if (known !== undefined) return known;
      const sent = parseSent(body ?? '');
      if ((sent.name ?? '').length > LONGEST_NAME) return json(400, { message: 'name is too long' });
      const answer = put(sent, atMs);
      if (key !== undefined) answers.set(key, answer);
      return answer;
    },
    change(id, body) {
      const index = objects.findIndex((entry) => entry.id === id);
      const object = objects[index];
      if (object === undefined) return json(404, {});
      objects[index] = { ...object, ...parseSent(body) };
      return json(200, { id });
    },
    find(url, nowMs) {
      const ref = url.searchParams.get('ref');
      const visible = objects.filter(
        (entry) => entry.ref === ref && (tier !== 4 || nowMs - entry.madeMs >= lagMs),
      );
      return json(200, { found: visible.map(({ id }) => ({ id })) });
    },
  };
}

function parseSent(body: string): Omit<TargetObject, 'id'> {
  const digits = /"amount":(-?\d{16,})/.exec(body)?.[1];
  const sent = JSON.parse(body) as Omit<TargetObject, 'id'>;
  return digits === undefined ? sent : { ...sent, amount: digits };
}
