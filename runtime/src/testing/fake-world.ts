import type { AnyFlow, Flow, FlowRead } from '../flow.ts';
import type { LimitOptions } from '../http/call-gate.ts';
import type { WriteTier } from '../http/decide-call.ts';
import type { WireOutcome, WireRequest } from '../http/transport.ts';
import { createFlowRunner } from '../engine/flow-runner.ts';
import type { FlowRunner } from '../engine/flow-runner.ts';
import type { Store } from '../store/store.ts';
import { createTestClient } from './create-test-client.ts';
import { createTestContext } from './create-test-context.ts';
import type { TestContext } from './create-test-context.ts';
import { createMemoryTransport, respond } from './memory-transport.ts';
import type { MemoryTransport } from './memory-transport.ts';
import type { VirtualClock } from './virtual-clock.ts';

export interface Row {
  readonly id: string | null;
  readonly name: string | null;
  readonly at: string;
}

interface Sent {
  readonly ref: string;
  readonly name: string;
}

export const START = Date.UTC(2026, 0, 5, 9);

export function at(seconds: number): string {
  return new Date(START - 86_400_000 + seconds * 1000).toISOString();
}

export function rows(count: number): Row[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `r${index}`,
    name: `name ${index}`,
    at: at(index),
  }));
}

export interface FakeTarget {
  /** Objects by their order of creation; a second one of the same ref is a duplicate. */
  readonly objects: readonly Sent[];
  readonly transport: MemoryTransport;
  /** Looks at each request first; what it returns is the answer. `apply` does the write before. */
  fault: ((request: WireRequest, apply: () => WireOutcome) => WireOutcome | undefined) | undefined;
}

/** A target that upserts by ref at tier 2, remembers idempotency keys at tier 1, and otherwise creates. */
export function createFakeTarget(clock: VirtualClock, tier: WriteTier): FakeTarget {
  const objects: Sent[] = [];
  const keys = new Map<string, WireOutcome>();
  const write = (request: WireRequest): WireOutcome => {
    const sent = JSON.parse(request.body ?? '') as Sent;
    const key = request.headers['idempotency-key'] ?? '';
    const known = tier === 1 ? keys.get(key) : undefined;
    if (known !== undefined) return known;
    const place = tier === 2 || tier === 0 ? objects.findIndex((entry) => entry.ref === sent.ref) : -1;
    if (place >= 0) objects[place] = sent;
    else objects.push(sent);
    const outcome = respond(200, { id: `t-${sent.ref}` });
    keys.set(key, outcome);
    return outcome;
  };
  const target: { -readonly [K in keyof FakeTarget]: FakeTarget[K] } = {
    objects,
    fault: undefined,
    transport: createMemoryTransport(clock, (request) => {
      const apply = (): WireOutcome => write(request);
      const faulty = target.fault?.(request, apply);
      if (faulty !== undefined) return faulty;
      if (request.method !== 'GET') return apply();
      const ref = new URL(request.url).searchParams.get('ref');
      return respond(200, {
        found: objects.filter((entry) => entry.ref === ref).map((entry) => ({ id: `t-${entry.ref}` })),
      });
    }),
  };
  return target;
}

export type ReadOptions = Partial<FlowRead<Row, never>>;

export interface WorldOptions {
  readonly read?: ReadOptions;
  readonly flow?: Partial<AnyFlow>;
  readonly tier?: WriteTier;
  readonly lookUp?: boolean;
  readonly keyLastsMs?: number;
  readonly limits?: LimitOptions;
  readonly store?: Store;
  readonly context?: TestContext;
  readonly target?: FakeTarget;
}

