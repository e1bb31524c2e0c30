import type { ServiceDefinition } from '../../engine/create-service.ts';
import type { AnyFlow, AnyTarget, System } from '../../flow.ts';
import type { ApiRequest } from '../../http/api-request.ts';
import type { Transport, WireOutcome, WireRequest } from '../../http/transport.ts';
import { respond } from '../memory-transport.ts';
import { flattenHeaders, writeData } from '../recorded-body.ts';
import type { VirtualClock } from '../virtual-clock.ts';
import type { DrillExchange, DrillWorldFile } from './drill.ts';
import { ROLE_HEADER } from './drill-world.ts';
import type { Outage } from './outage.ts';

/** Tells the writes of the records apart, whatever their bodies hold. */
const KEY_HEADER = 'x-drill-key';

/** Where the sample record of a source holds what tells one record from another, as names that lead to it. */
export interface RecordPaths {
  readonly key: readonly string[];
  readonly version: readonly string[];
  readonly changes: readonly string[] | undefined;
  /** Of the targets, where an answer names the object, by the target's name. */
  readonly ids: Readonly<Record<string, readonly string[]>>;
}

/** A source in which records change one after the other, targets that keep count, and one system that can be away. */
export interface OutageWorld {
  /** The flow with its calls told apart. */
  readonly flow: AnyFlow;
  /** When record number `index` changes. */
  changedMs(index: number): number;
  /** How many have changed until then. */
  countChanged(atMs: number): number;
  /** Writes that each target took, by `<target> <key>`. */
  readonly taken: ReadonlyMap<string, number>;
  /** Calls to the system of the outage, with those that met it. */
  readonly calls: readonly { readonly atMs: number; readonly struck: boolean }[];
  isAway: boolean;
  /** Keys of records that came to their end elsewhere: with a person, or as a dead letter. */
  readonly ended: Set<string>;
  /** Of the records in the order of their changes, how many have come to their end without a gap. */
  countReached(): number;
  createTransport(system: System): Transport;
}

interface WorldOptions {
  readonly definition: ServiceDefinition;
  readonly world: DrillWorldFile;
  readonly paths: RecordPaths;
  readonly outage: Outage;
  readonly clock: VirtualClock;
}

export function createOutageWorld({ definition, world, paths, outage, clock }: WorldOptions): OutageWorld {
  const [given] = definition.flows as readonly [AnyFlow];
  const startMs = clock.now();
  const taken = new Map<string, number>();
  const calls: { atMs: number; struck: boolean }[] = [];
  const asked = { sinceMs: 0, isFirst: true };
  const sample = readSample(given, world);
  const changedMs = (index: number): number => startMs + (index + 1) * outage.everyMs;
  const countChanged = (atMs: number): number => Math.max(0, Math.floor((atMs - startMs) / outage.everyMs));
  const recordAt = (index: number): unknown => makeRecord(sample, paths, index, changedMs(index));
  const listChanged = (): unknown[] => {
    const count = countChanged(clock.now());
    const first = Math.max(0, Math.ceil((asked.sinceMs - startMs) / outage.everyMs) - 1);
    return Array.from({ length: Math.max(0, count - first) }, (_, at) => recordAt(first + at));
  };
  const answer = (system: System, role: string, request: WireRequest): WireOutcome => {
    if (role === 'token') return respond(200, { access_token: 'a', refresh_token: 'r', expires_in: 1800 });
    const [kind = '', name] = role.split(' ');
    const list = world.exchanges.filter(
      (one) => one.role === kind && (kind === 'read' || (one.name ?? given.targets[0].name) === name),
    );
    const exchange = list[0];
    if (exchange === undefined) {
      if (kind === 'update') return respond(200, {});
      throw new Error(`Nothing was recorded of the call "${role}".`);
    }
    if (kind === 'read')
      return toOutcome(system, exchange, exchange.records ?? [], asked.isFirst ? listChanged() : []);
    if (kind !== 'write') return toOutcome(system, exchange, [], exchange.response.body);
    const key = `${name} ${request.headers[KEY_HEADER] ?? ''}`;
    taken.set(key, (taken.get(key) ?? 0) + 1);
    const id = paths.ids[name ?? ''];
    return id === undefined
      ? toOutcome(system, exchange, [], exchange.response.body)
      : toOutcome(
          system,
          exchange,
          id,
          nameObject(readAt(exchange.response.body, id), request.headers[KEY_HEADER]),
        );
  };
  const last = given.targets.at(-1)?.name ?? '';
  const ended = new Set<string>();
  const hasEnded = (index: number): boolean => {
    const key = String(given.read.key(recordAt(index)));
    return ended.has(key) || taken.has(`${last} ${key}`);
  };
  let reached = 0;
  const self: OutageWorld = {
    flow: watchReading(markKeys(given), asked),
    changedMs,
    countChanged,
    taken,
    calls,
    ended,
    isAway: false,
    countReached() {
      while (hasEnded(reached)) reached += 1;
      return reached;
    },
    createTransport: (system) => ({
      async send(request) {
        const isStruck = self.isAway && system.name === outage.system;
        if (system.name === outage.system) calls.push({ atMs: clock.now(), struck: isStruck });
        if (!isStruck) return answer(system, request.headers[ROLE_HEADER] ?? 'token', request);
        if (outage.fault === 'timeout') await clock.sleep(request.timeoutMs);
        return strike(outage.fault);
      },
      close: () => Promise.resolve(),
    }),
  };
  return self;
}

