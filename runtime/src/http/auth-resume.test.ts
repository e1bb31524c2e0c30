import { expect, test } from 'vitest';
import { createTokenCipher } from '../auth/token-cipher.ts';
import type { SystemAuth } from '../auth/system-auth.ts';
import type { WireOutcome } from '../http/transport.ts';
import { createTestService } from '../testing/create-test-service.ts';
import { TEST_KEY } from '../testing/create-test-client.ts';
import { rows } from '../testing/fake-world.ts';
import { respond } from '../testing/memory-transport.ts';

const LOGIN: SystemAuth = {
  kind: 'login',
  method: 'POST',
  path: '/login',
  send: 'json',
  fields: { user: 'me', password: 'a-password-0815' },
  secrets: ['a-password-0815'],
  header: 'x-session',
  token: (answer) => (answer as { readonly token: string }).token,
};

/** A target with a session token, which it takes for as long as a test wants; it numbers its tokens. */
async function setUp() {
  const world = { login: 'open' as 'open' | 'shut', good: 0, given: 0, writes: 0 };
  const answerTarget = (url: string, session: string | undefined): WireOutcome => {
    if (url.endsWith('/login'))
      return world.login === 'shut' ? respond(401, {}) : respond(200, { token: `t${++world.given}` });
    if (Number(session?.slice(1) ?? 0) < world.good) return respond(401, {});
    world.writes += 1;
    return respond(200, { id: 'x' });
  };
  const made = await createTestService({
    key: TEST_KEY,
    answer: (system, { url, headers }) =>
      system === 'source' ? respond(200, { rows: rows(3) }) : answerTarget(url, headers['x-session']),
    definition: {
      systems: [
        { name: 'source', server: 'https://source.example', auth: { kind: 'none' } },
        { name: 'target', server: 'https://target.example', auth: LOGIN },
      ],
    },
  });
  const { service, context } = made;
  const running = Promise.all([...service.runners.map((runner) => runner.run()), service.watch()]);
  return {
    ...made,
    world,
    async stop() {
      context.stop();
      await context.clock.drive(running);
    },
  };
}

test('after `resume`, a login that is accepted again goes on at once', async () => {
  const { world, context, service, run, stop } = await setUp();
  Object.assign(world, { login: 'shut', good: 1 });
  await context.clock.advance(10_000);
  expect((await run('status')).text).toContain('system target paused');
  expect(service.clients[1]?.health).toMatchObject({ state: 'auth', needsPerson: true });

  Object.assign(world, { login: 'open' });
  expect((await run('resume target')).code).toBe(0);
  await context.clock.advance(10_000);
  expect(world.writes).toBe(3);
  expect(service.clients[1]?.health.state).toBe('well');
  expect((await run('status')).text).not.toContain('system target paused');
  await stop();
});

test('after `resume`, the first try renews a dead token and goes on: nobody waits for one more pause', async () => {
  const { world, context, service, run, stop } = await setUp();
  await context.clock.advance(10_000);
  expect(world.writes).toBe(3);
  // The session ends, the account is locked, and two pauses go by.
  Object.assign(world, { login: 'shut', good: 2, writes: 0 });
  await run('resync f');
  await context.clock.advance(150_000);
  expect(service.clients[1]?.health).toMatchObject({ state: 'auth', needsPerson: true });

  Object.assign(world, { login: 'open' });
  await run('resume target');
  await context.clock.advance(10_000);
  expect(world.writes).toBe(3);
  expect(service.clients[1]?.health.state).toBe('well');
  await stop();
});

test('credentials that are refused still after `resume` pause the system for a minute, and not for longer', async () => {
  const { world, context, service, run, stop } = await setUp();
  Object.assign(world, { login: 'shut', good: 1 });
  await context.clock.advance(600_000);
  expect(service.clients[1]?.pausedUntilMs).toBeGreaterThan(context.clock.now() + 60_000);

  await run('resume target');
  await context.clock.advance(5500);
  const leftMs = (service.clients[1]?.pausedUntilMs ?? 0) - context.clock.now();
  expect(leftMs).toBeGreaterThan(0);
  expect(leftMs).toBeLessThanOrEqual(60_000);
  expect(context.lines.filter((line) => line.includes('"step":"auth"')).length).toBeGreaterThan(1);
  await stop();
});

test('after `resume`, a token that another process stored just now is taken up, however young the refused one is', async () => {
  const { world, context, service, run, stop } = await setUp();
  await context.clock.advance(10_000);
  Object.assign(world, { good: 99, writes: 0 });
  await run('resync f');
  await context.clock.advance(15_000);
  expect(service.clients[1]?.health).toMatchObject({ state: 'auth', needsPerson: true });
  // As `auth` does it: a person has logged in, the tokens are stored, and the pause is lifted.
  const stored = await context.store.readToken('target');
  const sealed = createTokenCipher(TEST_KEY).seal(
    JSON.stringify({ access: 't99', renewAtMs: context.clock.now() + 3_600_000 }),
  );
  const generation = stored?.generation ?? 0;
  await context.store.writeToken(
    'target',
    { sealed, seedHash: stored?.seedHash ?? '', generation: generation + 1 },
    generation,
  );
  const { given } = world;
  await run('resume target');
  await context.clock.advance(5500);
  expect([world.writes, world.given]).toEqual([3, given]);
  await stop();
});
