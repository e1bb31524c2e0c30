import type { Clock } from '../clock.ts';
import type { Lane } from './lane.ts';
import type { RateWindow } from './rate-window.ts';

export interface Turn {
  readonly windows: readonly RateWindow[];
  readonly lane: Lane;
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

export interface SlotQueueOptions {
  readonly clock: Clock;
  readonly hasRoom: () => boolean;
  /** The first moment at which a call of these windows may go out. */
  readonly nextAt: (windows: readonly RateWindow[], nowMs: number, lane: Lane) => number;
  readonly admit: (windows: readonly RateWindow[], nowMs: number) => void;
}

/** Calls that wait for their turn, by lane and then in the order in which they came. One timer serves all of them. */
export interface SlotQueue {
  wait(turn: Turn): Promise<'go' | 'late'>;
  /** Something has changed: a place is free, a pause has begun or ended. */
  pump(): void;
}

type Waiter = Turn & { readonly resolve: (end: 'go' | 'late') => void };

const LANES: readonly Lane[] = ['live', 'retry', 'backfill'];
/** The clock of a machine may be set; no timer is trusted for longer. */
const LONGEST_MS = 60_000;

export function createSlotQueue({ clock, hasRoom, nextAt, admit }: SlotQueueOptions): SlotQueue {
  const lanes = LANES.map((lane) => ({ lane, waiters: [] as Waiter[] }));
  let timer: { readonly atMs: number; readonly stop: AbortController } | undefined;

  /** `go`, `late`, or when to look again. */
  const judge = (waiter: Waiter, now: number): 'go' | 'late' | number => {
    if (waiter.signal.aborted) return 'late';
    const turnAt = nextAt(waiter.windows, now, waiter.lane);
    if (turnAt > waiter.deadlineMs) return 'late';
    if (!hasRoom()) return now >= waiter.deadlineMs ? 'late' : waiter.deadlineMs;
    if (turnAt > now) return turnAt;
    admit(waiter.windows, now);
    return 'go';
  };
  const pumpLane = (waiters: Waiter[], now: number): number => {
    let lookAt = Number.POSITIVE_INFINITY;
    for (let at = 0; at < waiters.length;) {
      const waiter = waiters[at] as Waiter;
      const verdict = judge(waiter, now);
      if (typeof verdict !== 'number') {
        waiters.splice(at, 1);
        waiter.resolve(verdict);
        continue;
      }
      lookAt = Math.min(lookAt, verdict);
      // Without room nobody else of this lane goes either; the first has waited longest.
      if (!hasRoom()) break;
      at += 1;
    }
    return lookAt;
  };
  const pump = (): void => {
    // Most calls go at once, so that nobody waits and no timer is armed.
    if (timer === undefined && lanes.every(({ waiters }) => waiters.length === 0)) return;
    const now = clock.now();
    const lookAt = Math.min(...lanes.map(({ waiters }) => pumpLane(waiters, now)));
    arm(lookAt, now);
  };
  const arm = (lookAtMs: number, now: number): void => {
    const atMs = Math.min(lookAtMs, now + LONGEST_MS);
    const waiting = lanes.find(({ waiters }) => waiters.length > 0)?.waiters[0];
    if (waiting !== undefined && timer !== undefined && timer.atMs <= atMs) return;
    // Where nobody waits, no timer may keep the process alive.
    timer?.stop.abort();
    timer = undefined;
    if (waiting === undefined) return;
    const armed = { atMs, stop: new AbortController() };
    timer = armed;
    const either = AbortSignal.any([waiting.signal, armed.stop.signal]);
    void clock.sleep(atMs - now, either).then(() => {
      if (timer !== armed) return;
      timer = undefined;
      pump();
    });
  };
  return {
    pump,
    wait(turn) {
      return new Promise((resolve) => {
        const waiter: Waiter = { ...turn, resolve };
        const isFirst = lanes.every(({ waiters }) => waiters.length === 0);
        const verdict = isFirst ? judge(waiter, clock.now()) : undefined;
        if (verdict === 'go' || verdict === 'late') {
          resolve(verdict);
          return;
        }
        lanes.find(({ lane }) => lane === turn.lane)?.waiters.push(waiter);
        if (verdict === undefined) pump();
        else arm(verdict, clock.now());
      });
    },
  };
}
