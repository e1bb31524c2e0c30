import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { System } from '../../runtime/src/flow.ts';
import { readBody } from '../../runtime/src/recording/recording.ts';
import type { Recording } from '../../runtime/src/recording/recording.ts';
import { at } from '../../runtime/src/testing/fake-world.ts';
import { runOnRecordings } from '../../runtime/src/testing/run-on-recordings.ts';
import { ECHOES, findLeaks, makeCanary } from '../canaries/canary-forms.ts';
import { recordFrom, SLICE } from './recording-world.ts';
import type { Answer } from './recording-world.ts';

/** Secrets of the settings: known by their value. */
const KNOWN = {
  bearer: makeCanary('bearer'),
  client: makeCanary('client'),
  seed: makeCanary('seed'),
  access: makeCanary('access'),
  rotated: makeCanary('rotated'),
  header: makeCanary('header'),
};
/** Secrets and people of whom nobody has told the recorder: known by where they stand, or by what they look like. */
const UNKNOWN = {
  'a session cookie': makeCanary('cookie'),
  'a key in a header of the answer': makeCanary('x-api-key'),
  'a header that nobody knows': makeCanary('x-internal'),
  'a password in a body': makeCanary('password'),
  'a token in a body': makeCanary('body-token'),
  'a secret in a nested body': makeCanary('nested'),
  'a signature in a link': makeCanary('signature'),
  'the cursor of the next page': makeCanary('cursor'),
  'a name': 'Grace-Brewster Murray-Hopper 1906',
  'an e-mail address': 'grace.hopper+navy@yale.example',
  'a telephone number': '+61 412 345 678',
  'a street': '77 Massachusetts-Avenue Unit 9',
  'a note about somebody': 'allergic to penicillin since childhood',
  'a birthday': '1906-12-09',
  'a tax number': '998877665544',
  'an address on the web': 'https://people.example/grace-hopper/private',
};
const SECRETS = new Map([...Object.entries(KNOWN), ...Object.entries(UNKNOWN)]);

const systems = (url: string): System[] => [
  {
    name: 'source',
    server: url,
    auth: { kind: 'bearer', token: KNOWN.bearer },
    headers: { 'x-tenant-secret': KNOWN.header },
  },
  {
    name: 'target',
    server: url,
    auth: {
      kind: 'oauth2',
      grant: 'refresh_token',
      tokenUrl: `${url}/token`,
      client: 'the-client',
      secret: KNOWN.client,
      refresh: KNOWN.seed,
      send: 'body',
    },
  },
];

/** What a careless system sends: everything that it was sent, in every encoding, and what it knows of people. */
function quote(request: { headers: object; url?: string | undefined }): object {
  const sent = Object.values(request.headers).map((value) => String(value).replace(/^Bearer /, ''));
  return {
    note: UNKNOWN['a note about somebody'],
    echoes: Object.values(ECHOES).map((encode) => sent.map(encode)),
    [KNOWN.bearer]: 'a secret as a name',
    [UNKNOWN['an e-mail address']]: { secret: { value: UNKNOWN['a secret in a nested body'] } },
  };
}

function person(id: string): object {
  return {
    id,
    at: at(Number(id.slice(1))),
    name: UNKNOWN['a name'],
    email: UNKNOWN['an e-mail address'],
    mobilePhone: UNKNOWN['a telephone number'],
    street: UNKNOWN['a street'],
    dateOfBirth: UNKNOWN['a birthday'],
    taxId: UNKNOWN['a tax number'],
    website: UNKNOWN['an address on the web'],
    password: UNKNOWN['a password in a body'],
    loginToken: UNKNOWN['a token in a body'],
  };
}

const answer: Answer = (request, _body, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://127.0.0.1');
  if (pathname === '/token') {
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({ access_token: KNOWN.access, refresh_token: KNOWN.rotated, expires_in: 900 }),
    );
    return;
  }
  const page = searchParams.has('cursor') ? 2 : 1;
  const encode = { 1: gzipSync, 2: brotliCompressSync, 3: deflateSync };
  const body =
    pathname === '/rows'
      ? {
          rows: [person(`r${page}`)],
          next: page === 1 ? UNKNOWN['the cursor of the next page'] : undefined,
          ...quote(request),
        }
      : { id: 't1', ...quote(request) };
  const coding = pathname === '/rows' ? page : 3;
  response.writeHead(
    200,
    [
      ['content-type', 'application/json'],
      ['content-encoding', { 1: 'gzip', 2: 'br', 3: 'deflate' }[coding] ?? ''],
      ['set-cookie', `session=${encodeURIComponent(UNKNOWN['a session cookie'])}; Path=/`],
      ['x-api-key', encodeURIComponent(UNKNOWN['a key in a header of the answer'])],
      ['x-internal', encodeURIComponent(UNKNOWN['a header that nobody knows'])],
      [
        'link',
        `<http://${request.headers.host}/rows?sig=${encodeURIComponent(UNKNOWN['a signature in a link'])}&q=${encodeURIComponent(UNKNOWN['an e-mail address'])}>; rel="next"`,
      ],
    ].flat(),
  );
  response.end((encode[coding as 1] ?? gzipSync)(JSON.stringify(body)));
};

