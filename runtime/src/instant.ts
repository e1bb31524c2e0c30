/** A moment in every form that APIs ask for; `since` and `now` of the rules. */
export interface Instant {
  readonly iso: string;
  /** The UTC day. */
  readonly date: string;
  readonly epochS: number;
  readonly epochMs: number;
  readonly httpDate: string;
}

export function createInstant(epochMs: number): Instant {
  // The records of a page share their moment.
  if (last?.epochMs !== epochMs) last = describeInstant(epochMs);
  return last;
}

let last: Instant | undefined;

function describeInstant(epochMs: number): Instant {
  const date = new Date(epochMs);
  const iso = date.toISOString();
  return {
    iso,
    date: iso.slice(0, 10),
    epochS: Math.floor(epochMs / 1000),
    epochMs,
    httpDate: date.toUTCString(),
  };
}
