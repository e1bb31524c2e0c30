import { gzipSync } from 'node:zlib';
import nock from 'nock';
import { afterEach, expect, test } from 'vitest';
import type { System } from '../../runtime/src/flow.ts';
import { createUndiciTransport } from '../../runtime/src/http/undici-transport.ts';
import type { WireAnswer } from '../../runtime/src/http/undici-transport.ts';
import { readBody } from '../../runtime/src/recording/recording.ts';
import { writeAnswer } from '../../runtime/src/testing/recorded-body.ts';
import { recordFrom } from './recording-world.ts';

const systems = (url: string): System[] =>
  ['source', 'target'].map((name) => ({ name, server: url, auth: { kind: 'none' } }));

/** Beyond 2^53, a name that is there twice, digits that a parser would change, white space, and a byte that is no UTF-8. */
const BODY = Buffer.concat([
  Buffer.from(
    '\n{"rows" : [ {"id":"r1","at":"2026-01-04T09:00:00Z","total":9007199254740993,"total":1.10,"big":12345678901234567890, "raw_id":"a',
  ),
  Buffer.from([0xff, 0xfe]),
  Buffer.from('z"} ] }\t'),
]);

afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

test.each([
  ['as it is', BODY, undefined],
  ['compressed', gzipSync(BODY, { level: 1 }), 'gzip'],
] as const)(
  'what was recorded %s is replayed byte for byte, headers in order',
  async (_name, bytes, coding) => {
    const headers = [
      ['Content-Type', 'application/json'],
      ['X-RateLimit-Remaining', '7'],
      ['x-ratelimit-remaining', '9'],
      ...(coding === undefined ? [] : [['Content-Encoding', coding]]),
      ['Content-Length', String(bytes.length)],
    ];
    const { recordings, definition, remove } = await recordFrom(
      (_request, _body, response) => {
        response.writeHead(200, headers.flat());
        response.end(bytes);
      },
      { systems },
    );
    remove();
    const [recording] = recordings;
    const [system] = definition.systems;
    if (recording === undefined || system === undefined) throw new Error('Nothing was recorded.');

    // Nothing in it is personal, so nothing is touched.
    expect(readBody(recording.response.body)).toEqual(bytes);
    expect(recording.response.headers.slice(0, headers.length)).toEqual(headers);

    const heard: WireAnswer[] = [];
    const transport = createUndiciTransport({
      connections: 1,
      onAnswer: (_request, answer) => heard.push(answer),
    });
    const answer = writeAnswer(system, recording);
    nock('http://replayed.invalid').get('/rows').reply(200, answer.bytes, answer.headers.flat());
    const request = { method: 'GET', url: 'http://replayed.invalid/rows', headers: {}, body: undefined };
    const outcome = await transport.send({ ...request, timeoutMs: 5000, maxBytes: 1_000_000 });
    await transport.close();

    expect(heard[0]?.body).toEqual(bytes);
    expect(heard[0]?.headers.map(([name]) => name.toLowerCase())).toEqual(
      recording.response.headers.map(([name]) => name.toLowerCase()),
    );
    expect(outcome).toMatchObject({ kind: 'response', body: BODY });
  },
);

test('a recording that was changed by hand is refused', () => {
  const changed = { text: '{"rows":[]}', sha256: '0'.repeat(64) };

  expect(() => readBody(changed)).toThrow(/not what was recorded/);
});
