import { createTarget } from './fault-target.ts';
import type { TargetObject } from './fault-target.ts';
import { createTokenServer } from './fault-tokens.ts';
import { json } from './json-answer.ts';
import type {
  Exchange,
  ExchangeRole,
  Fault,
  FaultCase,
  SourceRecord,
  Trigger,
  Way,
  WireAnswer,
} from './fault.ts';

export const SOURCE_URL = 'https://source.example';
export const TARGET_URL = 'https://target.example';
export const PAGE_SIZE = 3;
export const RECORDS = 9;
const EPOCH = Date.UTC(2026, 0, 4);

/** One exchange as it was on the wire, for comparison with the control run. */
export interface Line {
  readonly role: ExchangeRole;
  readonly atMs: number;
  readonly asked: string;
  readonly answered: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Two systems that nobody here generated: a source with pages, a target that writes as its tier promises, a token
 * server, and one fault that strikes where the case says. It keeps everything that happened.
 */
export interface FaultWorld {
  readonly objects: readonly TargetObject[];
  readonly transcript: readonly Line[];
  /** How often the fault has struck. */
  readonly fired: number;
  /** When it struck last; undefined before. */
  readonly firedAtMs: number | undefined;
  /** Requests that carried credentials to another host, or came to one that nobody declared. */
  readonly strayed: readonly string[];
  /** Keys of records that the source holds now. */
  readonly records: readonly SourceRecord[];
  exchange(request: WorldRequest, nowMs: number): WireAnswer;
  /** Where the network leads this request, if not to the system that it is for. */
  findWay(request: WorldRequest, nowMs: number): Way | undefined;
  /** How far the machine's clock has been set on. */
  readonly shiftMs: number;
  /** The code of the error with which this work on the store fails now; undefined where it does not. */
  strikesStore(method: string, nowMs: number): string | undefined;
  readonly isChannelDown: boolean;
  clearFault(): void;
}

export interface WorldRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

export function createRecords(): SourceRecord[] {
  return Array.from({ length: RECORDS }, (_, index) => ({
    id: `r${index}`,
    name: `Name ${index}`,
    email: `r${index}@example.com`,
    amount: index + 0.5,
    kind: index % 2 === 0 ? 'person' : 'company',
    day: '2026-03-05T12:00:00Z',
    updated: new Date(EPOCH + index * 60_000).toISOString(),
  }));
}

const PLACES = { first: 0, middle: 1, last: 2 } as const;

/** The record at which a case strikes: the first, the one in the middle, the last. */
export function keyOf(position: FaultCase['position']): string {
  return `r${PLACES[position] * 4}`;
}

export function createFaultWorld(fault: Fault | undefined, where: FaultCase): FaultWorld {
  const records = createRecords();
  const target = createTarget(where.tier);
  const tokens = createTokenServer(fault?.family === 'AU');
  const transcript: Line[] = [];
  const pageSize = fault?.pageSize ?? PAGE_SIZE;
  const strayed: string[] = [];
  const counts: Record<ExchangeRole, number> = { read: 0, write: 0, 'look-up': 0, token: 0 };
  let active = fault;
  let fired = 0;
  let firedAtMs: number | undefined;
  let shiftMs = 0;

  const strike = (nowMs: number): void => {
    fired += 1;
    firedAtMs = nowMs;
  };
  const serveRead = (url: URL, nowMs: number): WireAnswer => {
    if (active?.source !== undefined && fired === 0 && placeOfRead(url) >= PLACES[where.position]) {
      active.source({ records, position: where.position });
      strike(nowMs);
    }
    if (active?.pageSize !== undefined) strike(nowMs);
    const { rows, next } = selectRows(records, url, pageSize);
    const texts = rows.map((record) => {
      if (active?.record === undefined || record.id !== keyOf(where.position)) return JSON.stringify(record);
      strike(nowMs);
      return active.record(record);
    });
    const text = `{"rows":[${texts.join(',')}],"next":${renderNext(next, url, fault?.paging === 'next-url')}}`;
    if (active?.page === undefined || placeOfRead(url) < PLACES[where.position]) return json(200, text);
    const changed = active.page(text, { url, fired });
    if (changed !== text) strike(nowMs);
    return json(200, changed);
  };
  const placeOfRead = (url: URL): number => {
    const newest = selectRows(records, url, pageSize).rows.at(-1);
    return Math.floor(
      Math.max(
        0,
        records.findIndex((record) => record.id === newest?.id),
      ) / PAGE_SIZE,
    );
  };
  const serve = (exchange: Omit<Exchange, 'proceed'>): WireAnswer => {
    if (exchange.role === 'read') return serveRead(exchange.url, exchange.atMs);
    if (exchange.role === 'token') return tokens.answer(exchange.body ?? '', exchange.atMs);
    const refused = tokens.refuse(exchange);
    if (refused !== undefined) return refused;
    return exchange.role === 'write' ? target.write(exchange) : target.find(exchange.url, exchange.atMs);
  };
  const strikes = (injected: Trigger | undefined, exchange: Omit<Exchange, 'proceed'>): boolean => {
    if (injected?.at !== exchange.role || fired >= (injected.times ?? Number.POSITIVE_INFINITY)) return false;
    if (injected.when?.(exchange) === false) return false;
    if (exchange.role === 'read') return exchange.place >= PLACES[where.position];
    if (exchange.role === 'token') return true;
    const place = PLACES[where.position] * 4;
    return injected.rest === true ? exchange.place >= place : exchange.place === place;
  };
  const describe = (request: WorldRequest, nowMs: number): Omit<Exchange, 'proceed'> => {
    const url = new URL(request.url);
    const role = findRole(request.method, url);
    const ref = url.searchParams.get('ref') ?? '';
    const place =
      role === 'read'
        ? placeOfRead(url)
        : target.placeOf(role === 'look-up' ? `"ref":"${ref}"` : request.body);
    return { ...request, role, url, place, index: counts[role], atMs: nowMs, timing: where.timing };
  };
  const note = (role: ExchangeRole, request: WorldRequest, answered: string, nowMs: number): void => {
    transcript.push({
      role,
      atMs: nowMs,
      asked: `${request.method} ${request.url} ${request.body ?? ''}`,
      answered,
      headers: request.headers,
    });
  };
  const shiftClock = ({ role, place, atMs }: Omit<Exchange, 'proceed'>): void => {
    if (active?.clockShiftMs === undefined || fired > 0) return;
    if (role !== 'write' || place !== PLACES[where.position] * 4) return;
    shiftMs = active.clockShiftMs;
    strike(atMs);
  };
  const answer = (request: WorldRequest, nowMs: number): { role: ExchangeRole; wire: WireAnswer } => {
    const facts = describe(request, nowMs);
    const { role } = facts;
    counts[role] += 1;
    const proceed = (): WireAnswer => serve(facts);
    shiftClock(facts);
    const injected = active?.exchange;
    if (injected === undefined || !strikes(injected, facts)) return { role, wire: proceed() };
    const done = where.timing === 'after' ? proceed() : undefined;
    const wire = injected.answer({ ...facts, proceed }, () => done ?? proceed(), fired);
    strike(nowMs);
    return { role, wire };
  };
  return {
    objects: target.objects,
    transcript,
    strayed,
    records,
    get fired() {
      return fired;
    },
    get firedAtMs() {
      return firedAtMs;
    },
    get shiftMs() {
      return shiftMs;
    },
    strikesStore(method, nowMs) {
      const broken = active?.store;
      if (broken?.method !== method || fired >= (broken.times ?? Number.POSITIVE_INFINITY)) return undefined;
      strike(nowMs);
      return broken.code;
    },
    get isChannelDown() {
      return active?.alertsDown === true;
    },
    clearFault() {
      // A record that the source holds so does not mend itself; only what nobody could read is mended there.
      const stays = fault?.record !== undefined && fault.expect !== 'REJECT';
      active = stays ? fault : undefined;
    },
    exchange(request, nowMs) {
      const { origin } = new URL(request.url);
      if (origin !== SOURCE_URL && origin !== TARGET_URL) {
        strayed.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)}`);
        return { kind: 'refused' };
      }
      const { role, wire } = answer(request, nowMs);
      note(role, request, describeAnswer(wire), nowMs);
      return wire;
    },
    findWay(request, nowMs) {
      const astray = active?.way;
      const facts = describe(request, nowMs);
      if (astray === undefined || !strikes(astray, facts)) return undefined;
      strike(nowMs);
      counts[facts.role] += 1;
      note(facts.role, request, astray.way, nowMs);
      return astray.way;
    },
  };
}

function describeAnswer(wire: WireAnswer): string {
  if (wire.kind === 'raw') return wire.title;
  if (wire.kind !== 'response') return wire.kind;
  return `${wire.status} ${JSON.stringify(wire.headers)} ${wire.body.toString('latin1')}`;
}

function findRole(method: string, url: URL): ExchangeRole {
  if (url.pathname === '/token') return 'token';
  if (url.origin === SOURCE_URL) return 'read';
  return method === 'GET' ? 'look-up' : 'write';
}

/** Filtered by `since`, inclusive, in the order of `updated`; a cursor names the row that a page begins at. */
function selectRows(
  records: readonly SourceRecord[],
  url: URL,
  size: number,
): { readonly rows: readonly SourceRecord[]; readonly next: number | undefined } {
  const since = url.searchParams.get('since') ?? '';
  const matching = records
    .filter((record) => record.updated >= since)
    .toSorted((left, right) => (left.updated < right.updated ? -1 : left.updated > right.updated ? 1 : 0));
  const from = Number(/^c(\d+)$/.exec(url.searchParams.get('cursor') ?? '')?.[1] ?? 0);
  const rows = matching.slice(from, from + size);
  const end = from + rows.length;
  return { rows, next: end < matching.length ? end : undefined };
}

/** How the source names the page that begins at a row: by a cursor, or by its whole address. */
function renderNext(next: number | undefined, url: URL, asUrl: boolean): string {
  if (next === undefined) return 'null';
  if (!asUrl) return `"c${next}"`;
  const address = new URL(url);
  address.searchParams.set('cursor', `c${next}`);
  return JSON.stringify(address.href);
}
