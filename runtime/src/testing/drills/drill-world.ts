import type { ServiceDefinition } from '../../engine/create-service.ts';
import type { AnyFind, AnyFlow, AnyTarget, PageCursor, System } from '../../flow.ts';
import type { ApiRequest } from '../../http/api-request.ts';
import type { Transport, WireOutcome, WireRequest } from '../../http/transport.ts';
import type { DrillExchange } from './drill.ts';
import { respond } from '../memory-transport.ts';
import { flattenHeaders, writeData } from '../recorded-body.ts';
import type { VirtualClock } from '../virtual-clock.ts';

/** Tells the calls of a flow apart, of which several may be calls of one operation. */
export const ROLE_HEADER = 'x-drill-role';

/** A call as it reached a system. */
export interface DrillCall {
  readonly atMs: number;
  readonly system: string;
  /** `read`, `find person`, `look-up contact`, `write contact`, `update contact`, or `token`. */
  readonly role: string;
  readonly request: WireRequest;
}

/** Answers a call instead of the world; undefined where it leaves it to the world. */
export type Disturbance = (call: DrillCall, normal: () => WireOutcome) => WireOutcome | undefined;

/** The systems around a service, in memory: each answers with what was recorded, unless it is disturbed. */
export interface DrillWorld {
  readonly calls: readonly DrillCall[];
  disturbance: Disturbance | undefined;
  /** Another list of records than the recorded one, by role: `read`, `find person`. */
  readonly records: Map<string, readonly unknown[]>;
  createTransport(system: System): Transport;
}

export function createDrillWorld(
  definition: ServiceDefinition,
  exchanges: readonly DrillExchange[],
  clock: VirtualClock,
): DrillWorld {
  const calls: DrillCall[] = [];
  const positions = new Map<string, number>();
  const world: DrillWorld = {
    calls,
    disturbance: undefined,
    records: new Map(),
    createTransport: (system) => ({
      async send(request) {
        const role = request.headers[ROLE_HEADER] ?? 'token';
        const call = { atMs: clock.now(), system: system.name, role, request };
        calls.push(call);
        const normal = (): WireOutcome => answerNormally(system, role);
        const outcome = world.disturbance?.(call, normal) ?? normal();
        if (outcome.kind === 'unknown' && outcome.reason === 'timeout') await clock.sleep(request.timeoutMs);
        return outcome;
      },
      close: () => Promise.resolve(),
    }),
  };
  const answerNormally = (system: System, role: string): WireOutcome => {
    if (role === 'token') return respond(200, { access_token: 'a', refresh_token: 'r', expires_in: 1800 });
    const list = exchanges.filter((exchange) => nameRole(exchange, definition) === role);
    if (list.length === 0 && role.startsWith('update ')) return respond(200, {});
    const position = positions.get(role) ?? 0;
    positions.set(role, position + 1);
    const exchange = list[position % Math.max(1, list.length)];
    if (exchange === undefined) throw new Error(`Nothing was recorded of the call "${role}".`);
    const records = world.records.get(role);
    const isFirst = position % list.length === 0;
    return toOutcome(system, records === undefined || !isFirst ? exchange : withRecords(exchange, records));
  };
  return world;
}

function nameRole({ role, name }: DrillExchange, { flows: [flow] }: ServiceDefinition): string {
  return role === 'read' ? 'read' : `${role} ${name ?? flow?.targets[0].name ?? ''}`;
}

function toOutcome(system: System, exchange: DrillExchange): WireOutcome {
  const { operation, response } = exchange;
  const { bytes, headers } = writeData(system, operation, response.body, response.headers);
  return { kind: 'response', status: response.status, headers: flattenHeaders(headers), body: bytes };
}

/** Another list in the place where the records stand. */
function withRecords(exchange: DrillExchange, records: readonly unknown[]): DrillExchange {
  if (exchange.isObject === true)
    return { ...exchange, response: { ...exchange.response, body: records[0] ?? null } };
  const put = (value: unknown, [step, ...rest]: readonly string[]): unknown =>
    step === undefined
      ? records
      : { ...(value as object), [step]: put(Reflect.get(Object(value), step), rest) };
  const body = put(exchange.response.body, exchange.records ?? []);
  return { ...exchange, response: { ...exchange.response, body } };
}

/** The flow with its calls told apart by a header, and without a cache; nothing else of it is changed. */
export function markRoles(flow: AnyFlow): AnyFlow {
  const { read } = flow;
  const [first, ...others] = flow.targets.map(markTarget);
  if (first === undefined) return flow;
  return {
    ...flow,
    read: { ...read, request: (since, page) => mark(read.request(since, page), 'read') },
    ...(flow.find === undefined ? {} : { find: flow.find.map(markFind) }),
    targets: [first, ...others],
  };
}

function markFind(given: AnyFind): AnyFind {
  // An answer that is kept would hide what the drill has put in its place.
  const { cacheMs: _, ...find } = given;
  return {
    ...find,
    request: (source, scope, page) => mark(find.request(source, scope, page), `find ${find.name}`),
  };
}

function markTarget(target: AnyTarget): AnyTarget {
  const { name, lookUp, update } = target;
  return {
    ...target,
    request: (item, source, scope) => mark(target.request(item, source, scope), `write ${name}`),
    ...(lookUp === undefined
      ? {}
      : {
          lookUp: {
            ...lookUp,
            request: (sent: unknown, page: PageCursor) => mark(lookUp.request(sent, page), `look-up ${name}`),
          },
        }),
    ...(update === undefined
      ? {}
      : {
          update: {
            ...update,
            request: (item: unknown, source: unknown, scope: never, id: string) =>
              mark(update.request(item, source, scope, id), `update ${name}`),
          },
        }),
  };
}

function mark(request: ApiRequest, role: string): ApiRequest {
  return { ...request, headers: { ...request.headers, [ROLE_HEADER]: role } };
}
