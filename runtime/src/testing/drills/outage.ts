import { formatSpan } from './format-span.ts';

/** An outage as somebody asks for it: one system, from one moment on, for so long. */
export interface Outage {
  readonly system: string;
  /** `down`: connections are refused. `timeout`: nothing is answered. A number: this status, and nothing is done. */
  readonly fault: 'down' | 'timeout' | number;
  readonly lastsMs: number;
  /** Records that change at the source, one each of these many milliseconds. */
  readonly everyMs: number;
}

/** What was seen at one moment; times in milliseconds from the beginning of the outage. */
export interface OutageSample {
  readonly atMs: number;
  /** Records that have changed at the source and have not come to their end. */
  readonly backlog: number;
  /** How long the oldest of them has waited. */
  readonly oldestMs: number;
  /** Calls to the system since the sample before. */
  readonly calls: number;
}

/** A message to people, as it came. */
export interface OutageAlert {
  readonly atMs: number;
  readonly channel: string;
  readonly phase: string;
  readonly kind: string;
  readonly subject: string;
  readonly message: string;
}

/** What one flow did while a system was away and after it came back. */
export interface OutageCourse {
  readonly flow: string;
  readonly outage: Outage;
  /** Seen before the outage, during it and after it. */
  readonly samples: readonly OutageSample[];
  readonly alerts: readonly OutageAlert[];
  readonly changed: number;
  readonly states: Readonly<Record<string, number>>;
  /** Calls that met the outage. */
  readonly probes: number;
  /** Writes that reached a target more than once for one version of a record. */
  readonly doubled: number;
  /** Records that changed before the end of the outage and are in no final state at the end. */
  readonly waiting: number;
  /** Records that are neither waiting nor in any state. */
  readonly lost: number;
  /** From the end of the outage until everything that had waited was delivered; undefined where it never was. */
  readonly caughtUpMs: number | undefined;
  /** How long it was followed after the end of the outage until nothing waited any more, or it was given up. */
  readonly followedMs: number;
  /** A person had to lift a halt or a pause. */
  readonly personNeeded: boolean;
}

/** What speaks against the service, in words; empty where it lost nothing, doubled nothing and told somebody. */
export function judgeOutage(course: OutageCourse): string[] {
  const { outage, alerts, lost, doubled, waiting, states, caughtUpMs, followedMs } = course;
  const dead = states['dead'] ?? 0;
  const told = alerts.some(({ atMs, phase }) => phase === 'new' && atMs >= 0 && atMs <= outage.lastsMs);
  const isLong = outage.lastsMs > TOLD_AFTER_MS;
  return [
    ...(lost > 0 ? [`${lost} records are in no state: they are lost`] : []),
    ...(doubled > 0 ? [`${doubled} writes reached the target twice`] : []),
    ...(dead > 0 ? [`${dead} records became dead letters`] : []),
    ...(caughtUpMs === undefined
      ? [`${waiting} records still wait ${formatSpan(followedMs)} after the system came back`]
      : []),
    ...(isLong && !told
      ? ['nobody was told: the rules need a line of alerts.send for pause, auth or halt']
      : []),
    ...(told && !alerts.some(({ phase }) => phase === 'recovered')
      ? ['nobody was told that it is over']
      : []),
  ];
}

/** A pause is told after an hour, and looked for every minute. */
const TOLD_AFTER_MS = 65 * 60_000;
