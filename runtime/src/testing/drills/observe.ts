import type { DrillCall } from './drill-world.ts';

/** What was seen of a service while a failure lasted, and after it. */
export interface Course {
  /** Calls that met the failure within 20 s of its beginning. */
  readonly tries: number;
  /** Milliseconds between the calls that met it. */
  readonly gapsMs: readonly number[];
  /** Writes that the failure let through, and their bodies. */
  readonly states: readonly string[];
  readonly stopped: readonly string[];
  readonly told: readonly string[];
  readonly cursorMoved: boolean;
  readonly statesAfter: readonly string[];
  /** Every call, whatever it met. */
  readonly calls: readonly DrillCall[];
  readonly writes: readonly {
    readonly role: string;
    readonly body: string | undefined;
    readonly contentType: string | undefined;
    readonly isAfter: boolean;
  }[];
}

export interface Seen {
  readonly calls: readonly DrillCall[];
  readonly struck: readonly DrillCall[];
  readonly beganMs: number;
  readonly overMs: number;
  readonly during: { readonly states: readonly string[]; readonly stopped: readonly string[] };
  readonly after: { readonly states: readonly string[]; readonly stopped: readonly string[] };
  readonly told: readonly string[];
  readonly cursorMoved: boolean;
}

const CALL_MS = 20_000;

export function judgeCourse(seen: Seen): Course {
  const { struck, calls, beganMs, overMs } = seen;
  return {
    tries: struck.filter(({ atMs }) => atMs - beganMs < CALL_MS).length,
    gapsMs: struck.slice(1).map(({ atMs }, index) => atMs - (struck[index]?.atMs ?? 0)),
    states: seen.during.states.filter(isLatest),
    stopped: seen.during.stopped,
    told: seen.told,
    cursorMoved: seen.cursorMoved,
    statesAfter: seen.after.states.filter(isLatest),
    calls,
    writes: calls
      .filter(({ role }) => /^(?:write|update) /.test(role))
      .map(({ role, atMs, request }) => ({
        role,
        body: request.body,
        contentType: request.headers['content-type'],
        isAfter: atMs > overMs,
      })),
  };
}

/** What has become of older versions says nothing of the record. */
function isLatest(state: string): boolean {
  return state !== 'superseded';
}
