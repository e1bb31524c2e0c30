import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { WireOutcome } from '../http/transport.ts';
import { createSqliteStore } from '../store/sqlite-store.ts';
import type { Store } from '../store/store.ts';
import { createTestContext } from '../testing/create-test-context.ts';
import { TEST_KEY } from '../testing/create-test-client.ts';
import { createMemoryTransport, respond } from '../testing/memory-transport.ts';
import { createVirtualClock } from '../testing/virtual-clock.ts';
import { createOAuth2 } from './oauth2.ts';
import type { RefreshTokenAuth } from './system-auth.ts';
import { checkCipher, createTokenCipher } from './token-cipher.ts';

const AUTH: RefreshTokenAuth = {
  kind: 'oauth2',
  grant: 'refresh_token',
  tokenUrl: 'https://id.example/token',
  client: 'client',
  secret: 'client-secret',
  refresh: 'seed-token',
};
const LOST: WireOutcome = { kind: 'unknown', reason: 'cut', detail: 'cut' };

/** A token server that rotates: the token that it gave last, and within `graceMs` the one before, are good. */
function createTokenServer(
  options: { readonly lose?: readonly number[]; readonly slowMs?: number; readonly expiresIn?: unknown } = {},
) {
  let current = 'seed-token';
  let count = 0;
  const seen: string[] = [];
  const refuse = { next: undefined as WireOutcome | undefined };
  return {
    seen,
    refuse,
    accept: (token: string) => void (current = token),
    answer: async (
      body: string | undefined,
      grace: boolean,
      sleep: (ms: number) => Promise<void>,
    ): Promise<WireOutcome> => {
      const token = new URLSearchParams(body).get('refresh_token') ?? '';
      seen.push(token);
      await sleep(options.slowMs ?? 0);
      if (refuse.next !== undefined) return refuse.next;
      if (token !== current && !(grace && count > 0)) return respond(400, { error: 'invalid_grant' });
      count += 1;
      current = `refresh-${count}`;
      if (options.lose?.includes(seen.length) === true) return LOST;
      return respond(200, {
        access_token: `access-${count}`,
        refresh_token: current,
        expires_in: options.expiresIn ?? 1800,
      });
    },
  };
}

function setUp(
  given: {
    readonly auth?: Partial<RefreshTokenAuth>;
    readonly store?: Store;
    readonly server?: ReturnType<typeof createTokenServer>;
    readonly clock?: ReturnType<typeof createVirtualClock>;
  } = {},
) {
  const clock = given.clock ?? createVirtualClock();
  const auth = { ...AUTH, ...given.auth };
  const server = given.server ?? createTokenServer();
  const context = createTestContext({ clock, ...(given.store === undefined ? {} : { store: given.store }) });
  const transport = createMemoryTransport(clock, (request) =>
    server.answer(request.body, (auth.graceMs ?? 0) > 0, (ms) => clock.sleep(ms)),
  );
  const cipher = createTokenCipher(TEST_KEY);
  const create = () =>
    createOAuth2(auth, {
      system: 'x',
      server: 'https://x.example',
      transport,
      cipher,
      scrubber: context.scrubber,
      context,
    });
  const authenticator = create();
  const bearer = async (): Promise<string> => {
    const result = await clock.drive(authenticator.get());
    return result.kind === 'ready'
      ? (result.credentials.headers['authorization'] ?? '')
      : `failed: ${result.reason}`;
  };
  return { clock, server, context, transport, cipher, authenticator, create, bearer };
}

test('a rotated token is stored before anyone uses it, and a restart goes on with it', async () => {
  const { server, context, cipher, bearer, clock, transport } = setUp();
  expect(await bearer()).toBe('Bearer access-1');
  const stored = await context.store.readToken('x');
  expect(JSON.parse(cipher.open(stored?.sealed ?? ''))).toMatchObject({
    access: 'access-1',
    refresh: 'refresh-1',
  });
  const again = setUp({ store: context.store, server, clock });
  expect(await again.bearer()).toBe('Bearer access-1');
  await clock.advance(1_800_000);
  expect(await again.bearer()).toBe('Bearer access-2');
  expect(server.seen).toEqual(['seed-token', 'refresh-1']);
  expect(transport.requests[0]).toMatchObject({
    headers: { authorization: `Basic ${Buffer.from('client:client-secret').toString('base64')}` },
  });
});

test('no token stands in the bytes of the store', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-token-'));
  const clock = createVirtualClock();
  const store = createSqliteStore(join(folder, 'store.sqlite'), clock);
  const { bearer } = setUp({ store, clock });
  await bearer();
  const bytes = readdirSync(folder)
    .map((name) => readFileSync(join(folder, name)).toString('latin1'))
    .join('');
  for (const secret of ['access-1', 'refresh-1', 'seed-token', 'client-secret'])
    expect(bytes.includes(secret)).toBe(false);
  expect(bytes.includes('tokens')).toBe(true);
  await store.close();
  rmSync(folder, { recursive: true });
});

test('a changed seed counts more than what is stored', async () => {
  const { server, context, bearer, clock } = setUp();
  await bearer();
  server.accept('new-seed');
  const again = setUp({ store: context.store, server, clock, auth: { refresh: 'new-seed' } });
  expect(await again.bearer()).toBe('Bearer access-2');
  expect(server.seen).toEqual(['seed-token', 'new-seed']);
  expect((await context.store.readToken('x'))?.generation).toBe(2);
});

