import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { OAuth2Auth } from '../../runtime/src/auth/system-auth.ts';
import { systemClock } from '../../runtime/src/clock.ts';
import type { CallOutcome } from '../../runtime/src/http/call-outcome.ts';
import { createSqliteStore } from '../../runtime/src/store/sqlite-store.ts';
import type { Store } from '../../runtime/src/store/store.ts';
import { startIdentityServer } from './identity-server.ts';
import type { IdentityServer } from './identity-server.ts';
import { runAuthCommand } from './run-auth-command.ts';
import { startServiceProcess } from './start-service-process.ts';
import type { ServiceProcess } from './start-service-process.ts';
import { visitLogin } from './visit-login.ts';

const KEYS = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

let identity: IdentityServer;
let store: Store;
let open: { close(): Promise<void> }[];

beforeEach(async () => {
  identity = await startIdentityServer(KEYS.publicKey);
  store = createSqliteStore(':memory:', systemClock);
  open = [identity, store];
});
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
});

function startClient(auth: OAuth2Auth, clock = systemClock): ServiceProcess {
  const started = startServiceProcess(identity.url, auth, store, clock);
  open.push(started.client);
  return started;
}

const logIn = (auth: OAuth2Auth, visit: (url: string) => Promise<unknown> = visitLogin) =>
  runAuthCommand(identity.url, auth, store, visit);

function machine(): OAuth2Auth {
  return {
    kind: 'oauth2',
    grant: 'client_credentials',
    tokenUrl: identity.tokenUrl,
    client: 'machine',
    secret: 'machine secret/&=',
    scopes: ['contacts'],
  };
}

function desk(): OAuth2Auth {
  return {
    kind: 'oauth2',
    grant: 'authorization_code',
    authorizeUrl: identity.authorizeUrl,
    tokenUrl: identity.tokenUrl,
    client: 'desk',
    scopes: ['openid', 'offline_access'],
    redirect: 'http://127.0.0.1:0/callback',
  };
}

const kinds = async (calls: readonly Promise<CallOutcome>[]): Promise<string[]> =>
  (await Promise.all(calls)).map(({ kind }) => kind);

test('client credentials: one token for all callers, sealed, and taken over by the next process', async () => {
  const { call, token } = startClient(machine());
  expect(await kinds(Array.from({ length: 8 }, call))).toEqual(Array.from({ length: 8 }, () => 'ok'));
  expect(identity.grants).toEqual(['client_credentials']);
  expect((await store.readToken('crm'))?.sealed).not.toContain(await token());
  expect((await startClient(machine()).call()).kind).toBe('ok');
  expect(identity.grants).toHaveLength(1);
});

test('client credentials that are wrong need a person, and are asked for once', async () => {
  const { client, call, lines } = startClient({
    ...machine(),
    client: 'machine',
    secret: 'wrong',
  } as OAuth2Auth);
  const [first, second] = [await call(), await call()];
  expect([first.kind, second.kind]).toEqual(['wait', 'wait']);
  expect(first.kind === 'wait' && first.reason).toContain('401 invalid_client');
  expect(client.health).toMatchObject({ needsPerson: true });
  expect(lines.filter((line) => line.includes('the system is paused'))).toHaveLength(1);
});

test('an assertion is accepted by a server that holds it against a key, an audience and an age', async () => {
  const auth: OAuth2Auth = {
    kind: 'oauth2',
    grant: 'jwt_bearer',
    tokenUrl: identity.tokenUrl,
    client: 'asserted',
    key: KEYS.privateKey.replaceAll('\n', String.raw`\n`),
    algorithm: 'ES256',
    issuer: 'asserted',
    subject: 'ada',
    scopes: ['contacts'],
  };
  expect(await startClient(auth).call()).toMatchObject({ kind: 'ok', body: { scope: 'contacts' } });
  const other = await startClient({ ...auth, subject: 'eve' }).call();
  expect(other.kind === 'wait' && other.reason).toContain('invalid_grant');
  const unreadable = await startClient({ ...auth, key: 'nothing', subject: 'bob' }).call();
  expect(unreadable.kind === 'wait' && unreadable.reason).toContain('the assertion cannot be signed');
});

test('until a person has logged in the system is paused with one message that names the command', async () => {
  const { client, call, lines } = startClient(desk());
  expect(await kinds([call(), call(), call()])).toEqual(['wait', 'wait', 'wait']);
  const said = lines.filter((line) => line.includes('the system is paused'));
  expect(said).toHaveLength(1);
  expect(said[0]).toContain('nobody has logged in yet; run: node src/main.ts auth crm');
  expect(client.health).toMatchObject({ needsPerson: true });
  expect(identity.grants).toEqual([]);
});

