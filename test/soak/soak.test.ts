import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import type { Transport } from '../../runtime/src/http/transport.ts';
import { respond } from '../../runtime/src/testing/memory-transport.ts';
import { runSeeds } from './run-seeds.ts';
import { runSoak } from './run-soak.ts';
import type { SoakOptions } from './run-soak.ts';
import { CHANNEL_URL } from './soak-world.ts';

test('a day of faults, clock jumps and deaths of the process loses nothing, doubles nothing and hides nothing', async () => {
  const results = await runSeeds([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], Math.min(2, availableParallelism()));
  expect(results.filter(({ complaints }) => complaints.length > 0)).toEqual([]);
  for (const { records, faults, deaths, acts } of results) {
    expect(records).toBeGreaterThan(200);
    expect(faults).toBeGreaterThan(20);
    expect(deaths).toBeGreaterThan(2);
    expect(acts).toBeGreaterThan(0);
  }
}, 600_000);

type Broken = readonly [what: string, complaint: RegExp, sabotage: NonNullable<SoakOptions['sabotage']>];

const SEED = 13;

/** A service that is broken in one way, and what must be said about it. */
const BROKEN: readonly Broken[] = [
  [
    'does not ask what became of the work of its last life',
    /records still wait/,
    { changeStore: () => ({ recoverSending: () => Promise.resolve(0) }) },
  ],
  [
    'loses a record of a page',
    /should be/,
    {
      changeStore: (store) => ({
        takeIn: (flow, records, pass, judge) =>
          store.takeIn(
            flow,
            records.filter(({ key }) => key !== 'r7'),
            pass,
            judge,
          ),
      }),
    },
  ],
  [
    'repeats a write without its key',
    /is there twice/,
    {
      changeTransport: (transport) => ({
        ...transport,
        send: ({ headers, ...request }) => {
          const { 'idempotency-key': _key, ...others } = headers;
          return transport.send({ ...request, headers: others });
        },
      }),
    },
  ],
  [
    'tells nobody anything',
    /nobody was told/,
    { changeTransport: (transport, url) => (url === CHANNEL_URL ? createBlackHole() : transport) },
  ],
  [
    'does not say what is over',
    /out of turn|that it is over/,
    {
      changeTransport: (transport) => ({
        ...transport,
        send: (request) =>
          request.body?.includes('"phase":"recovered"') === true
            ? createBlackHole().send(request)
            : transport.send(request),
      }),
    },
  ],
  [
    'hides no secret',
    /the secret \w+ stands in the log/,
    { changeScrubber: () => ({ scrub: (text) => text }) },
  ],
];

test.each(BROKEN)('a service is caught that %s', async (_what, complaint, sabotage) => {
  const { complaints } = await runSoak(SEED, { hours: 8, sabotage });
  expect(complaints.join('\n')).toMatch(complaint);
});

test('nothing is wrong with the same seed where nothing is broken', async () => {
  expect(await runSoak(SEED, { hours: 8 })).toMatchObject({ complaints: [] });
});

/** Takes everything and passes nothing on. */
function createBlackHole(): Transport {
  return { send: () => Promise.resolve(respond(204)), close: () => Promise.resolve() };
}
