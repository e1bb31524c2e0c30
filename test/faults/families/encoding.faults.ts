import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import type { Fault } from '../fault.ts';
import { keyOf } from '../fault-world.ts';
import type { WireResponse } from '../sockets/render-answer.ts';
import { declareDamage, declareOddity } from './declare-damage.ts';

type Change = (answer: WireResponse) => WireResponse;

const withBody = (answer: WireResponse, body: Buffer | string): WireResponse => ({
  ...answer,
  body: Buffer.from(body),
});

const withHeader = (answer: WireResponse, name: string, value: string): WireResponse => ({
  ...answer,
  headers: { ...answer.headers, [name]: value },
});

const encoded = (answer: WireResponse, encoding: string, body: Buffer): WireResponse =>
  withHeader(withBody(answer, body), 'content-encoding', encoding);

const half = (body: Buffer): Buffer => body.subarray(0, Math.ceil(body.length / 2));

/** Another byte than was there. */
function spoil(body: Buffer, at: number): Buffer {
  const copy = Buffer.from(body);
  copy[at] = (copy[at] ?? 0) ^ 0xff;
  return copy;
}

/** Behind the answer, as a second member of the same gzip file (RFC 1952 2.2): spaces, which are no data in JSON. */
const TEN_MEGABYTES = gzipSync(' '.repeat(10_000_000));
const HTML = '<!doctype html><title>Sign in</title><form method="post"></form>';

interface Changed {
  readonly id: string;
  readonly title: string;
  readonly change: Change;
  readonly isLegible?: true;
}

const DAMAGES: readonly Changed[] = [
  {
    id: 'E1',
    title: 'gzip, cut at half',
    change: (answer) => encoded(answer, 'gzip', half(gzipSync(answer.body))),
  },
  {
    id: 'E1',
    title: 'gzip, without the last eight bytes',
    isLegible: true,
    change: (answer) => encoded(answer, 'gzip', gzipSync(answer.body).subarray(0, -8)),
  },
  {
    id: 'E2',
    title: 'brotli, cut at half',
    change: (answer) => encoded(answer, 'br', half(brotliCompressSync(answer.body))),
  },
  {
    id: 'E3',
    title: 'deflate, cut at half',
    change: (answer) => encoded(answer, 'deflate', half(deflateSync(answer.body))),
  },
  {
    id: 'E4',
    title: 'gzip with a wrong check sum',
    change(answer) {
      const zipped = gzipSync(answer.body);
      return encoded(answer, 'gzip', spoil(zipped, zipped.length - 8));
    },
  },
  {
    id: 'E5',
    title: 'gzip, spoilt in the middle',
    change(answer) {
      const zipped = gzipSync(answer.body);
      return encoded(answer, 'gzip', spoil(zipped, Math.floor(zipped.length / 2)));
    },
  },
  {
    id: 'E6',
    title: 'plain, and the header says gzip',
    change: (answer) => encoded(answer, 'gzip', answer.body),
  },
  {
    id: 'E7',
    title: 'gzip, and no header says so',
    change: (answer) => withBody(answer, gzipSync(answer.body)),
  },
  {
    id: 'E8',
    title: 'gzip twice, and the header says it once',
    change: (answer) => encoded(answer, 'gzip', gzipSync(gzipSync(answer.body))),
  },
  {
    id: 'E9',
    title: 'an encoding that nobody knows',
    change: (answer) => encoded(answer, 'x-backwards', Buffer.from([...answer.body].toReversed())),
  },
  {
    id: 'E10',
    title: 'six encodings, one in the other',
    change(answer) {
      let { body } = answer;
      for (let layer = 0; layer < 6; layer += 1) body = gzipSync(body);
      return encoded(answer, Array.from({ length: 6 }, () => 'gzip').join(', '), body);
    },
  },
  {
    id: 'E11',
    title: 'ten megabytes out of ten kilobytes',
    isLegible: true,
    change: (answer) => encoded(answer, 'gzip', Buffer.concat([gzipSync(answer.body), TEN_MEGABYTES])),
  },
  {
    id: 'E12',
    title: 'a charset that nobody knows',
    isLegible: true,
    change: (answer) => withHeader(answer, 'content-type', 'application/json; charset=x-unknown'),
  },
  { id: 'E15', title: '200 and an empty body', change: (answer) => withBody(answer, '') },
  {
    id: 'E16',
    title: 'a page in HTML',
    change: (answer) => withHeader(withBody(answer, HTML), 'content-type', 'text/html'),
  },
  { id: 'E17', title: 'a page in HTML that is called JSON', change: (answer) => withBody(answer, HTML) },
  {
    id: 'E20',
    title: 'XML',
    change: (answer) =>
      withHeader(withBody(answer, '<?xml version="1.0"?><rows/>'), 'content-type', 'application/xml'),
  },
  {
    id: 'E20',
    title: 'a multipart body',
    change: (answer) =>
      withHeader(
        withBody(
          answer,
          `--b\r\ncontent-type: application/json\r\n\r\n${answer.body.toString()}\r\n--b--\r\n`,
        ),
        'content-type',
        'multipart/mixed; boundary=b',
      ),
  },
  {
    id: 'E21',
    title: 'JSON, and garbage behind it',
    change: (answer) => withBody(answer, `${answer.body.toString()}<br />Notice: undefined index`),
  },
  {
    id: 'E22',
    title: 'two JSON documents',
    change: (answer) => withBody(answer, `${answer.body.toString()}\n{"rows":[],"next":null}`),
  },
];