export function createTestFlow(options: WorldOptions): AnyFlow {
  const tier = options.tier ?? 2;
  const lookUp = {
    request: (sent: Sent) => ({
      operation: 'GET /objects',
      method: 'GET',
      path: '/objects',
      query: [{ name: 'ref', value: sent.ref }],
    }),
    records: (body: { readonly found: readonly unknown[] }) => body.found,
    idField: 'id',
  };
  const flow: Flow<
    Row,
    { readonly rows: readonly Row[] },
    Sent,
    { readonly id: string },
    { readonly found: readonly unknown[] }
  > = {
    name: 'f',
    read: {
      system: 'source',
      everyMs: 60_000,
      request: (since, page) => ({
        operation: 'GET /rows',
        method: 'GET',
        path: '/rows',
        query: [
          { name: 'since', value: since.iso },
          { name: 'cursor', value: page.cursor },
          { name: 'number', value: page.number },
        ],
      }),
      records: (body) => body.rows,
      pages: { kind: 'none' },
      key: (row) => row.id,
      version: (row) => row.at,
      order: 'oldest-first',
      changes: { field: (row) => row.at, lookbackMs: 0, settleMs: 0, first: 'all' },
      shape: { id: 'string', name: 'string', at: 'string' },
      ...(options.read as object),
    },
    keep: [],
    later: { changed: 'update', left: 'ignore' },
    targets: [
      {
        name: 'object',
        system: 'target',
        mode: 'write',
        tier,
        map: (row, map) => ({
          ref: String(row.id),
          name: map.text({ to: 'name', value: () => row.name, blank: 'review' }) ?? '',
        }),
        request: (item) => ({ operation: 'POST /objects', method: 'POST', path: '/objects', body: item }),
        id: (body) => body.id,
        ...(tier === 1
          ? { key: { header: 'Idempotency-Key', lastsMs: options.keyLastsMs ?? 86_400_000 } }
          : {}),
        ...(tier === 3 || options.lookUp === true ? { lookUp } : {}),
      },
    ],
    ...(options.flow as object),
  };
  return flow;
}

export interface World {
  readonly context: TestContext;
  readonly clock: VirtualClock;
  readonly source: MemoryTransport;
  readonly target: FakeTarget;
  readonly runner: FlowRunner;
  once(): ReturnType<FlowRunner['runOnce']>;
  states(): Promise<Readonly<Record<string, number>>>;
}

/** A service of one flow between a fake source, which answers as told, and a fake target. */
export function createWorld(
  answer: (request: WireRequest, index: number) => WireOutcome,
  options: WorldOptions = {},
): World {
  const context =
    options.context ?? createTestContext(options.store === undefined ? {} : { store: options.store });
  const { clock, store } = context;
  const source = createMemoryTransport(clock, answer);
  const target = options.target ?? createFakeTarget(clock, options.tier ?? 2);
  const runner = createFlowRunner({
    flow: createTestFlow(options),
    source: createTestClient(context, source, { name: 'source', server: 'https://source.example/v1' }),
    clients: [
      createTestClient(
        context,
        target.transport,
        options.limits === undefined ? {} : { limits: options.limits },
      ),
    ],
    context,
  });
  return {
    context,
    clock,
    source,
    target,
    runner,
    once: () => clock.drive(runner.runOnce()),
    async states() {
      const [counts] = await store.counts(['f']);
      const sum = Object.values(counts?.states ?? {}).reduce((total, count) => total + count, 0);
      if (sum !== counts?.takenIn)
        throw new Error(`${counts?.takenIn} were taken in, and the states add up to ${sum}.`);
      return counts.states as Readonly<Record<string, number>>;
    },
  };
}

/** A source that filters by `since`, inclusive, and hands out pages of `size` in the order of the change field. */
export function serveRows(
  list: () => readonly Row[],
  size: number,
  page: (request: URL, matching: readonly Row[], size: number) => WireOutcome,
): (request: WireRequest) => WireOutcome {
  return (request) => {
    const url = new URL(request.url);
    const since = url.searchParams.get('since') ?? '';
    const matching = list()
      .filter((row) => row.at >= since)
      .toSorted((left, right) => (left.at < right.at ? -1 : left.at > right.at ? 1 : 0));
    return page(url, matching, size);
  };
}
