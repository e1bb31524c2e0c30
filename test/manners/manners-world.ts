import type { ServiceDefinition } from '../../runtime/src/engine/create-service.ts';
import type { AnyFlow } from '../../runtime/src/flow.ts';
import type { LimitOptions } from '../../runtime/src/http/call-gate.ts';
import type { WireOutcome, WireRequest } from '../../runtime/src/http/transport.ts';
import { createSqliteStore } from '../../runtime/src/store/sqlite-store.ts';
import type { Store } from '../../runtime/src/store/store.ts';
import { respond } from '../../runtime/src/testing/memory-transport.ts';
import { createVirtualClock } from '../../runtime/src/testing/virtual-clock.ts';
import type { VirtualClock } from '../../runtime/src/testing/virtual-clock.ts';
import { createFaultFlow } from '../faults/fault-flow.ts';
import type { SourceRecord, Tier } from '../faults/fault.ts';
import { startLife } from '../soak/life.ts';
import type { Life } from '../soak/life.ts';
import { createSoakTarget } from '../soak/soak-target.ts';
import type { SoakTarget } from '../soak/soak-target.ts';

export type Part = 'source' | 'target' | 'channel';

/** One call as the systems see it. */
export interface Call {
  readonly part: Part;
  readonly sentMs: number;
  answeredMs: number | undefined;
  /** Calls of the same system that were under way when it came, itself included. */
  readonly underWay: number;
}

export interface MannersOptions {
  readonly tier: Tier;
  readonly records: readonly SourceRecord[];
  readonly everyMs?: number;
  readonly limits?: LimitOptions;
  readonly latencyMs?: () => number;
  /** What is answered instead of the good answer, which is given where this gives none. */
  readonly answer?: (part: Part, request: WireRequest) => WireOutcome | undefined;
}

/** A service between two systems and a channel, and everything that it asks of them. */
export interface MannersWorld {
  readonly clock: VirtualClock;
  readonly store: Store;
  readonly target: SoakTarget;
  readonly calls: readonly Call[];
  /** `new pause target` */
  readonly told: readonly string[];
  start(): Promise<Life>;
  countStates(): Promise<Readonly<Record<string, number>>>;
}

const HOSTS: Readonly<Record<string, Part>> = {
  'source.example': 'source',
  'target.example': 'target',
  'channel.example': 'channel',
};
const PAGE_SIZE = 100;

export function createMannersWorld(options: MannersOptions): MannersWorld {
  const { tier, records, latencyMs = () => 50, answer = () => undefined } = options;
  const clock = createVirtualClock();
  const store = createSqliteStore(':memory:', clock);
  const target = createSoakTarget(tier);
  const calls: Call[] = [];
  const told: string[] = [];
  const underWay = { source: 0, target: 0, channel: 0 };
  let lives = 0;

  const serve = (part: Part, request: WireRequest): WireOutcome => {
    const url = new URL(request.url);
    if (part === 'channel') told.push(...readPhases(request.body ?? '{}'));
    if (part === 'channel') return respond(204);
    if (part === 'source') return respond(200, readPage(records, url));
    return request.method === 'GET' ? target.lookUp(url, clock.now()) : target.write(request, clock.now());
  };
  const send = async (request: WireRequest): Promise<WireOutcome> => {
    const part = HOSTS[new URL(request.url).hostname] ?? 'channel';
    underWay[part] += 1;
    const call: Call = { part, sentMs: clock.now(), answeredMs: undefined, underWay: underWay[part] };
    calls.push(call);
    await clock.sleep(latencyMs());
    const outcome = answer(part, request) ?? serve(part, request);
    call.answeredMs = clock.now();
    underWay[part] -= 1;
    return outcome;
  };
  return {
    clock,
    store,
    target,
    calls,
    told,
    start() {
      lives += 1;
      return clock.drive(startLife({ definition: describe(options), send, clock, store, seed: lives }));
    },
    async countStates() {
      const [counts] = await store.counts(['people']);
      return counts?.states as Readonly<Record<string, number>>;
    },
  };
}

export function listRecords(count: number): SourceRecord[] {
  return Array.from({ length: count }, (_, at) => ({
    id: `r${at}`,
    name: `Name ${at}`,
    email: `r${at}@example.com`,
    amount: at,
    kind: 'person',
    day: '2026-03-05T12:00:00Z',
    updated: new Date(Date.UTC(2026, 0, 1) + at * 1000).toISOString(),
  }));
}

/** A cursor says how many rows have been read. */
function readPage(records: readonly SourceRecord[], url: URL): object {
  const since = url.searchParams.get('since') ?? '';
  const from = Number(url.searchParams.get('cursor') ?? 0);
  const matching = records.filter(({ updated }) => updated >= since);
  const end = from + PAGE_SIZE;
  return { rows: matching.slice(from, end), next: end < matching.length ? String(end) : null };
}

interface AlertBody {
  readonly data?: {
    readonly incidents: readonly {
      readonly phase: string;
      readonly kind: string;
      readonly subject: string;
    }[];
  };
}

function readPhases(body: string): string[] {
  const { data } = JSON.parse(body) as AlertBody;
  return (data?.incidents ?? []).map(({ phase, kind, subject }) => `${phase} ${kind} ${subject}`);
}

function describe({ tier, everyMs, limits }: MannersOptions): ServiceDefinition {
  const flow = createFaultFlow(tier);
  const read = everyMs === undefined ? flow.read : { ...flow.read, everyMs };
  const auth = { kind: 'bearer', token: 'token-of-a-system' } as const;
  const paced = limits === undefined ? {} : { limits };
  return {
    integration: 'manners',
    systems: [
      { name: 'source', server: 'https://source.example', auth },
      { name: 'target', server: 'https://target.example', auth, ...paced },
    ],
    flows: [{ ...flow, read } satisfies AnyFlow],
    alerts: {
      channels: {
        ops: { kind: 'webhook', url: 'https://channel.example/hook', secret: 'secret-of-a-channel' },
      },
      send: [{ when: ['review', 'dead-letter', 'halt', 'pause', 'auth'], to: 'ops', rule: 'alerts.send[0]' }],
    },
  };
}
