import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAuthenticator } from '../../runtime/src/auth/authenticator.ts';
import { readClientCertificate } from '../../runtime/src/auth/client-certificate.ts';
import type { MtlsAuth } from '../../runtime/src/auth/system-auth.ts';
import { createUndiciTransport } from '../../runtime/src/http/undici-transport.ts';
import { createTestContext } from '../../runtime/src/testing/create-test-context.ts';
import { TEST_CERTIFICATES } from './test-certificates.ts';

const { authority, server, client, stranger } = TEST_CERTIFICATES;
const AUTH: MtlsAuth = { kind: 'mtls', ...client, ca: authority };

const api = createServer(
  { cert: server.certificate, key: server.key, ca: authority, requestCert: true, rejectUnauthorized: true },
  (request, response) => {
    response.end(JSON.stringify({ client: (request.socket as TLSSocket).getPeerCertificate().subject.CN }));
  },
);
let url = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => {
    api.listen(0, '127.0.0.1', resolve);
  });
  url = `https://127.0.0.1:${(api.address() as AddressInfo).port}/`;
});
afterAll(() => {
  api.close();
});

async function get(auth: MtlsAuth) {
  const transport = createUndiciTransport({ connections: 1, certificate: readClientCertificate(auth) });
  const request = { method: 'GET', url, headers: {}, body: undefined, timeoutMs: 5000, maxBytes: 1000 };
  try {
    return await transport.send(request);
  } finally {
    await transport.close();
  }
}

test('a server that asks for a certificate sees the client’s', async () => {
  const outcome = await get(AUTH);
  expect(outcome.kind === 'response' && JSON.parse(outcome.body.toString())).toEqual({ client: 'client' });
});

test('a key whose line breaks stand as \\n, as in a variable of the environment, is read', async () => {
  const escape = (pem: string): string => pem.replaceAll('\n', String.raw`\n`);
  const auth = { ...AUTH, certificate: escape(client.certificate), key: escape(client.key) };
  expect((await get(auth)).kind).toBe('response');
});

test('without the right certificate nothing is answered', async () => {
  expect((await get({ ...AUTH, ...stranger })).kind).not.toBe('response');
  expect((await get({ ...AUTH, certificate: '', key: '' })).kind).not.toBe('response');
});

test.each([
  ['no PEM', { ...AUTH, certificate: 'nothing' }],
  ['a key of another certificate', { ...AUTH, key: stranger.key }],
])('%s is a sentence for the operator at the start, without the key in it', (_name, auth) => {
  const context = createTestContext();
  const transport = createUndiciTransport({ connections: 1 });
  const start = () =>
    createAuthenticator(auth, {
      system: 'bank',
      server: url,
      transport,
      cipher: undefined,
      scrubber: context.scrubber,
      context,
    });
  expect(start).toThrow('The client certificate of the system "bank" cannot be used');
  for (const line of auth.key.split('\n').filter((text) => text.length >= 40))
    expect(context.scrubber.scrub(`read ${line}`)).toBe('read [secret]');
});
