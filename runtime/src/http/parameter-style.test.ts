import { expect, test } from 'vitest';
import { encodeCookies, encodeQuery, headerValue, pathSegment, pathValue } from './parameter-style.ts';

const LIST = ['blue', 'bl/ack'];
const OBJECT = { R: 100, G: 'a&b' };

// The forms of OpenAPI 3.1, 4.8.12.4 ("Style Examples"), with one value each that must be encoded.
test.each([
  ['form, exploded', encodeQuery([{ name: 'color', value: LIST }]), 'color=blue&color=bl%2Fack'],
  ['form', encodeQuery([{ name: 'color', value: LIST, join: ',' }]), 'color=blue,bl%2Fack'],
  ['form, an object', encodeQuery([{ name: 'color', value: OBJECT, join: ',' }]), 'color=R,100,G,a%26b'],
  [
    'form, an object, exploded',
    encodeQuery([{ name: 'color', value: OBJECT, as: 'members' }]),
    'R=100&G=a%26b',
  ],
  ['spaceDelimited', encodeQuery([{ name: 'color', value: LIST, join: ' ' }]), 'color=blue%20bl%2Fack'],
  ['pipeDelimited', encodeQuery([{ name: 'color', value: LIST, join: '|' }]), 'color=blue%7Cbl%2Fack'],
  [
    'deepObject',
    encodeQuery([{ name: 'color', value: OBJECT, as: 'brackets' }]),
    'color%5BR%5D=100&color%5BG%5D=a%26b',
  ],
  ['content: JSON', encodeQuery([{ name: 'color', value: { R: 1 }, as: 'json' }]), 'color=%7B%22R%22%3A1%7D'],
  ['nothing', encodeQuery([{ name: 'color', value: undefined }]), ''],
  [
    'cookies',
    encodeCookies([
      { name: 'a', value: 'x;y' },
      { name: 'b', value: 1 },
    ]),
    'a=x%3By; b=1',
  ],
  ['a header of a list', headerValue(LIST), 'blue,bl/ack'],
  ['a header of an object', headerValue(OBJECT), 'R,100,G,a&b'],
  ['a header of an object, exploded', headerValue(OBJECT, true), 'R=100,G=a&b'],
  ['simple', pathValue('color', LIST, {}), 'blue,bl%2Fack'],
  ['simple, an object, exploded', pathValue('color', OBJECT, { explode: true }), 'R=100,G=a%26b'],
  ['label', pathValue('color', LIST, { style: 'label' }), '.blue,bl%2Fack'],
  ['label, exploded', pathValue('color', LIST, { style: 'label', explode: true }), '.blue.bl%2Fack'],
  ['matrix', pathValue('color', LIST, { style: 'matrix' }), ';color=blue,bl%2Fack'],
  [
    'matrix, exploded',
    pathValue('color', LIST, { style: 'matrix', explode: true }),
    ';color=blue;color=bl%2Fack',
  ],
  [
    'matrix, an object, exploded',
    pathValue('color', OBJECT, { style: 'matrix', explode: true }),
    ';R=100;G=a%26b',
  ],
])('%s', (_name, written, expected) => {
  expect(written).toBe(expected);
});

test.each(['', '.', '..', null, undefined])('a segment of %j would call another address', (value) => {
  expect(() => pathSegment('id', value)).toThrow('which would call another address');
  expect(() => pathValue('id', [value as string], {})).toThrow('which would call another address');
});

test('a list of nothing is no segment', () => {
  expect(() => pathValue('id', [], { style: 'label' })).toThrow('which would call another address');
});
