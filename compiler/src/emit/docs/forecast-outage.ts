/** What a system bears, and what the service does there. Plain data, so that the page can count with it too. */
export interface OutageModel {
  readonly systems: readonly { readonly name: string; readonly lanes: readonly Lane[] }[];
  readonly flows: readonly OutageFlow[];
}

/** One of the things that bound how fast a system may be called. */
export type Lane =
  | { readonly kind: 'rate'; readonly label: string; readonly perSecond: number }
  | { readonly kind: 'concurrency'; readonly label: string; readonly places: number }
  | { readonly kind: 'daily'; readonly label: string; readonly perDay: number };

export interface OutageFlow {
  readonly name: string;
  /** Records that are expected in a day; null where the rules say nothing. */
  readonly recordsPerDay: number | null;
  readonly calls: readonly OutageCall[];
}

export interface OutageCall {
  readonly system: string;
  readonly role: 'read' | 'find' | 'look-up' | 'write';
  /** Of the system's lanes, by index, those that count this call. */
  readonly lanes: readonly number[];
  readonly perRecord: number;
  /** Calls that are made whether there is anything to do or not. */
  readonly perDay: number;
}

export interface OutageQuestion {
  readonly system: string;
  readonly hours: number;
  /** How long one answer takes, in seconds: bounds what a number of places lets through. */
  readonly answerSeconds: number;
}

export interface OutageForecast {
  /** Records that wait when the system comes back; undefined where no flow that needs it states a volume. */
  readonly backlog: number | undefined;
  /** Flows that need the system and state no volume. */
  readonly unknown: readonly string[];
  /** Infinity where normal work takes all that is allowed. */
  readonly catchUpSeconds: number;
  /** What the catching up is bound by. */
  readonly bound:
    | { readonly system: string; readonly lane: string; readonly calls: number; readonly freePerHour: number }
    | undefined;
}

const DAY_SECONDS = 86_400;

/**
 * How much waits after an outage, and how long it takes until nothing does. The page has the same sum in
 * `templates/page.js`, and its test compares the two.
 */
export function forecastOutage(model: OutageModel, question: OutageQuestion): OutageForecast {
  const affected = model.flows.filter(({ calls }) => calls.some(({ system }) => system === question.system));
  const known = affected.filter(({ recordsPerDay }) => recordsPerDay !== null);
  const waiting = (flow: OutageFlow): number => ((flow.recordsPerDay ?? 0) * question.hours) / 24;
  const backlog = known.reduce((sum, flow) => sum + waiting(flow), 0);
  let catchUpSeconds = 0;
  let bound: OutageForecast['bound'];
  for (const { name, lanes } of model.systems) {
    for (const [index, lane] of lanes.entries()) {
      let calls = 0;
      let usual = 0;
      for (const flow of model.flows)
        for (const call of flow.calls) {
          if (call.system !== name || !call.lanes.includes(index)) continue;
          usual += (flow.recordsPerDay ?? 0) * call.perRecord + call.perDay;
          // What was read before a target went down is in the store, and is not read again.
          const again = known.includes(flow) && (call.role !== 'read' || name === question.system);
          if (again) calls += waiting(flow) * call.perRecord;
        }
      const free = perDay(lane, question.answerSeconds) - usual;
      if (lane.kind === 'daily' && calls <= free) continue;
      const seconds = calls === 0 ? 0 : free <= 0 ? Infinity : (calls / free) * DAY_SECONDS;
      if (seconds <= catchUpSeconds) continue;
      catchUpSeconds = seconds;
      bound = { system: name, lane: lane.label, calls, freePerHour: Math.max(0, free / 24) };
    }
  }
  return {
    backlog: known.length === 0 ? undefined : backlog,
    unknown: affected.filter((flow) => !known.includes(flow)).map(({ name }) => name),
    catchUpSeconds,
    bound,
  };
}

function perDay(lane: Lane, answerSeconds: number): number {
  switch (lane.kind) {
    case 'rate':
      return lane.perSecond * DAY_SECONDS;
    case 'concurrency':
      return (lane.places / answerSeconds) * DAY_SECONDS;
    case 'daily':
      return lane.perDay;
  }
}

/** Rounded up, in a unit that a person would choose. */
export function formatSpan(seconds: number): string {
  if (seconds === Infinity) return 'never: normal work takes all that is allowed';
  if (seconds <= 1) return 'at once';
  if (seconds < 120) return `${Math.ceil(seconds)} s`;
  if (seconds < 7200) return `${Math.ceil(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.ceil(seconds / 360) / 10} h`;
  return `${Math.ceil(seconds / 8640) / 10} d`;
}
