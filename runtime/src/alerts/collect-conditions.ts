import type { AnyFlow } from '../flow.ts';
import type { ApiClient } from '../http/api-client.ts';
import type { CallRole } from '../http/decide-call.ts';
import type { Pause, Store } from '../store/store.ts';
import type { AlertKind, AlertRoute } from './alert-options.ts';
import { collectStranded, describeStranded } from './collect-stranded.ts';

/** Something that is wrong now. One cause is one condition, however many records it concerns. */
export interface Condition {
  readonly kind: AlertKind;
  readonly subject: string;
  /** Tells causes of one kind and subject apart. */
  readonly fingerprint: string;
  readonly message: string;
  readonly count: number;
  readonly sinceMs: number;
  /** Where the rules decided it, as in `flows.customers.to[0].map.Name`, where it is one rule. */
  readonly rule?: string;
}

export interface ConditionSources {
  readonly store: Store;
  readonly flows: readonly AnyFlow[];
  readonly clients: readonly ApiClient[];
  readonly routes: readonly AlertRoute[];
  /** When this process began: before that, a flow without a finished pass was not late. */
  readonly startedMs: number;
  /** What failed at the last look, maybe that of a process before this one. */
  readonly unwell?: UnwellOperations;
  readonly nowMs: number;
}

/** By system and operation. */
export type UnwellOperations = Readonly<Record<string, UnwellOperation>>;

/** Each call of it has failed since then. */
export interface UnwellOperation {
  readonly system: string;
  readonly operation: string;
  readonly role: CallRole;
  readonly sinceMs: number;
  /** When it was last seen to fail: one that nobody calls any more has not failed since. */
  readonly lastMs: number;
  readonly reason: string;
}

export interface Conditions {
  readonly list: readonly Condition[];
  /** Systems that have not been called since the start: of what was wrong with them nobody knows that it is over. */
  readonly unknownSystems: ReadonlySet<string>;
  /** Systems that do not answer well, or of which an operation does not. */
  readonly unwellSystems: ReadonlySet<string>;
  readonly unwell: UnwellOperations;
}

/** A system that is left alone for longer is worth a person's attention: section 8.3. */
const PAUSE_WORTH_TELLING_MS = 3_600_000;

/**
 * Everything that is wrong, read anew from the store and the systems each time, so that a crash forgets no alert and a
 * condition that has passed is seen to have passed.
 */
export async function collectConditions(sources: ConditionSources): Promise<Conditions> {
  const { store, clients } = sources;
  const [trouble, pauses, stale, wanted, stranded] = await Promise.all([
    store.listTrouble(),
    store.listPauses(),
    collectStale(sources),
    listWanted(sources),
    collectStranded(store, sources.flows),
  ]);
  const unwell = noteUnwell(sources, wanted);
  const waiting = trouble.map(({ kind, flow, fingerprint, reason, count, sinceMs }): Condition => ({
    kind,
    subject: flow,
    fingerprint,
    message: kind === 'review' ? `waiting for a person: ${reason}` : `failed for good: ${reason}`,
    count,
    sinceMs,
    ...findRule(flow, fingerprint, reason),
  }));
  const halts = pauses.flatMap((pause): Condition[] =>
    pause.kind !== 'halt'
      ? []
      : [
          {
            kind: 'halt',
            subject: pause.name.replace(/^flow:/, ''),
            fingerprint: '',
            message: `the flow is halted until a person resumes it: ${pause.reason}`,
            count: 0,
            sinceMs: pause.sinceMs,
          },
        ],
  );
  return {
    list: [
      ...waiting,
      ...halts,
      ...clients.flatMap((client) => judgeSystem(client, wanted, unwell, sources.nowMs)),
      ...clients
        .filter(({ health }) => health.state === 'unknown')
        .flatMap(({ system }) => judgeKeptPause(system, pauses, sources.nowMs)),
      ...stale,
      ...stranded.map((one): Condition => ({
        kind: 'halt',
        subject: one.flow,
        fingerprint: `stranded:${one.target ?? ''}`,
        message: describeStranded(one),
        count: one.count,
        sinceMs: sources.startedMs,
      })),
    ],
    unknownSystems: new Set(
      clients.filter(({ health }) => health.state === 'unknown').map(({ system }) => system),
    ),
    unwellSystems: new Set([
      ...Object.values(unwell).map(({ system }) => system),
      ...clients
        .filter(({ health: { state } }) => state !== 'well' && state !== 'unknown')
        .filter((client) => !isRested(client, wanted, sources.nowMs))
        .map(({ system }) => system),
    ]),
    unwell,
  };
}

/**
 * Which operations have failed at each call, and since when: one that is started every few minutes and ends each time has
 * seen no outage for long by itself. What nobody wants any more is no outage.
 */
