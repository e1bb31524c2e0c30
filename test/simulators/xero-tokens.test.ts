import { afterEach, expect, test } from 'vitest';
import { startXeroCaller } from './call-xero.ts';
import type { XeroCaller } from './call-xero.ts';
import type { XeroOptions } from './xero.ts';

const open: XeroCaller[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((caller) => caller.xero.close()));
});

async function start(options: Partial<XeroOptions> = {}): Promise<XeroCaller> {
  const caller = await startXeroCaller(options);
  open.push(caller);
  return caller;
}

function createForm(grant: string): URLSearchParams {
  return new URLSearchParams({ grant_type: grant });
}

test('a refresh token rotates and the former one works during its grace only', async () => {
  let now = 1_700_000_000_000;
  const { token, xero } = await start({ now: () => now, refreshGraceMs: 1000 });
  const first = await token('first-refresh');
  expect(first.body).toMatchObject({ token_type: 'Bearer', expires_in: 1800 });
  expect(first.body['refresh_token']).not.toBe('first-refresh');
  now += 999;
  expect((await token('first-refresh')).status).toBe(200);
  now += 1;
  const late = await token('first-refresh');
  expect([late.status, late.body['error']]).toEqual([400, 'invalid_grant']);
  expect((await token(first.body['refresh_token'] ?? '')).status).toBe(200);
  expect(xero.violations).toEqual([]);
});

test('a refresh token that was never issued is refused and noted', async () => {
  const { token, xero } = await start();
  expect((await token('made-up')).body['error']).toBe('invalid_grant');
  expect(xero.violations).toEqual(['POST /connect/token: the refresh token was never issued']);
});

test('a wrong client, a JSON body and an unknown grant are refused and noted', async () => {
  const { xero } = await start();
  const ask = (body: string | URLSearchParams, headers: Record<string, string>): Promise<Response> =>
    fetch(xero.tokenUrl, { method: 'POST', headers, body });
  const basic = { authorization: `Basic ${btoa('client:secret')}` };
  expect((await ask(createForm('client_credentials'), {})).status).toBe(401);
  expect((await ask('{}', { ...basic, 'content-type': 'application/json' })).status).toBe(400);
  expect((await ask(createForm('password'), basic)).status).toBe(400);
  expect(xero.violations).toHaveLength(3);
  const own = await ask(createForm('client_credentials'), basic);
  expect(Object.keys((await own.json()) as object)).toEqual(['access_token', 'expires_in', 'token_type']);
});

test('an access token that has expired is 401 without a violation', async () => {
  let now = 1_700_000_000_000;
  const { call, xero } = await start({ now: () => now });
  expect((await call('GET', '/Contacts')).status).toBe(200);
  now += 30 * 60_000;
  expect((await call('GET', '/Contacts')).status).toBe(401);
  expect(xero.violations).toEqual([]);
  expect((await call('GET', '/Contacts', { headers: { authorization: 'Bearer x' } })).status).toBe(401);
  expect(xero.violations).toHaveLength(1);
});

test('access tokens can be revoked at once', async () => {
  const { call, xero } = await start();
  expect((await call('GET', '/Contacts')).status).toBe(200);
  xero.expireAccessTokens();
  expect((await call('GET', '/Contacts')).status).toBe(401);
});

test('another tenant is 403', async () => {
  const { call, xero } = await start();
  expect((await call('GET', '/Contacts', { headers: { 'xero-tenant-id': 'other' } })).status).toBe(403);
  expect(xero.violations).toHaveLength(1);
});
