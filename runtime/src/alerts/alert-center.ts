import type { AnyFlow } from '../flow.ts';
import type { ApiClient } from '../http/api-client.ts';
import type { RunContext } from '../run-context.ts';
import type { AlertOptions, AlertRoute } from './alert-options.ts';
import { NEW_ROUTE, NO_ALERTS, updateIncidents } from './alert-state.ts';
import type { AlertState, Incident, RouteState } from './alert-state.ts';
import type { AlertChannel, AlertDelivery } from './channel.ts';
import { collectConditions } from './collect-conditions.ts';
import type { Condition } from './collect-conditions.ts';
import { isAhead, LONGEST_RETRY_MS, planMessage } from './plan-message.ts';

/**
 * Tells people what is wrong, what still is, and what is over. It looks at what the store and the systems say now and
 * compares it with what was told, so that a crash loses no alert; one in the middle of sending may send it once more,
 * with the same id.
 */
export interface AlertCenter {
  /** Looks once and sends what is due. Never throws. */
  look(): Promise<void>;
  /** Looks again and again until the service is asked to stop. */
  run(): Promise<void>;
  /** Sends a message that means nothing to every channel, and says which took it. */
  sendTest(): Promise<readonly { readonly channel: string; readonly delivery: AlertDelivery }[]>;
  /** What is wrong now, the oldest first. */
  readonly incidents: readonly Incident[];
  close(): Promise<void>;
}

export interface AlertCenterOptions {
  readonly options: AlertOptions;
  readonly channels: ReadonlyMap<string, AlertChannel>;
  readonly flows: readonly AnyFlow[];
  readonly clients: readonly ApiClient[];
  readonly context: RunContext;
}

const LOOK_MS = 15_000;
const META = 'alerts';
/** A message that a channel does not take is tried again after this long, and twice as long each time. */
const RETRY_MS = 30_000;
/** A channel that asks to be left alone for years is tried once a day, or nobody would ever be told anything. */
const LONGEST_ASKED_MS = 86_400_000;
/** A channel that has failed so often is something to tell on the others. */
const FAILURES_WORTH_TELLING = 3;

export function createAlertCenter(given: AlertCenterOptions): AlertCenter {
  const { options, channels, context } = given;
  const { clock, log, signal, store } = context;
  const startedMs = clock.now();
  /** As it was last written. */
  let state: AlertState = NO_ALERTS;
  let downSince: Record<string, number> = {};

  // Never from memory: `erase` in another process takes out of it what it has quoted of a record.
  const read = async (): Promise<AlertState> => parseState(await store.readMeta(META));
  const keep = async (before: AlertState, next: AlertState): Promise<void> => {
    if (JSON.stringify(next) !== JSON.stringify(before)) await store.writeMeta(META, JSON.stringify(next));
    state = next;
  };
  const look = async (): Promise<void> => {
    const nowMs = clock.now();
    const { unwell: known = {} } = await read();
    const found = await collectConditions({
      ...given,
      store,
      routes: options.send,
      startedMs,
      unwell: known,
      nowMs,
    });
    const before = await read();
    const { conditions, since } = judgeChannels(options, before, downSince, nowMs);
    downSince = since;
    const incidents = updateIncidents(
      before.incidents,
      { ...found, list: [...found.list, ...conditions] },
      nowMs,
    );
    noteInLog(context, before.incidents, incidents);
    await keep(before, { ...before, incidents, unwell: found.unwell });
    for (const route of options.send) await tell(route, nowMs);
    const told = await read();
    await keep(told, forgetTold(told, options.send));
  };
  const tell = async (route: AlertRoute, nowMs: number): Promise<void> => {
    const name = nameRoute(route);
    const before = state.routes[name] ?? NEW_ROUTE;
    const plan = planMessage(route, before, state.incidents, { integration: context.integration, nowMs });
    const channel = channels.get(route.to);
    if (plan === undefined || channel === undefined || isAskedToWait(route, options.send, state, nowMs))
      return;
    const delivery = await channel.send(plan.message);
    if (delivery.kind === 'failed')
      log.error('an alert could not be sent', { step: route.rule, outcome: delivery.detail });
    const after =
      delivery.kind === 'sent'
        ? noteSent(before, plan.incidents, nowMs)
        : noteFailed(before, nowMs, delivery.untilMs);
    context.metrics.channelFailures.set({ channel: route.to }, after.failures);
    const now = await read();
    await keep(now, { ...now, routes: { ...now.routes, [name]: withoutErased(after, now.incidents) } });
  };
  const lookSafely = async (): Promise<void> => {
    try {
      await look();
    } catch (error) {
      log.error('alerts could not be looked after', { outcome: String(error) });
    }
  };
  return {
    look: lookSafely,
    async run() {
      while (!signal.aborted) {
        await lookSafely();
        await clock.sleep(LOOK_MS, signal);
      }
      await lookSafely();
    },
    sendTest: () => sendTest([...channels.values()], context),
    get incidents() {
      return state.incidents.filter((incident) => incident.recoveredMs === undefined);
    },
    async close() {
      await Promise.all([...channels.values()].map((channel) => channel.close()));
    },
  };
}

