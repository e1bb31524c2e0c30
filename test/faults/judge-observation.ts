import type { Fault, FaultCase, FaultClass, SourceRecord } from './fault.ts';
import { createRecords, keyOf } from './fault-world.ts';
import type { Observation } from './observation.ts';

export interface Verdict {
  readonly survived: boolean;
  /** It said that all is well, and the target holds something else. */
  readonly silentCorruption: boolean;
  /** What is wrong, in words. */
  readonly complaints: readonly string[];
}

/** Calls of the kind that fails, in the two hours that a fault lasts: what was under way, and a probe now and then. */
const MOST_CALLS_WHILE_PAUSED = 40;

/** Holds what a client did against the class that the fault declares. `control` is the same case without the fault. */
export function judgeObservation(
  fault: Fault,
  where: FaultCase,
  seen: Observation,
  control: Observation,
): Verdict {
  const expect =
    where.tier === 5 && fault.blind !== undefined && where.timing !== undefined ? fault.blind : fault.expect;
  const wanted = listWanted(fault, where, expect);
  const different = compare(wanted, seen, expect === 'QUARANTINE' ? [keyOf(where.position)] : []);
  const complaints = [
    ...seen.broken,
    ...(seen.fired === 0 ? ['the fault did not strike'] : []),
    ...(fault.store === undefined && sameOnTheWire(seen, control, fault.clockShiftMs !== undefined)
      ? ['the wire looks as it does without the fault']
      : []),
    ...seen.strayed.map((line) => `a request went astray: ${line}`),
    ...different,
    ...(fault.isHarmless === true && seen.during.length < seen.final.length
      ? ['not everything got through while it lasted']
      : []),
    ...judgeClass(expect, fault, where, seen),
  ];
  const untold = seen.told.length === 0 && seen.reviews.length === 0 && seen.stoppedFor.length === 0;
  const silentCorruption = different.length > 0 && seen.claimsDone && untold;
  return { survived: complaints.length === 0, silentCorruption, complaints };
}

export function sameOnTheWire(seen: Observation, control: Observation, withTime: boolean): boolean {
  if (seen.transcript.length !== control.transcript.length) return false;
  return seen.transcript.every((line, index) => {
    const other = control.transcript[index];
    const sameTime = !withTime || line.atMs === other?.atMs;
    return sameTime && line.asked === other?.asked && line.answered === other.answered;
  });
}

type Wanted = ReadonlyMap<string, Readonly<Record<string, unknown>> | undefined>;

/** The oracle: what the target should hold of each record of the source, computed from the records alone. */
export function listWanted(fault: Fault, where: FaultCase, expect: FaultClass): Wanted {
  const records = createRecords();
  (fault.oracle ?? fault.source)?.({ records, position: where.position });
  return new Map(
    records.map((record) => {
      const isFaulty = fault.record !== undefined && record.id === keyOf(where.position);
      if (isFaulty && expect === 'QUARANTINE') return [record.id, undefined];
      const wanted = isFaulty && fault.wanted !== undefined ? fault.wanted(record) : transform(record);
      return [record.id, wanted];
    }),
  );
}

function transform(record: SourceRecord): Readonly<Record<string, unknown>> {
  const { id, name, email, amount, kind, day } = record;
  return { ref: id, name, email, amount, kind, day: day.slice(0, 10) };
}

/** `open`: keys that may be missing because a person has them. */
export function compare(wanted: Wanted, seen: Observation, open: readonly string[]): string[] {
  const complaints: string[] = [];
  for (const [ref, object] of wanted) {
    const held = seen.final.filter((entry) => entry.ref === ref);
    if (held.length > 1) complaints.push(`${ref} is there ${held.length} times`);
    if (object === undefined || (held.length === 0 && open.includes(ref))) {
      if (held.length > 0 && object === undefined)
        complaints.push(`${ref} was written and should not have been`);
      continue;
    }
    const want = JSON.stringify(sorted(object));
    const have = JSON.stringify(sorted(strip(held[0] ?? {})));
    if (held.length === 0) complaints.push(`${ref} is missing`);
    else if (want !== have) complaints.push(`${ref} is ${have} and should be ${want}`);
  }
  const unknown = seen.final.filter((entry) => !wanted.has(entry.ref)).map((entry) => entry.ref);
  if (unknown.length > 0) complaints.push(`nobody asked for ${unknown.join(', ')}`);
  return complaints;
}

