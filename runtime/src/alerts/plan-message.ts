import { createHash } from 'node:crypto';
import type { AlertRoute } from './alert-options.ts';
import { isHalt } from './alert-state.ts';
import type { Incident, RouteState } from './alert-state.ts';
import type { AlertMessage, IncidentReport } from './channel.ts';

/** What grows is told again after an hour at the earliest, and what only lasts once a day. */
const GROWTH_MS = 3_600_000;
const REMINDER_MS = 86_400_000;
/** Tries to send a message are never farther apart. */
export const LONGEST_RETRY_MS = 3_600_000;

export interface MessagePlan {
  readonly message: AlertMessage;
  readonly incidents: readonly Incident[];
}

/** The message that a route owes now, or undefined. Pure. */
export function planMessage(
  route: AlertRoute,
  state: RouteState,
  incidents: readonly Incident[],
  at: { readonly integration: string; readonly nowMs: number },
): MessagePlan | undefined {
  const { nowMs, integration } = at;
  const { everyMs = 0 } = route;
  if (isAhead(state.nextTryMs, nowMs, LONGEST_RETRY_MS)) return undefined;
  if (isAhead((state.lastSentMs ?? 0) + everyMs, nowMs, everyMs)) return undefined;
  const due = incidents
    .filter((incident) => fits(route, incident))
    .flatMap((incident) => {
      const phase = findPhase(incident, state, nowMs);
      return phase === undefined ? [] : [{ incident, phase }];
    });
  if (due.length === 0) return undefined;
  const reports = due.map(({ incident, phase }): IncidentReport => ({
    kind: incident.kind,
    subject: incident.subject,
    phase,
    message: incident.message,
    count: incident.count,
    sinceMs: incident.sinceMs,
    ...(incident.rule === undefined ? {} : { rule: incident.rule }),
  }));
  const name = JSON.stringify([integration, route.rule, route.to, state.lastSentMs ?? 0, reports]);
  const id = `msg_${createHash('sha256').update(name).digest('hex').slice(0, 32)}`;
  return {
    message: {
      id,
      integration,
      atMs: Math.max(...due.map(({ incident }) => changedMs(incident, state))),
      incidents: reports,
    },
    incidents: due.map(({ incident }) => incident),
  };
}

/** A moment that is farther ahead than it can have been set was set by a clock that has been put back since. */
export function isAhead(atMs: number, nowMs: number, longestMs: number): boolean {
  return atMs > nowMs && atMs - nowMs <= longestMs;
}

export function fits(route: AlertRoute, incident: Incident): boolean {
  // A channel that is down is told on every other one.
  if (incident.kind === 'channel') return incident.subject !== route.to;
  if (!route.when.includes(incident.kind)) return false;
  if (incident.kind === 'stale' && incident.fingerprint !== String(route.overMs)) return false;
  return route.flow === undefined || route.flow === incident.subject;
}

/** When that happened which is told: the same for every try of one message. */
function changedMs(incident: Incident, state: RouteState): number {
  return incident.recoveredMs ?? Math.max(incident.sinceMs, state.told[incident.name]?.atMs ?? 0);
}

function findPhase(
  incident: Incident,
  state: RouteState,
  nowMs: number,
): IncidentReport['phase'] | undefined {
  const told = state.told[incident.name];
  if (incident.recoveredMs !== undefined) return told === undefined ? undefined : 'recovered';
  if (told === undefined) return 'new';
  // Halted anew. A moment that is still to come was written down before the clock was set back.
  if (isHalt(incident) && incident.sinceMs > told.atMs && incident.sinceMs <= nowMs) return 'still';
  const grown = incident.count > told.count && nowMs >= told.atMs + GROWTH_MS;
  return grown || nowMs >= told.atMs + REMINDER_MS ? 'still' : undefined;
}