test('a person logs in once; from then on the token rotates by itself, for two processes alike', async () => {
  const login = await logIn(desk());
  expect(login).toMatchObject({ code: 0, seen: [{ status: 200 }] });
  expect(login.text).toContain('code_challenge_method=S256');
  let offsetMs = 0;
  const clock = { now: () => Date.now() + offsetMs, sleep: systemClock.sleep };
  const [first, second] = [startClient(desk(), clock), startClient(desk(), clock)];
  expect(await kinds([first.call(), second.call()])).toEqual(['ok', 'ok']);
  expect(identity.grants).toEqual(['authorization_code']);
  for (let round = 1; round <= 3; round += 1) {
    // Expired by our clock only; the provider would still take it.
    offsetMs += 3_600_000;
    expect((await first.call()).kind).toBe('ok');
    expect((await second.call()).kind).toBe('ok');
    expect(identity.grants).toHaveLength(1 + round);
  }
  expect(await first.token()).toBe(await second.token());
  const text = [...first.lines, ...second.lines].join('');
  expect(text).not.toContain(await first.token());
});

test('a token that is withdrawn during a run is refreshed once for all callers of both processes', async () => {
  await logIn(desk());
  const [first, second] = [startClient(desk()), startClient(desk())];
  expect(await kinds([first.call(), second.call()])).toEqual(['ok', 'ok']);
  await identity.revoke(await first.token());
  expect(await kinds(Array.from({ length: 6 }, first.call))).toEqual(Array.from({ length: 6 }, () => 'ok'));
  expect(await kinds(Array.from({ length: 6 }, second.call))).toEqual(Array.from({ length: 6 }, () => 'ok'));
  expect(identity.grants).toEqual(['authorization_code', 'refresh_token']);
});

test('a rotation whose answer is lost needs a person where the vendor knows no grace, and a new login helps', async () => {
  await logIn(desk());
  const { call, token } = startClient(desk());
  await identity.revoke(await token());
  identity.next.push('lost');
  expect((await call()).kind).toBe('wait');
  expect(identity.grants).toEqual(['authorization_code', 'refresh_token']);
  // The old refresh token is used up, and using it again has withdrawn its successors.
  const later = startClient(desk(), { now: () => Date.now() + 3_600_000, sleep: systemClock.sleep });
  const outcome = await later.call();
  expect(outcome.kind === 'wait' && outcome.reason).toMatch(
    /invalid_grant.*run: node src\/main\.ts auth crm/,
  );
  expect(later.client.health).toMatchObject({ needsPerson: true });
  await logIn(desk());
  expect((await startClient(desk()).call()).kind).toBe('ok');
});

test.each([
  ['a server error', 500, '{}'],
  ['a page of HTML', 200, '<html>maintenance</html>'],
])('%s at the token endpoint passes, and nobody is called for it', async (_name, status, body) => {
  const { client, call } = startClient(machine());
  const fail = () =>
    identity.next.push((response) => {
      response.writeHead(status, { 'content-type': 'text/html' }).end(body);
    });
  fail();
  expect((await call()).kind).toBe('ok');
  const { call: callAgain, client: other } = startClient({ ...machine(), scopes: [] } as OAuth2Auth);
  fail();
  fail();
  expect((await callAgain()).kind).toBe('wait');
  expect(other.health).toMatchObject({ needsPerson: false });
  expect(client.health).toMatchObject({ needsPerson: false });
});

test('a token endpoint that leads elsewhere is not followed with the secret', async () => {
  let visits = 0;
  const elsewhere = createServer((_request, response) => {
    visits += 1;
    response.end('{"access_token":"stolen"}');
  });
  await new Promise<void>((resolve) => {
    elsewhere.listen(0, '127.0.0.1', resolve);
  });
  const location = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/token`;
  identity.next.push((response) => void response.writeHead(307, { location }).end());
  const { client, call } = startClient(machine());
  expect((await call()).kind).toBe('wait');
  expect(client.health).toMatchObject({ needsPerson: true });
  expect(visits).toBe(0);
  elsewhere.close();
});

test('a visit with another state is turned away, and the login goes on waiting for its own', async () => {
  const login = await logIn(desk(), async (url) => {
    const redirect = new URL(url).searchParams.get('redirect_uri') ?? '';
    const forged = await fetch(`${redirect}?code=forged&state=guessed`);
    const odd = await fetch(`${redirect}?code=forged&state=${'é'.repeat(32)}`);
    const other = await fetch(new URL('/other', redirect));
    await visitLogin(url);
    return [forged.status, odd.status, other.status];
  });
  expect(login).toMatchObject({ code: 0, seen: [[400, 400, 404]] });
});

test('a person who declines is told why nothing was stored', async () => {
  const login = await logIn(desk(), async (url) => {
    const { searchParams } = new URL(url);
    const redirect = searchParams.get('redirect_uri') ?? '';
    return fetch(`${redirect}?error=access_denied&state=${searchParams.get('state')}`);
  });
  expect(login).toMatchObject({ code: 1 });
  expect(login.text).toContain('crm: not logged in: access_denied');
  expect(await store.readToken('crm')).toBeUndefined();
});