/** Another id of the form of the one that was recorded: a later target may take no other. @param key of the record, which ends with its number */
function nameObject(recorded: unknown, key = ''): string | number {
  const number = Number(/\d+$/.exec(key)?.[0] ?? 0);
  if (typeof recorded === 'number') return number;
  const text = String(recorded);
  if (/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text))
    return `${text.slice(0, -12)}${number.toString(16).padStart(12, '0')}`;
  return /^\d+$/.test(text) ? String(number) : `object-of-${key}`;
}

function readAt(value: unknown, names: readonly string[]): unknown {
  return names.reduce<unknown>((held, name) => Reflect.get(Object(held), name), value);
}

function strike(fault: Outage['fault']): WireOutcome {
  if (fault === 'down') return { kind: 'not-sent', detail: 'ECONNREFUSED' };
  if (fault === 'timeout') return { kind: 'unknown', reason: 'timeout', detail: 'timeout' };
  return respond(fault, {});
}

function readSample({ read }: AnyFlow, { exchanges }: DrillWorldFile): unknown {
  const exchange = exchanges.find(({ role }) => role === 'read');
  const [sample] = (exchange === undefined ? undefined : read.records(exchange.response.body)) ?? [];
  if (sample === undefined) throw new Error('What was recorded of the source holds no record.');
  return sample;
}

/** The sample record as another one that has changed at this moment. */
function makeRecord(sample: unknown, paths: RecordPaths, index: number, atMs: number): unknown {
  const old = (names: readonly string[]): unknown => readAt(sample, names);
  const moment = (names: readonly string[]): unknown =>
    typeof old(names) === 'number' ? Math.floor(atMs / 1000) : new Date(atMs).toISOString();
  const named = typeof old(paths.key) === 'number' ? 100_000 + index : String(100_000 + index);
  const keyed = put(sample, paths.key, named);
  const versioned = put(keyed, paths.version, moment(paths.version));
  return paths.changes === undefined ? versioned : put(versioned, paths.changes, moment(paths.changes));
}

/** A copy with another value in one place; lists on the way stay lists. */
function put(value: unknown, [name, ...rest]: readonly string[], wanted: unknown): unknown {
  if (name === undefined) return wanted;
  const inner = put(Reflect.get(Object(value), name), rest, wanted);
  if (Array.isArray(value)) return value.with(Number(name), inner);
  return { ...(value as object), [name]: inner };
}

function toOutcome(
  system: System,
  { operation, response }: DrillExchange,
  names: readonly string[],
  wanted: unknown,
): WireOutcome {
  const body = put(response.body, names, wanted);
  const { bytes, headers } = writeData(system, operation, body, response.headers);
  return { kind: 'response', status: response.status, headers: flattenHeaders(headers), body: bytes };
}

/** Notes from when on the source is asked, so that it gives what a filter would let through. */
function watchReading(flow: AnyFlow, asked: { sinceMs: number; isFirst: boolean }): AnyFlow {
  const { read } = flow;
  const all = read.changes.field === undefined;
  const startNumber = read.pages.kind === 'page' || read.pages.kind === 'offset' ? read.pages.start : 0;
  return {
    ...flow,
    read: {
      ...read,
      request(since, page) {
        asked.sinceMs = all ? 0 : since.epochMs;
        asked.isFirst = page.cursor === undefined && page.number === startNumber;
        return read.request(since, page);
      },
    },
  };
}

function markKeys(flow: AnyFlow): AnyFlow {
  const [first, ...others] = flow.targets.map((target): AnyTarget => ({
    ...target,
    request: (item, source, scope) =>
      withKey(target.request(item, source, scope), String(flow.read.key(source))),
  }));
  return first === undefined ? flow : { ...flow, targets: [first, ...others] };
}

function withKey(request: ApiRequest, key: string): ApiRequest {
  return { ...request, headers: { ...request.headers, [KEY_HEADER]: key } };
}
