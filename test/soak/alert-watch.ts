import type { Service } from '../../runtime/src/engine/create-service.ts';
import type { Store } from '../../runtime/src/store/store.ts';
import type { SoakWorld } from './soak-world.ts';

/** Holds what people were told against what was wrong, minute by minute. */
export interface AlertWatch {
  /** @param service undefined while the process is gone */
  look(store: Store, service: Service | undefined): Promise<void>;
  /** Until this moment nobody can expect to be told: the process was gone, or its clock was set. */
  excuseUntil(atMs: number): void;
  readonly complaints: readonly string[];
  /** What has been told and not taken back. */
  readonly open: ReadonlySet<string>;
}

export interface WatchOptions {
  readonly world: SoakWorld;
  readonly now: () => number;
  readonly everyMs: number;
}

interface AlertBody {
  readonly data: {
    readonly incidents: readonly {
      readonly phase: 'new' | 'still' | 'recovered';
      readonly kind: string;
      readonly subject: string;
      readonly message: string;
    }[];
  };
}

const MINUTE = 60_000;
const HOUR = 3_600_000;
/** The service looks every 15 s, this watch every minute. */
const SLACK_MS = 3 * MINUTE;
/** A channel that has failed again and again is tried once an hour. */
const RETRY_MS = HOUR + SLACK_MS;

export function createAlertWatch({ world, now, everyMs }: WatchOptions): AlertWatch {
  const since = new Map<string, number>();
  const gone = new Map<string, number>();
  const open = new Set<string>();
  const complaints = new Set<string>();
  let excusedUntilMs = 0;
  let read = 0;

  /** What was over for a moment between two looks is new again from then on. */
  const hear = (): void => {
    for (; read < world.messages.length; read += 1) {
      const { body = '{}', isConfirmed = false } = world.messages[read] ?? {};
      if (!isConfirmed) continue;
      for (const { phase, kind, subject, message } of (JSON.parse(body) as AlertBody).data.incidents) {
        const name = nameCondition(kind, subject, message);
        // A process that died before it could write down that this was told has to tell it again.
        const isExcused = now() - excusedUntilMs < RETRY_MS;
        if ((phase === 'new') === open.has(name) && !isExcused)
          complaints.add(`${phase} out of turn: ${name}`);
        if (phase !== 'recovered') open.add(name);
        else if (open.delete(name) && since.has(name)) since.set(name, now());
      }
    }
  };
  const mark = (list: Map<string, number>, names: readonly string[]): void => {
    for (const name of list.keys()) if (!names.includes(name)) list.delete(name);
    for (const name of names) if (!list.has(name)) list.set(name, now());
  };
  const isDue = (sinceMs: number): boolean => {
    const patienceMs = everyMs + SLACK_MS;
    const failedAgoMs = now() - world.channelFailedAtMs;
    const isCalm = now() - excusedUntilMs > patienceMs && failedAgoMs > everyMs + RETRY_MS;
    return isCalm && now() - sinceMs > patienceMs;
  };
  return {
    complaints: {
      get length() {
        return complaints.size;
      },
      [Symbol.iterator]: () => complaints[Symbol.iterator](),
    } as unknown as readonly string[],
    open,
    excuseUntil(atMs) {
      excusedUntilMs = Math.max(excusedUntilMs, atMs);
    },
    async look(store, service) {
      hear();
      if (service === undefined) return;
      const flows = service.runners.map(({ flow }) => flow);
      const live = await Promise.all(flows.map(({ name }) => store.countLive(name)));
      const wanted = flows.flatMap(({ read: { system }, targets }, index) => [
        system,
        ...(live[index] === 0 ? [] : targets.map((target) => target.system)),
      ]);
      const pauses = await store.listPauses();
      const wrongSystems = service.clients.flatMap((client) =>
        judgeSystem(client, service, {
          keptSinceMs: pauses.find(
            ({ name, untilMs = 0 }) =>
              name === `system:${client.system}` && untilMs > service.context.clock.now(),
          )?.sinceMs,
          open,
          wanted,
        }),
      );
      const wrong = [...(await listStored(store)), ...wrongSystems];
      mark(since, wrong);
      mark(
        gone,
        [...open].filter((name) => !wrong.includes(name)),
      );
      for (const [name, sinceMs] of since)
        if (!open.has(name) && isDue(sinceMs)) complaints.add(`nobody was told: ${name}`);
      for (const [name, sinceMs] of gone)
        if (isDue(sinceMs)) complaints.add(`nobody was told that it is over: ${name}`);
    },
  };
}

/** Only a review is told apart from others of its flow. */
function nameCondition(kind: string, subject: string, message: string): string {
  return kind === 'review' ? `${kind} ${subject}: ${message}` : `${kind} ${subject}`;
}

async function listStored(store: Store): Promise<string[]> {
  const reviews = await store.listReviews({ state: 'open', limit: 1000 });
  const dead = await store.listDead({ limit: 1000 });
  const pauses = await store.listPauses();
  return [
    ...new Set([
      ...reviews.map(({ flow, reason }) => nameCondition('review', flow, `waiting for a person: ${reason}`)),
      ...dead.map(({ flow }) => `dead-letter ${flow}`),
      ...pauses.filter(({ kind }) => kind === 'halt').map(({ name }) => `halt ${name.replace('flow:', '')}`),
    ]),
  ];
}

function judgeSystem(
  { system, health, pausedUntilMs }: Service['clients'][number],
  { context }: Service,
  known: {
    /** Since when it has been paused, by what is stored; undefined where that is over. */
    readonly keptSinceMs: number | undefined;
    readonly open: ReadonlySet<string>;
    readonly wanted: readonly string[];
  },
): string[] {
  const now = context.clock.now();
  const names = [`auth ${system}`, `pause ${system}`];
  // After a start nobody knows whether it is over before the system has been called.
  if (health.state === 'unknown')
    return [
      ...new Set([
        ...names.filter((name) => known.open.has(name)),
        ...(known.keptSinceMs !== undefined && now - known.keptSinceMs > HOUR ? [`pause ${system}`] : []),
      ]),
    ];
  const failing = [...(health.operations?.values() ?? [])].filter(({ role, failsSinceMs }) =>
    failsSinceMs === undefined ? false : role === 'read' || known.wanted.includes(system),
  );
  const isOutForLong = failing.some(
    ({ failsSinceMs = 0, lastFailedMs }) => lastFailedMs - failsSinceMs > HOUR,
  );
  // Others of its operations may be answered all the while.
  if (health.state === 'well') {
    const told = failing.length === 0 ? [] : names.filter((name) => known.open.has(name));
    return [...new Set([...told, ...(isOutForLong ? [`pause ${system}`] : [])])];
  }
  // It asked for patience and had it: nothing keeps it from being called, and nothing waits for it.
  if (health.state === 'waiting' && pausedUntilMs <= now && !known.wanted.includes(system)) return [];
  if (health.needsPerson) return [`auth ${system}`];
  // Whether it would take the credentials again, one that fails since it refused them has not said; and an outage that
  // the process before this one has told of is not over before it answers well.
  const told = names.filter((name) => known.open.has(name));
  return [...new Set([...told, ...(now - health.sinceMs > HOUR ? [`pause ${system}`] : [])])];
}
