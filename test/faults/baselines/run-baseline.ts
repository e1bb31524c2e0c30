import fetchRetry from 'fetch-retry';
import type { Fault, FaultCase } from '../fault.ts';
import { POLL_MS } from '../fault-flow.ts';
import { SEED_REFRESH, STATIC_TOKEN } from '../fault-tokens.ts';
import { createFaultWorld, SOURCE_URL, TARGET_URL } from '../fault-world.ts';
import type { Observation } from '../observation.ts';
import { STALLED_MS } from '../run-mortise-on-sockets.ts';
import { openNetwork } from '../sockets/open-network.ts';
import type { Network } from '../sockets/open-network.ts';
import { runFetchClient } from './fetch-client.ts';
import type { ClientState, FetchLike } from './fetch-client.ts';
import { createMemoryFetch } from './memory-fetch.ts';
import { createRunClock } from './run-clock.ts';
import type { RunClock } from './run-clock.ts';

export type Baseline = 'fetch' | 'fetch-retry';

const START_MS = Date.UTC(2026, 0, 5, 9);
const RUNS_WHILE_IT_LASTS = 5;
const RUNS_AFTER = 2;
/** A run that asks more often goes in a circle, and somebody ends it. */
const MOST_CALLS = 300;
const PATIENT_MS = 20_000;

/** Faults of the store, the clock and the alerts strike what a baseline does not have. */
export function isForBaselines(fault: Fault): boolean {
  return fault.store === undefined && fault.clockShiftMs === undefined && fault.alertsDown === undefined;
}

/** What a plain client does under one fault: five runs while it lasts, and two when it is over. */
export async function runBaseline(
  baseline: Baseline,
  fault: Fault | undefined,
  where: FaultCase,
  layer: 'memory' | 'sockets',
): Promise<Observation> {
  const clock = createRunClock(START_MS);
  const world = createFaultWorld(fault, where);
  const network = layer === 'sockets' ? await openNetwork(world, clock.now) : undefined;
  const plain =
    network === undefined
      ? createMemoryFetch(world, clock)
      : createSocketFetch(network, fault?.stalls === true);
  const runner = createRunner(baseline, plain, clock, { fault, where });
  const errors = await runner.run(RUNS_WHILE_IT_LASTS);
  const during = [...world.objects];
  const { since } = runner.state;
  world.clearFault();
  clock.pass(fault?.notBeforeMs ?? 0);
  const errorsAfter = await runner.run(RUNS_AFTER);
  await network?.close();
  return {
    fired: world.fired,
    firedAtMs: world.firedAtMs,
    transcript: world.transcript,
    strayed: world.strayed,
    during,
    final: [...world.objects],
    reviews: [],
    stoppedFor: [],
    told: [],
    loud: errors.some((error) => error !== undefined),
    cursorDuring: since === '' ? undefined : since,
    claimsDone: errorsAfter.at(-1) === undefined,
    broken: [],
  };
}

/** The global `fetch` over the network of a world, with the time-out that an ordinary client sets. */
function createSocketFetch(network: Network, stalls: boolean): FetchLike {
  return async (url, init = {}) => {
    const request = {
      method: init.method ?? 'GET',
      url,
      headers: { ...init.headers },
      body: init.body,
    };
    const signal = AbortSignal.timeout(stalls ? STALLED_MS : PATIENT_MS);
    return fetch(await network.route(request), { ...init, signal });
  };
}

interface Runner {
  readonly state: ClientState;
  /** @returns what each run ended with; undefined where it ended well */
  run(times: number): Promise<(Error | undefined)[]>;
}

function createRunner(
  baseline: Baseline,
  plain: FetchLike,
  clock: RunClock,
  { fault, where }: { readonly fault: Fault | undefined; readonly where: FaultCase },
): Runner {
  let calls = 0;
  const counted: FetchLike = (url, init) => {
    calls += 1;
    if (calls > MOST_CALLS) return Promise.reject(new Error('it goes in a circle'));
    return plain(url, init);
  };
  const state: ClientState = {
    since: '',
    refreshToken: SEED_REFRESH,
    accessToken: undefined,
    accessUntilMs: 0,
  };
  const client = {
    fetch: baseline === 'fetch' ? counted : addRetries(counted, clock),
    source: SOURCE_URL,
    target: TARGET_URL,
    sourceKey: 'key-of-the-source',
    targetToken: fault?.family === 'AU' ? undefined : STATIC_TOKEN,
    tier: where.tier,
    paging: fault?.paging ?? 'cursor',
    now: clock.now,
  } as const;
  return {
    state,
    async run(times) {
      const errors: (Error | undefined)[] = [];
      for (let run = 0; run < times; run += 1) {
        calls = 0;
        errors.push(
          await runFetchClient(client, state).then(
            () => undefined,
            (error: unknown) => error as Error,
          ),
        );
        clock.pass(POLL_MS);
      }
      return errors;
    },
  };
}

const MOST_RETRIES = 3;

/** As its documentation shows it: three retries after errors of the network, 429 and 5xx, for longer each time. */
function addRetries(plain: FetchLike, clock: RunClock): FetchLike {
  return fetchRetry(plain, {
    retryOn: (attempt, error, answer) =>
      attempt < MOST_RETRIES &&
      (error !== null || answer === null || answer.status === 429 || answer.status >= 500),
    retryDelay(attempt) {
      clock.pass(1000 * 2 ** attempt);
      return 0;
    },
  });
}
