import { expect, test } from 'vitest';
import type { Scrubber } from '../../runtime/src/log/scrub.ts';
import { AUTH_CASES, createCanaryWorld, STATIC } from './canary-world.ts';
import type { AuthCase, CanaryWorld } from './canary-world.ts';
import { findLeaks, listCanaryForms, makeCanary } from './canary-forms.ts';

const HOUR = 3_600_000;

/** Hours of failures, and what people look at meanwhile. */
async function live({ made, printed }: CanaryWorld): Promise<void> {
  const { service, context, run } = made;
  const running = Promise.all([...service.runners.map((runner) => runner.run()), service.watch()]);
  await context.clock.advance(2 * HOUR);
  for (const line of [
    'status',
    'status --json',
    'review list --all',
    'review list --json',
    'review show 1',
    'review show 1 --json',
    'dead list',
    'resume target',
  ])
    printed.push((await run(line)).text);
  await context.clock.advance(HOUR);
  context.stop();
  await context.clock.drive(running);
}

async function scan(given: AuthCase, sabotage: (world: CanaryWorld) => unknown = () => undefined) {
  const world = await createCanaryWorld(given);
  try {
    await sabotage(world);
    await live(world);
    const secrets = new Map([...given.secrets, ...STATIC]);
    const sinks = await world.readSinks();
    return {
      sinks,
      leaks: [...sinks].flatMap(([place, text]) =>
        findLeaks(text, secrets).map((name) => `${name} in ${place}`),
      ),
      quoted: world.made.transports['target']?.requests.length ?? 0,
    };
  } finally {
    await world.remove();
  }
}

test.each(AUTH_CASES)('no secret of $name stands anywhere, in any encoding', async (given) => {
  const { sinks, leaks, quoted } = await scan(given);
  expect(leaks).toEqual([]);
  // What was looked through is no empty room: the failures were quoted, and people were told.
  expect(quoted).toBeGreaterThan(20);
  for (const [place, text] of sinks) expect(text.length, place).toBeGreaterThan(200);
  expect([...sinks.values()].join('\n')).toContain('[secret]');
});

test('each secret would be found in each form that it has', () => {
  const secret = makeCanary('found');
  for (const form of listCanaryForms(secret))
    expect(findLeaks(`before ${form} after`, new Map([['it', secret]]))).toEqual(['it']);
  expect(findLeaks('nothing', new Map([['it', secret]]))).toEqual([]);
});

test('a service that scrubs nothing is caught', async () => {
  const [bearer] = AUTH_CASES;
  if (bearer === undefined) return;
  const { leaks } = await scan(bearer, ({ made }) => {
    const scrubber: { -readonly [K in keyof Scrubber]: Scrubber[K] } = made.context.scrubber;
    scrubber.scrub = (text) => text;
  });
  expect(leaks).toEqual(
    expect.arrayContaining(['bearer in the log', 'bearer in the answers of the commands']),
  );
});

test('a token that stands in the store as it is is caught', async () => {
  const given = AUTH_CASES.find(({ name }) => name === 'refresh token');
  if (given === undefined) throw new Error('There is no such case.');
  const { leaks } = await scan(given, ({ made }) =>
    made.context.clock.drive(
      made.context.store.writeToken(
        'other',
        { sealed: makeCanary('access'), seedHash: 'x', generation: 1 },
        0,
      ),
    ),
  );
  expect(leaks).toEqual(['access in the store and its write-ahead log']);
});