const read = {
  pages: { kind: 'cursor', next: (body: { next?: string }) => body.next },
} as never;

function record() {
  const slice = {
    ...SLICE,
    calls: SLICE.calls.map((call) =>
      call.role === 'read'
        ? { ...call, answer: { ...call.answer, next: { types: ['string'], use: 'cursor' } } }
        : call,
    ),
  };
  return recordFrom(answer, {
    systems,
    slice,
    flow: { read },
    record: { writes: new Set(['POST /objects']) },
  });
}

test('of 22 secrets and people in headers, addresses, tokens and compressed bodies, none is in a recording', async () => {
  const { recordings, texts, remove } = await record();
  remove();
  const leaks = texts.flatMap((text) => findLeaks(text, SECRETS));

  expect(SECRETS.size).toBe(22);
  expect(leaks).toEqual([]);
  // What was looked through is no empty room.
  expect(recordings.map(({ role }) => role)).toEqual(['token', 'read', 'read', 'write', 'write']);
  expect(texts.join('').length).toBeGreaterThan(20_000);
});

test('what a test says of a recording that does not fit holds no secret either', async () => {
  const { recordings, definition, remove } = await record();
  remove();
  const exchanges = recordings.map((recording, index) => ({ ...recording, file: `${index}.json` }));
  const oracle = {
    map: () => ({ kind: 'mapped', item: { ref: 'r1', name: 'another' } }) as const,
    keep: () => 'kept' as const,
    refuses: () => false,
    find: () => 'review',
    calls: () => [],
    unapplied: () => [],
    sharesSettings: () => false,
    path: () => ({ kind: 'asked' as const, values: {} }),
    asks: () => ({ kind: 'asked' as const, values: {} }) as const,
  };
  const run = await runOnRecordings(definition, exchanges, {
    oracles: { object: oracle },
    slice: SLICE,
  }).catch((error: unknown) => String(error));
  const said = JSON.stringify(run);

  expect(said).toContain('/objects');
  expect(findLeaks(said, SECRETS)).toEqual([]);
});

test('what belongs together still does: one value has one pseudonym, of its own kind', async () => {
  const { recordings, remove } = await record();
  remove();
  const [token, first, second, write] = recordings.map((recording) => ({
    recording,
    sent: readBody(recording.request?.body)?.toString() ?? '',
  }));
  const issued = /"access_token":"([^"]+)"/.exec(textOf(token?.recording))?.[1] ?? 'none';
  const rows = [first, second].map((page) => JSON.stringify(page?.recording.response.headers));

  expect(write?.recording.request?.headers).toContainEqual(['authorization', `Bearer ${issued}`]);
  expect(second?.recording.request?.target).toMatch(/cursor=redacted-/);
  expect(rows[0]).toContain('rel=\\"next\\"');
  expect(token?.sent).toMatch(/^grant_type=refresh_token&refresh_token=redacted-/);
});

test('a recorder that redacts nothing by value is caught by its last look, and writes nothing', async () => {
  const secret = makeCanary('number').replaceAll(/\D/g, '').padEnd(12, '4');
  const number: Answer = (_request, _body, response) => {
    response.setHeader('content-type', 'application/json');
    // A number is left as it is, so nothing but the last look can find it.
    response.end(`{"rows":[],"account":${secret}}`);
  };
  const failed = recordFrom(number, {
    systems: (url) =>
      ['source', 'target'].map((name) => ({ name, server: url, auth: { kind: 'bearer', token: secret } })),
  });

  await expect(failed).rejects.toThrow(/was not written.*a secret of the settings/);
  await expect(failed).rejects.toMatchObject({ left: [] });
  await expect(failed).rejects.not.toThrow(secret);
});

function textOf(recording: Recording | undefined): string {
  return readBody(recording?.response.body)?.toString() ?? '';
}