function sendTest(channels: readonly AlertChannel[], { integration, clock, random }: RunContext) {
  const atMs = clock.now();
  const message = 'a test that a person has asked for with the command doctor; nothing is wrong';
  return Promise.all(
    channels.map(async (channel) => {
      const incident = {
        kind: 'channel',
        subject: channel.name,
        phase: 'new',
        message,
        count: 0,
        sinceMs: atMs,
      } as const;
      // A receiver that drops repeats must take a second test too.
      const id = `msg_test_${atMs}_${Math.floor(random() * 1e9)}`;
      const delivery = await channel.send({ id, integration, atMs, incidents: [incident] });
      return { channel: channel.name, delivery };
    }),
  );
}

/** A route is known by what it says, not by its place: rules may be reordered. */
function nameRoute({ to, when, flow, overMs }: AlertRoute): string {
  return JSON.stringify([to, when.toSorted(), flow ?? null, overMs ?? null]);
}

function parseState(text: string | undefined): AlertState {
  return text === undefined ? NO_ALERTS : (JSON.parse(text) as AlertState);
}

function noteSent(before: RouteState, incidents: readonly Incident[], nowMs: number): RouteState {
  const told = { ...before.told };
  for (const incident of incidents) {
    if (incident.recoveredMs === undefined) told[incident.name] = { count: incident.count, atMs: nowMs };
    else delete told[incident.name];
  }
  return { lastSentMs: nowMs, failures: 0, nextTryMs: 0, told };
}

function noteFailed(before: RouteState, nowMs: number, askedMs = 0): RouteState {
  const delayMs = Math.min(RETRY_MS * 2 ** before.failures, LONGEST_RETRY_MS);
  const askedUntilMs = Math.min(askedMs, nowMs + LONGEST_ASKED_MS);
  return { ...before, failures: before.failures + 1, nextTryMs: nowMs + delayMs, askedUntilMs };
}

/** A channel is one receiver, however many routes lead to it. */
function isAskedToWait(
  { to }: AlertRoute,
  routes: readonly AlertRoute[],
  now: AlertState,
  nowMs: number,
): boolean {
  return routes.some(
    (route) =>
      route.to === to && isAhead(now.routes[nameRoute(route)]?.askedUntilMs ?? 0, nowMs, LONGEST_ASKED_MS),
  );
}

/** What is over and told everywhere is forgotten. */
function forgetTold(state: AlertState, routes: readonly AlertRoute[]): AlertState {
  const names = new Set(routes.map(nameRoute));
  const kept = Object.fromEntries(Object.entries(state.routes).filter(([name]) => names.has(name)));
  const incidents = state.incidents.filter(
    (incident) =>
      incident.recoveredMs === undefined ||
      Object.values(kept).some((route) => route.told[incident.name] !== undefined),
  );
  return { ...state, incidents, routes: kept };
}

/** The name of an incident may quote a record, so what is no longer stored under it is forgotten. */
function withoutErased(route: RouteState, incidents: readonly Incident[]): RouteState {
  const names = new Set(incidents.map(({ name }) => name));
  return {
    ...route,
    told: Object.fromEntries(Object.entries(route.told).filter(([name]) => names.has(name))),
  };
}

function judgeChannels(
  options: AlertOptions,
  state: AlertState,
  before: Readonly<Record<string, number>>,
  nowMs: number,
): { readonly conditions: readonly Condition[]; readonly since: Record<string, number> } {
  const since: Record<string, number> = {};
  const conditions: Condition[] = [];
  for (const name of Object.keys(options.channels)) {
    const failures = options.send
      .filter((route) => route.to === name)
      .map((route) => state.routes[nameRoute(route)]?.failures ?? 0);
    if (Math.max(0, ...failures) < FAILURES_WORTH_TELLING) continue;
    since[name] = before[name] ?? nowMs;
    conditions.push({
      kind: 'channel',
      subject: name,
      fingerprint: '',
      message: `alerts for the channel "${name}" cannot be sent and wait`,
      count: 0,
      sinceMs: since[name],
    });
  }
  return { conditions, since };
}

/** The log says it too, also where nobody is told. */
function noteInLog({ log }: RunContext, before: readonly Incident[], after: readonly Incident[]): void {
  const open = (list: readonly Incident[]): ReadonlySet<string> =>
    new Set(list.filter((incident) => incident.recoveredMs === undefined).map(({ name }) => name));
  const was = open(before);
  const is = open(after);
  for (const incident of after) {
    const told = { step: incident.kind, subject: incident.subject, reason: incident.message };
    if (is.has(incident.name) && !was.has(incident.name)) log.warn('alert', { ...told, outcome: 'new' });
    if (!is.has(incident.name) && was.has(incident.name))
      log.info('alert', { ...told, outcome: 'recovered' });
  }
}
