import { NO_ALERTS } from '../alerts/alert-state.ts';
import type { AlertState } from '../alerts/alert-state.ts';
import type { Service } from '../engine/create-service.ts';
import type { ApiClient } from '../http/api-client.ts';
import type { Backfill } from '../store/backfill.ts';
import type { Pause } from '../store/store.ts';

/** Blocked keys that are named; there may be more. */
const NAMED = 10;

/** What `status` and `/status` say: everything that a person on duty asks first. */
export async function readStatus({ context, definition, clients }: Service) {
  const { store, clock } = context;
  const nowMs = clock.now();
  const names = definition.flows.map((flow) => flow.name);
  const stranded = (await store.listFlows()).filter((name) => !names.includes(name));
  const pauses = (await store.listPauses()).filter((pause) => (pause.untilMs ?? nowMs + 1) > nowMs);
  const blocked = await store.listBlocked(NAMED);
  return {
    integration: definition.integration,
    flows: await Promise.all((await store.counts(names)).map((counts) => readFlow(context, counts))),
    systems: clients.map((client) => describeSystem(client, pauses)),
    incidents: await readIncidents(context),
    backfills: (await store.listBackfills()).map(describeBackfill),
    /** Newer versions that wait behind a write whose outcome is not known. */
    blocked: {
      count: blocked.count,
      oldest: blocked.oldest.map(({ sinceMs, ...rest }) => ({ ...rest, since: formatTime(sinceMs) })),
    },
    /** Flows that an earlier version had: their records wait for nobody. */
    stranded: await store.counts(stranded),
    pauses: pauses.map((pause) => ({
      ...pause,
      until: formatTime(pause.untilMs),
      since: formatTime(pause.sinceMs),
    })),
  };
}

export type Status = Awaited<ReturnType<typeof readStatus>>;

async function readFlow<Counts extends { readonly flow: string }>(
  { store }: Service['context'],
  counts: Counts,
) {
  const pass = await store.loadPass(counts.flow);
  const { lastPassMs, oldestLiveMs } = await store.readFreshness(counts.flow);
  return {
    ...counts,
    watermark: formatTime(pass.watermarkMs),
    readingNow: pass.open !== undefined,
    /** When the source was last read to its end. */
    lastPass: formatTime(lastPassMs),
    /** When the oldest record was taken in that is still on its way. */
    oldestWaiting: formatTime(oldestLiveMs),
  };
}

/** Only the process that calls a system knows how it answers; a pause is known to all. */
function describeSystem({ system, health }: ApiClient, pauses: readonly Pause[]) {
  const pause = pauses.find(({ name }) => name === `system:${system}`);
  if (pause !== undefined)
    return {
      system,
      state: 'paused',
      reason: pause.reason,
      since: formatTime(pause.sinceMs),
      pausedUntil: formatTime(pause.untilMs),
    };
  const { state, reason, sinceMs } = health;
  return state === 'unknown'
    ? { system, state: 'not paused' }
    : { system, state, since: formatTime(sinceMs), ...(reason === '' ? {} : { reason }) };
}

/** As the alerts remember them, whoever is told. */
async function readIncidents({ store }: Service['context']) {
  const text = await store.readMeta('alerts');
  const { incidents } = text === undefined ? NO_ALERTS : (JSON.parse(text) as AlertState);
  return incidents
    .filter((incident) => incident.recoveredMs === undefined)
    .map(({ kind, subject, message, count, sinceMs }) => ({
      kind,
      subject,
      message,
      count,
      since: formatTime(sinceMs),
    }));
}

function describeBackfill(backfill: Backfill) {
  const { id, flow, kind, key, state, reason, sinceMs, askedBy, pages, judged, writes, reviews } = backfill;
  return {
    id,
    flow,
    kind,
    ...(key === undefined ? {} : { key }),
    state,
    ...(reason === undefined ? {} : { reason }),
    from: sinceMs === 0 ? 'the beginning' : formatTime(sinceMs),
    askedBy,
    asked: formatTime(backfill.askedAtMs),
    ended: formatTime(backfill.endedAtMs),
    reached: formatTime(backfill.open?.newestMs),
    pages,
    judged,
    writes,
    reviews,
  };
}

function formatTime(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}