function noteUnwell({ clients, unwell = {} }: ConditionSources, wanted: Wanted): UnwellOperations {
  const now: Record<string, UnwellOperation> = {};
  const isWanted = (system: string, role: CallRole): boolean =>
    role === 'read' ? wanted.read.has(system) : wanted.live.has(system);
  for (const { system, health } of clients)
    for (const [operation, { role, failsSinceMs, lastFailedMs, reason, wasWell }] of health.operations ??
      []) {
      if (failsSinceMs === undefined || !isWanted(system, role)) continue;
      const name = `${system} ${operation}`;
      const beforeMs = wasWell ? undefined : unwell[name]?.sinceMs;
      const sinceMs = Math.min(beforeMs ?? failsSinceMs, failsSinceMs);
      now[name] = { system, operation, role, sinceMs, lastMs: lastFailedMs, reason };
    }
  for (const [name, one] of Object.entries(unwell)) {
    const client = clients.find(({ system }) => system === one.system);
    const isKnown = client?.health.operations?.has(one.operation) ?? true;
    if (!isKnown && isWanted(one.system, one.role)) now[name] = one;
  }
  return now;
}

/** The fingerprint of a review holds its rule. */
function findRule(flow: string, fingerprint: string, reason: string): { readonly rule?: string } {
  const [before, after] = [`${flow}:`, `:${reason}`];
  if (!fingerprint.startsWith(before) || !fingerprint.endsWith(after)) return {};
  const rule = fingerprint.slice(before.length, -after.length);
  return /^(?:flows|systems|policies)\./.test(rule) ? { rule } : {};
}

/** Systems that are called soon in any case. */
interface Wanted {
  /** Those that are read. */
  readonly read: ReadonlySet<string>;
  /** Those for which a record waits. */
  readonly live: ReadonlySet<string>;
}

async function listWanted({ store, flows }: ConditionSources): Promise<Wanted> {
  const live = await Promise.all(
    flows.map(async ({ name, find = [], targets }) =>
      (await store.countLive(name)) > 0 ? [...find, ...targets].map(({ system }) => system) : [],
    ),
  );
  return { read: new Set(flows.map(({ read }) => read.system)), live: new Set(live.flat()) };
}

/** It asked for patience and had it, and nobody has had a reason to call it since: that is no outage. */
function isRested({ system, health, pausedUntilMs }: ApiClient, wanted: Wanted, nowMs: number): boolean {
  const isWanted = wanted.read.has(system) || wanted.live.has(system);
  return health.state === 'waiting' && pausedUntilMs <= nowMs && !isWanted;
}

function judgeSystem(
  client: ApiClient,
  wanted: Wanted,
  unwell: UnwellOperations,
  nowMs: number,
): Condition[] {
  const { system, health } = client;
  if (health.state === 'unknown') return [];
  const isOut = health.state !== 'well' && !isRested(client, wanted, nowMs);
  if (isOut && health.needsPerson) {
    const message = `the system does not accept the credentials: ${health.reason}`;
    return [{ kind: 'auth', subject: system, fingerprint: '', message, count: 0, sinceMs: health.sinceMs }];
  }
  const failing = Object.values(unwell)
    .filter((one) => one.system === system)
    .toSorted((left, right) => left.sinceMs - right.sinceMs);
  const [oldest] = failing;
  if (isOut) {
    const { sinceMs, reason } = oldest !== undefined && oldest.sinceMs < health.sinceMs ? oldest : health;
    return describeOutage(system, sinceMs, reason, nowMs);
  }
  // Others of its operations are answered; one that nobody calls any more has not failed since.
  return failing
    .flatMap(({ sinceMs, lastMs, reason, operation }) =>
      describeOutage(system, sinceMs, `${operation}: ${reason}`, lastMs),
    )
    .slice(0, 1);
}

function describeOutage(system: string, sinceMs: number, reason: string, untilMs: number): Condition[] {
  if (untilMs - sinceMs <= PAUSE_WORTH_TELLING_MS) return [];
  const message = `the system has not been usable for more than an hour: ${reason}; records wait and none is lost`;
  return [{ kind: 'pause', subject: system, fingerprint: '', message, count: 0, sinceMs }];
}

/** A process that has just started has not called the system yet, and the pause is as old as it is. */
function judgeKeptPause(system: string, pauses: readonly Pause[], nowMs: number): Condition[] {
  const pause = findKeptPause(system, pauses, nowMs);
  if (pause === undefined) return [];
  return describeOutage(system, pause.sinceMs, pause.reason, nowMs);
}

function findKeptPause(system: string, pauses: readonly Pause[], nowMs: number): Pause | undefined {
  const pause = pauses.find(({ name, kind }) => name === `system:${system}` && kind === 'pause');
  return (pause?.untilMs ?? 0) > nowMs ? pause : undefined;
}

async function collectStale(sources: ConditionSources): Promise<Condition[]> {
  const { store, flows, routes, startedMs, nowMs } = sources;
  const conditions: Condition[] = [];
  for (const route of routes) {
    const { overMs } = route;
    if (overMs === undefined || !route.when.includes('stale')) continue;
    for (const { name } of flows) {
      if (route.flow !== undefined && route.flow !== name) continue;
      const { lastPassMs = startedMs, oldestLiveMs = Number.POSITIVE_INFINITY } =
        await store.readFreshness(name);
      const sinceMs = Math.min(lastPassMs, oldestLiveMs);
      if (nowMs - sinceMs <= overMs) continue;
      const message =
        oldestLiveMs < lastPassMs
          ? 'a record has been waiting to be delivered'
          : 'the source has not been read to its end';
      conditions.push({
        kind: 'stale',
        subject: name,
        fingerprint: String(overMs),
        message: `not up to date: ${message}`,
        count: 0,
        sinceMs,
      });
    }
  }
  return conditions;
}