test('ten callers that are refused at once share one refresh', async () => {
  const { server, authenticator, bearer, clock } = setUp();
  await bearer();
  const first = await authenticator.get();
  if (first.kind !== 'ready') return expect.unreachable();
  const renewed = await clock.drive(
    Promise.all(Array.from({ length: 10 }, () => authenticator.renew(first.credentials))),
  );
  expect(renewed.map((result) => result?.kind === 'ready' && result.credentials.generation)).toEqual(
    Array.from({ length: 10 }, () => 2),
  );
  expect(server.seen).toHaveLength(2);
  expect((await authenticator.renew(first.credentials))?.kind).toBe('ready');
  expect(server.seen).toHaveLength(2);
});

test('a token that another process stored meanwhile is taken over, not refreshed again', async () => {
  const { server, context, clock, create, authenticator } = setUp();
  const mine = await clock.drive(authenticator.get());
  if (mine.kind !== 'ready') return expect.unreachable();
  const other = create();
  await clock.drive(other.renew(mine.credentials));
  const renewed = await clock.drive(authenticator.renew(mine.credentials));
  expect(renewed?.kind === 'ready' && renewed.credentials.headers['authorization']).toBe('Bearer access-2');
  expect(server.seen).toHaveLength(2);
  expect((await context.store.readToken('x'))?.generation).toBe(2);
});

test('on invalid_grant the store is read again before anyone is told', async () => {
  const server = createTokenServer({ slowMs: 1000 });
  const { context, clock, authenticator, cipher } = setUp({ server });
  const seedHash = await clock
    .drive(authenticator.get())
    .then(async () => (await context.store.readToken('x'))?.seedHash ?? '');
  await clock.advance(1_800_000);
  server.refuse.next = respond(400, { error: 'invalid_grant' });
  const getting = authenticator.get();
  await clock.advance(500);
  const tokens = { access: 'from-another', refresh: 'r', renewAtMs: clock.now() + 60_000 };
  await context.store.writeToken(
    'x',
    { sealed: cipher.seal(JSON.stringify(tokens)), seedHash, generation: 2 },
    1,
  );
  const result = await clock.drive(getting);
  expect(result.kind === 'ready' && result.credentials.headers['authorization']).toBe('Bearer from-another');
});

test('a grant that is refused for good is a failure with the server’s word for it', async () => {
  const { server, bearer } = setUp();
  server.accept('another');
  expect(await bearer()).toBe('failed: the token server answered 400 invalid_grant');
});

test('a lost answer to a refresh is asked for once more inside the grace, and not without one', async () => {
  const inside = setUp({ auth: { graceMs: 60_000 }, server: createTokenServer({ lose: [1] }) });
  expect(await inside.bearer()).toBe('Bearer access-2');
  expect(inside.server.seen).toEqual(['seed-token', 'seed-token']);
  const without = setUp({ server: createTokenServer({ lose: [1] }) });
  expect(await without.bearer()).toContain('gave no answer');
  expect(without.server.seen).toHaveLength(1);
  const over = setUp({ auth: { graceMs: 500 }, server: createTokenServer({ lose: [1], slowMs: 1000 }) });
  expect(await over.bearer()).toContain('gave no answer');
  expect(over.server.seen).toHaveLength(1);
});

test('a token server that asks to wait is not asked again at once', async () => {
  const server = createTokenServer();
  server.refuse.next = respond(429);
  const { bearer } = setUp({ server, auth: { graceMs: 60_000 } });
  expect(await bearer()).toContain('429');
  expect(server.seen).toHaveLength(1);
});

test.each([30, '30'])('a token that lives for %o seconds is used for half of them', async (expiresIn) => {
  const { server, bearer, clock } = setUp({ server: createTokenServer({ expiresIn }) });
  await bearer();
  await clock.advance(14_000);
  expect(await bearer()).toBe('Bearer access-1');
  await clock.advance(2000);
  expect(await bearer()).toBe('Bearer access-2');
  expect(server.seen).toHaveLength(2);
});

test('a wrong key is refused and nothing is changed', async () => {
  const { context } = setUp();
  await checkCipher(context.store, createTokenCipher(TEST_KEY));
  const before = await context.store.readMeta('key-canary');
  await expect(checkCipher(context.store, createTokenCipher('f'.repeat(64)))).rejects.toThrow(
    'MORTISE_KEY is not the key',
  );
  expect(await context.store.readMeta('key-canary')).toBe(before);
  await checkCipher(context.store, createTokenCipher(Buffer.from(TEST_KEY, 'hex').toString('base64')));
  expect(() => createTokenCipher('short')).toThrow('32 random bytes');
});

test('a sealed text that was touched is not opened', () => {
  const cipher = createTokenCipher(TEST_KEY);
  const sealed = cipher.seal('secret');
  expect(cipher.open(sealed)).toBe('secret');
  expect(cipher.seal('secret')).not.toBe(sealed);
  const [id, iv, tag] = sealed.split('.');
  expect(() => cipher.open([id, iv, tag, Buffer.from('public').toString('base64url')].join('.'))).toThrow();
});
