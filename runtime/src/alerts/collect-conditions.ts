import type { AnyFlow } from '../flow.ts';
import type { ApiClient } from '../http/api-client.ts';
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
  /** Since when systems are not well, as the last look saw it, maybe in a process before this one. */
  readonly unwell?: UnwellSystems;
  readonly nowMs: number;
}

/** By system, in milliseconds. */
export type UnwellSystems = Readonly<Record<string, number>>;

export interface Conditions {
  readonly list: readonly Condition[];
  /** Systems that have not been called since the start: of what was wrong with them nobody knows that it is over. */
  readonly unknownSystems: ReadonlySet<string>;
  readonly unwell: UnwellSystems;
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
  const unwell = noteUnwell(sources, wanted, pauses);
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
      ...clients
        .filter(({ system }) => unwell[system] !== undefined)
        .flatMap(({ system, health }) =>
          judgeSystem(
            { system, health: { ...health, sinceMs: unwell[system] ?? health.sinceMs } },
            sources.nowMs,
          ),
        ),
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
    unwell,
  };
}

/** One that is started every few minutes and ends each time has seen no outage for long by itself. */
function noteUnwell(
  { clients, unwell = {}, nowMs }: ConditionSources,
  wanted: ReadonlySet<string>,
  pauses: readonly Pause[],
): UnwellSystems {
  const now: Record<string, number> = {};
  for (const client of clients) {
    const { system, health } = client;
    const before = unwell[system];
    if (health.state === 'unknown') {
      const isOpen = wanted.has(system) || findKeptPause(system, pauses, nowMs) !== undefined;
      if (before !== undefined && isOpen) now[system] = before;
    } else if (health.state !== 'well' && !isRested(client, wanted, nowMs))
      now[system] =
        health.wasWell === true ? health.sinceMs : Math.min(before ?? health.sinceMs, health.sinceMs);
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

/** Systems that are called soon in any case: those that are read, and those for which a record waits. */
async function listWanted({ store, flows }: ConditionSources): Promise<ReadonlySet<string>> {
  const lists = await Promise.all(
    flows.map(async ({ name, read, find = [], targets }) => {
      const others = [...find, ...targets].map(({ system }) => system);
      return [read.system, ...((await store.countLive(name)) > 0 ? others : [])];
    }),
  );
  return new Set(lists.flat());
}

/** It asked for patience and had it, and nobody has had a reason to call it since: that is no outage. */
function isRested(
  { system, health, pausedUntilMs }: ApiClient,
  wanted: ReadonlySet<string>,
  nowMs: number,
): boolean {
  return health.state === 'waiting' && pausedUntilMs <= nowMs && !wanted.has(system);
}

function judgeSystem({ system, health }: Pick<ApiClient, 'system' | 'health'>, nowMs: number): Condition[] {
  const { state, sinceMs, reason, needsPerson } = health;
  if (state === 'unknown' || state === 'well') return [];
  const base = { subject: system, fingerprint: '', count: 0, sinceMs };
  if (needsPerson)
    return [{ ...base, kind: 'auth', message: `the system does not accept the credentials: ${reason}` }];
  if (nowMs - sinceMs <= PAUSE_WORTH_TELLING_MS) return [];
  return [
    {
      ...base,
      kind: 'pause',
      message: `the system has not been usable for more than an hour: ${reason}; records wait and none is lost`,
    },
  ];
}

/** A process that has just started has not called the system yet, and the pause is as old as it is. */
function judgeKeptPause(system: string, pauses: readonly Pause[], nowMs: number): Condition[] {
  const pause = findKeptPause(system, pauses, nowMs);
  if (pause === undefined) return [];
  const { sinceMs, reason } = pause;
  return judgeSystem({ system, health: { state: 'waiting', sinceMs, reason, needsPerson: false } }, nowMs);
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
