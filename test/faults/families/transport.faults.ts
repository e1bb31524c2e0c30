import type { Socket } from 'node:net';
import type { Fault, Way, WireAnswer } from '../fault.ts';
import { json } from '../json-answer.ts';
import { renderAnswer, renderHead } from '../sockets/render-answer.ts';
import type { WireResponse } from '../sockets/render-answer.ts';
import { declareDamage, declareOddity } from './declare-damage.ts';
import type { Damage, Oddity } from './declare-damage.ts';

interface Astray {
  readonly id: string;
  readonly title: string;
  readonly way: Way;
  readonly stalls?: true;
}

const WAYS: readonly Astray[] = [
  { id: 'T1', title: 'the name is not known', way: 'unknown-name' },
  { id: 'T2', title: 'the name server fails', way: 'failing-name-server' },
  { id: 'T2', title: 'the name server is silent', way: 'silent-name-server', stalls: true },
  { id: 'T3', title: 'the name leads to an address that is no longer used', way: 'old-address' },
  { id: 'T4', title: 'the connection is refused', way: 'closed-port' },
  { id: 'T5', title: 'nobody answers the SYN', way: 'black-hole', stalls: true },
  { id: 'T6', title: 'a reset as the connection opens', way: 'reset' },
  { id: 'T27', title: 'the certificate has expired', way: 'expired-certificate' },
  { id: 'T28', title: 'the certificate is of another host', way: 'certificate-of-another-host' },
  { id: 'T29', title: 'the certificate is self-signed', way: 'self-signed-certificate' },
  { id: 'T30', title: 'the handshake stalls', way: 'silent-handshake', stalls: true },
];

function declareAstray({ id, title, way, stalls }: Astray, at: 'read' | 'write'): readonly Fault[] {
  const common: Pick<Fault, 'id' | 'family' | 'timings' | 'stalls'> = {
    id,
    family: 'T',
    timings: ['before'],
    ...(stalls === undefined ? {} : { stalls }),
  };
  // A client that is reset cannot know that not even its first byte was read.
  const isUnknown = way === 'reset' && at === 'write';
  const once: Fault = {
    ...common,
    title: `${title} (${at}, once)`,
    expect: 'OK',
    ...(isUnknown ? { blind: 'QUARANTINE' } : {}),
    way: { at, times: 1, way },
  };
  // Each strike of a stall takes real time.
  if (stalls === true) return [once];
  const tiers: Pick<Fault, 'tiers'> = isUnknown ? { tiers: [0, 1, 2, 3, 4] } : {};
  return [once, { ...common, ...tiers, title: `${title} (${at})`, expect: 'REJECT', way: { at, way } }];
}

type Strike = (socket: Socket, answer: WireResponse) => void;

interface Broken {
  readonly id: string;
  readonly title: string;
  readonly strike: Strike;
  readonly stalls?: true;
}

const half = (body: Buffer): Buffer => body.subarray(0, Math.ceil(body.length / 2));
const lengthOf = ({ body }: WireResponse): string[] => [`content-length: ${body.length}`];
const CHUNKED = ['transfer-encoding: chunked'];
const hex = (size: number): string => size.toString(16);

/** One byte now and then, for as long as somebody listens. */
const DRIP_MS = 20;

function drip(socket: Socket, text: string): void {
  const timer = setInterval(() => socket.write(text), DRIP_MS);
  socket.on('close', () => clearInterval(timer));
}

/** A client that has read the bytes sees the reset behind them. */
function resetAfter(socket: Socket, bytes: Buffer): void {
  socket.write(bytes, () => setImmediate(() => socket.resetAndDestroy()));
}

