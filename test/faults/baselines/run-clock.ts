/** The time of a baseline: it passes where the client waits, and between its runs. */
export interface RunClock {
  now(): number;
  pass(byMs: number): void;
}

export function createRunClock(startMs: number): RunClock {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    pass(byMs) {
      nowMs += byMs;
    },
  };
}
