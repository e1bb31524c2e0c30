import type { CallGate } from '../http/call-gate.ts';
import type { RunContext } from '../run-context.ts';

/** A shorter pause is over before a restart could cut it short. */
const WORTH_KEEPING_MS = 2000;
/** A pause that grows by less is not written again. */
const GROWTH_MS = 1000;

/** A gate whose pauses survive a restart: what a server asked for is never undercut, and a person can lift it. */
export interface KeptGate extends CallGate {
  /** Looks whether a person has lifted the pause from another process. */
  look(): Promise<void>;
}

export async function createKeptGate(
  gate: CallGate,
  system: string,
  { store, clock, log }: RunContext,
): Promise<KeptGate> {
  const name = `system:${system}`;
  let keptUntilMs = 0;
  let storing: Promise<void> = Promise.resolve();
  const kept = (await store.listPauses()).find((pause) => pause.name === name);
  if (kept?.untilMs !== undefined && kept.untilMs > clock.now()) {
    keptUntilMs = kept.untilMs;
    gate.pauseUntil(kept.untilMs);
  }
  const keep = (untilMs: number, reason: string): void => {
    keptUntilMs = untilMs;
    storing = store
      .setPause({ name, kind: 'pause', untilMs, reason, sinceMs: clock.now() })
      .catch((error: unknown) =>
        log.error('a pause could not be stored', { system, outcome: String(error) }),
      );
  };
  return {
    enter: (...args) => gate.enter(...args),
    resume: () => gate.resume(),
    onResume: (work) => gate.onResume(work),
    narrow: () => gate.narrow(),
    widen: () => gate.widen(),
    get pausedUntilMs() {
      return gate.pausedUntilMs;
    },
    get allowed() {
      return gate.allowed;
    },
    pauseUntil(untilMs, reason) {
      gate.pauseUntil(untilMs);
      const now = clock.now();
      if (untilMs - now >= WORTH_KEEPING_MS && untilMs > keptUntilMs + GROWTH_MS)
        keep(untilMs, reason ?? 'it fails');
    },
    async look() {
      // A pause that is not yet stored has been lifted by nobody.
      await storing;
      if (keptUntilMs <= clock.now()) return;
      const pauses = await store.listPauses();
      if (pauses.some((pause) => pause.name === name)) return;
      keptUntilMs = 0;
      gate.resume();
      log.info('a person has lifted the pause', { system, outcome: 'resumed' });
    },
  };
}