const BROKEN: readonly Broken[] = [
  { id: 'T7', title: 'a reset instead of the answer', strike: (socket) => socket.resetAndDestroy() },
  {
    id: 'T8',
    title: 'a reset after the headers',
    strike: (socket, answer) => resetAfter(socket, renderHead(answer, lengthOf(answer))),
  },
  {
    id: 'T9',
    title: 'a reset inside the body',
    strike: (socket, answer) =>
      resetAfter(socket, Buffer.concat([renderHead(answer, lengthOf(answer)), half(answer.body)])),
  },
  {
    id: 'T10',
    title: 'the connection ends inside a chunk',
    strike(socket, answer) {
      socket.write(renderHead(answer, CHUNKED));
      socket.write(`${hex(answer.body.length)}\r\n`);
      socket.end(half(answer.body));
    },
  },
  {
    id: 'T10',
    title: 'the connection ends before the last chunk',
    strike(socket, answer) {
      socket.write(renderHead(answer, CHUNKED));
      socket.write(`${hex(answer.body.length)}\r\n`);
      socket.write(answer.body);
      socket.end('\r\n');
    },
  },
  {
    id: 'T11',
    title: 'the connection ends before the body is whole',
    strike(socket, answer) {
      socket.write(renderHead(answer, lengthOf(answer)));
      socket.end(half(answer.body));
    },
  },
  {
    id: 'T12',
    title: 'a body that ends with its connection is cut',
    strike(socket, answer) {
      socket.write(renderHead(answer, ['connection: close']));
      socket.end(half(answer.body));
    },
  },
  { id: 'T13', title: 'the connection ends without an answer', strike: (socket) => void socket.end() },
  {
    id: 'T14',
    title: 'something that is not HTTP',
    strike: (socket) => void socket.end('SSH-2.0-OpenSSH_9.6\r\n'),
  },
  {
    id: 'T15',
    title: 'a chunk whose size is no number',
    strike(socket, answer) {
      socket.write(renderHead(answer, CHUNKED));
      socket.write(`zz\r\n${answer.body.toString()}\r\n0\r\n\r\n`);
    },
  },
  {
    id: 'T16',
    title: 'two lengths that differ',
    strike(socket, answer) {
      socket.write(renderHead(answer, [...lengthOf(answer), `content-length: ${half(answer.body).length}`]));
      socket.write(answer.body);
    },
  },
  {
    id: 'T17',
    title: 'a body longer than its length says',
    strike(socket, answer) {
      socket.write(renderHead(answer, [`content-length: ${half(answer.body).length}`]));
      socket.write(answer.body);
    },
  },
  {
    id: 'T18',
    title: 'headers of 100 KB',
    strike: (socket, answer) =>
      void socket.write(
        renderAnswer({ ...answer, headers: { ...answer.headers, 'x-padding': 'x'.repeat(100_000) } }),
      ),
  },
  {
    id: 'T19',
    title: 'headers that never end',
    stalls: true,
    strike(socket) {
      socket.write('HTTP/1.1 200 OK\r\nx-slow: ');
      drip(socket, 'x');
    },
  },
  {
    id: 'T20',
    title: 'a body that drips',
    stalls: true,
    strike(socket, answer) {
      socket.write(renderHead(answer, ['content-length: 1000000']));
      drip(socket, ' ');
    },
  },
  {
    id: 'T21',
    title: 'nothing after the first byte of the body',
    stalls: true,
    strike(socket, answer) {
      socket.write(renderHead(answer, lengthOf(answer)));
      socket.write(answer.body.subarray(0, 1));
    },
  },
  // RFC 9110 15.2.1 lets a client discard it; undici ends the connection, and nobody knows what was applied.
  {
    id: 'T24',
    title: '100 before the answer',
    strike(socket, answer) {
      socket.write('HTTP/1.1 100 Continue\r\n\r\n');
      socket.write(renderAnswer(answer));
    },
  },
];

/** A connection that is slow by hundreds of turns of the event loop. */
const LATE_TURNS = 300;

function answerLate(socket: Socket, answer: WireResponse, turns = LATE_TURNS): void {
  if (turns > 0) setImmediate(() => answerLate(socket, answer, turns - 1));
  else socket.write(renderAnswer(answer));
}

const ODD: readonly Broken[] = [
  {
    id: 'T17',
    title: 'a second answer, which nobody asked for',
    strike(socket, answer) {
      const unasked = renderAnswer(json(200, { rows: [], next: null, found: [], id: 't77' }));
      socket.write(Buffer.concat([renderAnswer(answer), unasked]));
    },
  },
  { id: 'T22', title: 'an answer that comes late', strike: (socket, answer) => answerLate(socket, answer) },
  {
    id: 'T23',
    title: 'the connection ends behind each answer, without a word',
    strike: (socket, answer) => void socket.end(renderAnswer(answer)),
  },
  {
    id: 'T25',
    title: '103 before the answer',
    strike(socket, answer) {
      socket.write('HTTP/1.1 103 Early Hints\r\nlink: </style.css>; rel=preload\r\n\r\n');
      socket.write(renderAnswer(answer));
    },
  },
  {
    id: 'T26',
    title: 'HTTP/1.0, where the body ends with the connection',
    strike(socket, answer) {
      socket.write(renderHead(answer, []).toString('latin1').replace('HTTP/1.1', 'HTTP/1.0'));
      socket.end(answer.body);
    },
  },
];

const strikeRaw =
  ({ id, title, strike }: Broken) =>
  (answer: WireResponse): WireAnswer => ({
    kind: 'raw',
    title: `${id} ${title}`,
    write: (socket) => strike(socket, answer),
  });

const toDamage = (broken: Broken): Damage => ({ ...broken, harm: strikeRaw(broken) });
const toOddity = (broken: Broken): Oddity => ({ ...broken, dress: strikeRaw(broken) });

export const TRANSPORT_FAULTS: readonly Fault[] = [
  ...WAYS.flatMap((astray) => [...declareAstray(astray, 'read'), ...declareAstray(astray, 'write')]),
  ...BROKEN.flatMap((broken) => declareDamage('T', toDamage(broken))),
  ...ODD.flatMap((odd) => declareOddity('T', toOddity(odd))),
  ...(['read', 'write'] as const).map((at): Fault => ({
    id: 'T32',
    family: 'T',
    title: `a proxy wants to know who asks: 407 (${at})`,
    expect: 'PAUSE',
    timings: ['before'],
    exchange: {
      at,
      rest: true,
      answer: () => json(407, { message: 'who are you?' }, { 'Proxy-Authenticate': 'Basic realm="proxy"' }),
    },
  })),
];
