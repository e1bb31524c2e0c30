import { expect, test } from 'vitest';
import { readAnswer } from './read-answer.ts';

const BOM = '\uFEFF';
const TEXT = '{"name":"Zoë"}';
const little = (text: string): Buffer => Buffer.from(text, 'utf16le');
const big = (text: string): Buffer => little(text).swap16();

test.each([
  ['none', '', Buffer.from(TEXT)],
  ['none, with a mark', '', Buffer.from(`${BOM}${TEXT}`)],
  ['latin 1', '; charset=ISO-8859-1', Buffer.from(TEXT, 'latin1')],
  ['utf-16, the little byte first', '; charset=utf-16', little(`${BOM}${TEXT}`)],
  ['utf-16, the big byte first', '; charset="UTF-16"', big(`${BOM}${TEXT}`)],
  ['utf-16be', '; charset=utf-16be', big(TEXT)],
])('the charset is the one that the answer declares: %s', (_name, charset, bytes) => {
  expect(
    readAnswer({ status: 200, headers: { 'content-type': `application/json${charset}` }, bytes }),
  ).toMatchObject({
    kind: 'response',
    body: { name: 'Zoë' },
  });
});

test.each([
  ['a charset that nobody knows', '; charset=x-unknown', Buffer.from(TEXT)],
  ['bytes that the charset does not have', '; charset=utf-16le', Buffer.from(`${TEXT}x`)],
  ['something behind the document', '', Buffer.from(`${TEXT}<br>`)],
])('a success that cannot be read is malformed: %s', (_name, charset, bytes) => {
  expect(
    readAnswer({ status: 200, headers: { 'content-type': `application/json${charset}` }, bytes }),
  ).toEqual({
    kind: 'unknown',
    reason: 'malformed',
  });
});