function strip(object: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== 'madeMs' && name !== 'id'));
}

function sorted(object: object): object {
  return Object.fromEntries(
    Object.entries(object)
      .filter(([, value]) => value !== undefined)
      .toSorted(([left], [right]) => (left < right ? -1 : 1)),
  );
}

function judgeClass(expect: FaultClass, fault: Fault, where: FaultCase, seen: Observation): string[] {
  const stopped =
    seen.stoppedFor.length > 0 ? [`it stood still for a person: ${seen.stoppedFor.join(', ')}`] : [];
  const parked = seen.reviews.length > 0 ? [`in review: ${seen.reviews.join(', ')}`] : [];
  switch (expect) {
    case 'OK':
      return [...stopped, ...parked];
    case 'DELAY':
      return [...stopped, ...parked, ...judgeDelay(fault, seen)];
    case 'REJECT':
      return [...parked, ...judgeRejected(fault, where, seen)];
    case 'QUARANTINE': {
      const key = keyOf(where.position);
      const others = seen.reviews.filter((entry) => entry !== key);
      return [
        ...stopped,
        ...(others.length > 0 ? [`others are in review too: ${others.join(', ')}`] : []),
        ...(seen.reviews.filter((entry) => entry === key).length === 1
          ? []
          : [`${key} is not in review once`]),
        ...(seen.told.some((line) => /^new (?:review|dead-letter) /.test(line))
          ? []
          : ['nobody was told of the review']),
      ];
    }
    case 'PAUSE':
      return judgePause(fault, seen);
  }
}

export function judgeDelay(fault: Fault, seen: Observation): string[] {
  if (fault.notBeforeMs === undefined || seen.firedAtMs === undefined) return [];
  const role = fault.exchange?.at;
  const earliestMs = seen.firedAtMs + fault.notBeforeMs;
  const early = seen.transcript.filter(
    (line) =>
      (role === 'read' ? line.role === 'read' : line.role !== 'read') &&
      line.atMs > (seen.firedAtMs ?? 0) &&
      line.atMs < earliestMs,
  );
  return early.length === 0 ? [] : [`${early.length} calls came earlier than the server said`];
}

/** Nothing of a faulty page is believed: the cursor stays, and what it held is not at the target. */
function judgeRejected(fault: Fault, where: FaultCase, seen: Observation): string[] {
  const complaints: string[] = [];
  if (!seen.loud && seen.told.length === 0) complaints.push('nothing was said while the fault lasted');
  const isRead = ((fault.exchange ?? fault.way)?.at ?? 'read') === 'read';
  if (!isRead) return complaints;
  if (seen.cursorDuring !== undefined) complaints.push(`the cursor moved to ${seen.cursorDuring}`);
  const pages = { first: 0, middle: 1, last: 2 }[where.position];
  const early = seen.during.filter((object) => Number(object.ref.slice(1)) >= (pages + 1) * 3);
  if (early.length > 0)
    complaints.push(`records behind the fault were written: ${early.map(({ ref }) => ref).join(', ')}`);
  return complaints;
}

function judgePause(fault: Fault, seen: Observation): string[] {
  const news = seen.told.filter((line) => /^new (?:halt|auth|pause) /.test(line));
  const calls = seen.transcript.filter(
    (line) => line.role === (fault.exchange?.at ?? 'read') && line.atMs <= (seen.firedAtMs ?? 0),
  );
  return [
    ...(news.length === 1 ? [] : [`people were told ${news.length} times: ${seen.told.join('; ')}`]),
    ...(calls.length > MOST_CALLS_WHILE_PAUSED ? [`${calls.length} calls went out while it was paused`] : []),
    ...(seen.told.some((line) => /^recovered (?:halt|auth|pause) /.test(line))
      ? []
      : ['nobody was told that it is over']),
  ];
}
