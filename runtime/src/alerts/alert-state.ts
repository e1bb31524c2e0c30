import type { Condition, Conditions, UnwellOperations } from './collect-conditions.ts';

/** One condition over its life: from when it was first seen until every route has told that it is over. */
export interface Incident extends Condition {
  readonly name: string;
  /** Set once the condition is seen to be over. */
  readonly recoveredMs?: number;
}

/** What a route has said of an incident. */
export interface Told {
  readonly count: number;
  readonly atMs: number;
}

export interface RouteState {
  readonly lastSentMs: number | undefined;
  /** Messages that could not be sent, in a row. */
  readonly failures: number;
  readonly nextTryMs: number;
  /** Until then the channel wants nothing, from whichever route. */
  readonly askedUntilMs?: number;
  readonly told: Readonly<Record<string, Told>>;
}

/** Everything that alerts remember; a restart tells nothing twice and forgets no recovery. */
export interface AlertState {
  readonly incidents: readonly Incident[];
  readonly routes: Readonly<Record<string, RouteState>>;
  readonly unwell?: UnwellOperations;
}

export const NO_ALERTS: AlertState = { incidents: [], routes: {} };
export const NEW_ROUTE: RouteState = { lastSentMs: undefined, failures: 0, nextTryMs: 0, told: {} };

/** The incidents after one more look. Pure. */
export function updateIncidents(
  before: readonly Incident[],
  { list, unknownSystems, unwellSystems }: Pick<Conditions, 'list' | 'unknownSystems' | 'unwellSystems'>,
  nowMs: number,
): Incident[] {
  const now = new Map(list.map((condition) => [nameIncident(condition), condition]));
  const kept = before.flatMap((incident): Incident[] => {
    const condition = now.get(incident.name);
    now.delete(incident.name);
    if (condition === undefined) {
      // Whether a system that fails now would take the credentials again, nobody has seen.
      const isUnwell = unwellSystems.has(incident.subject);
      const unsure =
        incident.kind === 'auth'
          ? isUnwell || unknownSystems.has(incident.subject)
          : incident.kind === 'pause' && isUnwell && unknownSystems.has(incident.subject);
      return [unsure ? incident : { ...incident, recoveredMs: incident.recoveredMs ?? nowMs }];
    }
    // What comes back before its end was told goes on; a flow that a person has resumed in between has halted anew.
    const sinceMs = isHalt(condition) ? condition.sinceMs : Math.min(incident.sinceMs, condition.sinceMs);
    return [{ ...condition, name: incident.name, sinceMs }];
  });
  return [...kept, ...[...now].map(([name, condition]) => ({ ...condition, name }))];
}

/** When a flow halted is written down, and a process that starts anew does not begin it again. */
export function isHalt({ kind, fingerprint }: Pick<Condition, 'kind' | 'fingerprint'>): boolean {
  return kind === 'halt' && fingerprint === '';
}

function nameIncident({ kind, subject, fingerprint }: Condition): string {
  return `${kind}|${subject}|${fingerprint}`;
}