/** A text that each charset writes in its own way. */
const FOREIGN_NAME = 'Zoë Müller';
const BOM = '\uFEFF';

const ODDITIES: readonly Changed[] = [
  {
    id: 'E8',
    title: 'brotli, whole',
    change: (answer) => encoded(answer, 'br', brotliCompressSync(answer.body)),
  },
  {
    id: 'E13',
    title: 'a byte order mark',
    change: (answer) => withBody(answer, `${BOM}${answer.body.toString()}`),
  },
  {
    id: 'E18',
    title: 'JSON that is called plain text',
    change: (answer) => withHeader(answer, 'content-type', 'text/plain'),
  },
  {
    id: 'E19',
    title: 'no content type',
    change: (answer) => ({ ...answer, headers: {} }),
  },
  {
    id: 'E23',
    title: 'a body ten times as long as usual',
    change: (answer) =>
      withBody(
        answer,
        answer.body.toString().replace(/\}$/, `,"note":"${'x'.repeat(answer.body.length * 9)}"}`),
      ),
  },
];

const CHARSETS = [
  { charset: 'iso-8859-1', encode: (text: string) => Buffer.from(text, 'latin1') },
  { charset: 'utf-16le', encode: (text: string) => Buffer.from(text, 'utf16le') },
  { charset: 'utf-16', encode: (text: string) => Buffer.from(`${BOM}${text}`, 'utf16le') },
  { charset: 'utf-16', encode: (text: string) => Buffer.from(`${BOM}${text}`, 'utf16le').swap16() },
] as const;

const charsets = CHARSETS.map(({ charset, encode }, index): Fault => ({
  id: 'E12',
  family: 'E',
  title: `JSON in ${charset}, as its header says (${index + 1})`,
  expect: 'OK',
  isHarmless: true,
  timings: ['before'],
  source({ records, position }) {
    const place = records.findIndex((record) => record.id === keyOf(position));
    const record = records[place];
    if (record !== undefined) records[place] = { ...record, name: FOREIGN_NAME };
  },
  exchange: {
    at: 'read',
    answer(_exchange, good) {
      const answer = good();
      if (answer.kind !== 'response') return answer;
      const text = encode(answer.body.toString());
      return withHeader(withBody(answer, text), 'content-type', `application/json; charset=${charset}`);
    },
  },
}));

/** A byte that begins no character, in the place of a letter of one name. */
const brokenCharacter: Fault = {
  id: 'E14',
  family: 'E',
  title: 'a name that is not UTF-8 (read)',
  expect: 'QUARANTINE',
  timings: ['before'],
  positions: ['middle'],
  exchange: {
    at: 'read',
    when: ({ place }) => place === 1,
    answer(_exchange, good) {
      const answer = good();
      if (answer.kind !== 'response') return answer;
      return withBody(answer, spoil(answer.body, answer.body.indexOf('Name 4')));
    },
  },
};

/** The same in the id of what was written. */
const brokenId: Fault = {
  id: 'E14',
  family: 'E',
  title: 'an id that is not UTF-8 (write)',
  expect: 'OK',
  blind: 'QUARANTINE',
  timings: ['after'],
  exchange: {
    at: 'write',
    answer(_exchange, good) {
      const answer = good();
      if (answer.kind !== 'response') return answer;
      return withBody(answer, spoil(answer.body, answer.body.indexOf('t')));
    },
  },
};

export const ENCODING_FAULTS: readonly Fault[] = [
  ...DAMAGES.flatMap(({ change, ...named }) => declareDamage('E', { ...named, harm: change })),
  ...ODDITIES.flatMap(({ change, ...named }) => declareOddity('E', { ...named, dress: change })),
  ...charsets,
  brokenCharacter,
  brokenId,
];
