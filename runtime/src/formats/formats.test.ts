import { expect, test } from 'vitest';
import type { BodyFormat } from './body-format.ts';
import { csvFormat } from './csv-format.ts';
import { formFormat } from './form-format.ts';
import { jsonFormat } from './json-format.ts';
import { multipartFormat } from './multipart-format.ts';
import { ndjsonFormat } from './ndjson-format.ts';
import { textFormat } from './text-format.ts';
import { xmlFormat } from './xml-format.ts';

const csv = csvFormat({ id: 'integer', name: 'text', paid: 'boolean' });
const xml = xmlFormat(
  {
    object: {
      id: { scalar: 'integer', attribute: 'id' },
      name: 'text',
      tag: { list: 'text', wrapper: 'tags', element: 'tag' },
      line: { list: { object: { sku: 'text', price: 'number' } } },
    },
  },
  { root: 'order' },
);
const form = formFormat({ styles: { meta: 'brackets', ids: ',', tags: 'repeat' } });

test.each<[string, BodyFormat, unknown, string]>([
  [
    'cells are quoted where they must be, and a formula is a text',
    csv,
    [{ id: 9007199254740993n, name: '=1+"1"\n, ', paid: true }, { name: null }],
    'id,name,paid\r\n9007199254740993,"=1+""1""\n, ",true\r\n,,\r\n',
  ],
  [
    'lists and objects of a form are written as each says',
    form,
    {
      meta: { a: [1, { b: 'x&y' }] },
      ids: [1, 2],
      tags: ['p', 'q'],
      none: undefined,
      cleared: null,
      rest: { k: 1 },
    },
    'meta%5Ba%5D%5B0%5D=1&meta%5Ba%5D%5B1%5D%5Bb%5D=x%26y&ids=1%2C2&tags=p&tags=q&cleared=&rest=%7B%22k%22%3A1%7D',
  ],
  ['lines of JSON end with a line break', ndjsonFormat(), [{ a: 1 }, { a: 2n }], '{"a":1}\n{"a":2}\n'],
  [
    'markup in a value stays a value',
    xml,
    { id: 7, name: '</name><!-- & "', tag: ['a', 'b'], line: [{ sku: ']]>', price: 1.5 }] },
    '<?xml version="1.0" encoding="UTF-8"?>\n<order id="7"><name>&lt;/name&gt;&lt;!-- &amp; &quot;</name>' +
      '<tags><tag>a</tag><tag>b</tag></tags><line><sku>]]&gt;</sku><price>1.5</price></line></order>\n',
  ],
  ['a text goes out as it is', textFormat(), 'a\r\n=b', 'a\r\n=b'],
])('%s', (_name, format, value, text) => {
  expect(format.write(value).text).toBe(text);
});

test('parts have a boundary that comes from what is sent, and a name cannot end its header', () => {
  const { text, contentType } = multipartFormat({ note: 'text/plain' }).write({
    note: 'hello',
    'a"\r\nx-evil: 1': 'y',
    list: ['1', '2'],
    data: { k: 1 },
    left: null,
  });
  const boundary = contentType.replace('multipart/form-data; boundary=', '');
  expect(text.split(`--${boundary}`)).toEqual([
    '',
    '\r\ncontent-disposition: form-data; name="note"\r\ncontent-type: text/plain\r\n\r\nhello\r\n',
    '\r\ncontent-disposition: form-data; name="a%22%0D%0Ax-evil: 1"\r\n\r\ny\r\n',
    '\r\ncontent-disposition: form-data; name="list"\r\n\r\n1\r\n',
    '\r\ncontent-disposition: form-data; name="list"\r\n\r\n2\r\n',
    '\r\ncontent-disposition: form-data; name="data"\r\ncontent-type: application/json\r\n\r\n{"k":1}\r\n',
    '--\r\n',
  ]);
});

test.each<[string, BodyFormat, string, unknown]>([
  [
    'a mark at the start, quotes, blanks and integers of any size',
    csv,
    '\uFEFFname,id,paid,other\r\n"a, ""b""\nc",9007199254740993,true,x\r\n,,,\r\n',
    [
      { name: 'a, "b"\nc', id: 9007199254740993n, paid: true },
      { name: '', id: undefined, paid: undefined },
    ],
  ],
  [
    'a row of another length is damage of its own',
    csv,
    'id,name\n1,a\n2\n',
    [{ id: 1, name: 'a' }, { $damage: 'row 2 has 1 cells and not 2' }],
  ],
  ['what is no integer stays the text that it is', csv, 'id\n0x10\n1_0\n', [{ id: '0x10' }, { id: '1_0' }]],
  ['columns called as what every object has are no columns', csv, 'id,__proto__\n1,x\n', [{ id: 1 }]],
  [
    'a broken line is damage of its own',
    ndjsonFormat(),
    '{"a":1}\r\n\n{"a":\n{"a":9007199254740993}\n',
    [{ a: 1 }, { $damage: 'line 3 is no JSON' }, { a: 9007199254740993n }],
  ],
  [
    'attributes, lists, CDATA, references and prefixes',
    xml,
    '<?xml version="1.0"?><o:order xmlns:o="urn:o" id="9007199254740993"><o:name>A &amp; <![CDATA[<B>]]> &#x1F600;</o:name>' +
      '<tags/><line><sku>1</sku><price>2.50</price></line><line><sku>2</sku></line></o:order>',
    {
      id: 9007199254740993n,
      name: 'A & <B> 😀',
      tag: [],
      line: [{ sku: '1', price: 2.5 }, { sku: '2' }],
    },
  ],
  [
    'two elements where one may be are damage of the field alone',
    xml,
    '<order><name>a</name><name>b</name></order>',
    { name: { $damage: 'there are 2 elements called name' }, line: [] },
  ],
])('%s is read', (_name, format, text, value) => {
  expect(format.read(text, false)).toEqual(value);
});

const LAUGHS = '<!DOCTYPE order [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><order><name>&b;</name></order>';
const OUTSIDE = '<!doctype order [<!ENTITY x SYSTEM "file:///etc/hostname">]><order><name>&x;</name></order>';

test.each<[string, BodyFormat, string]>([
  ['entities that grow', xml, LAUGHS],
  ['entities from outside', xml, OUTSIDE],
  ['an entity that nobody defined', xml, '<order><name>&x;</name></order>'],
  ['a character that there is not', xml, '<order><name>&#0;</name></order>'],
  ['a document cut off', xml, '<order><name>a</name>'],
  ['two roots', xml, '<order/><order/>'],
  ['another root', xml, '<html/>'],
  ['lines cut off', ndjsonFormat(), '{"a":1}\n{"a"'],
  ['a page to log in as a table', csv, '<html>\n<body>log in</body>\n'],
  ['one column twice', csv, 'id,name,id\n1,a,2\n'],
  ['a quote that is not closed', csv, 'id,name\n1,"a\n'],
  ['an answer in parts', multipartFormat(), '--x\r\n'],
])('%s is refused', (_name, format, text) => {
  expect(() => format.read(text, false)).toThrow();
});

test.each<[string, BodyFormat, unknown]>([
  ['XML', xml, { name: 'a\u0001' }],
  ['XML', xml, { name: '\uD800' }],
  ['XML', xml, { name: { deep: 1 } }],
  ['CSV', csv, [{ name: [1] }]],
  ['text', textFormat(), { a: 1 }],
])('what %s has no place for is not written', (_name, format, value) => {
  expect(() => format.write(value)).toThrow();
});

test('an answer is of a format by what it calls itself, or where that says nothing', () => {
  const names = [
    '',
    'text/plain',
    'application/json',
    'application/problem+json',
    'text/csv',
    'text/xml',
    'text/html',
  ];
  const accepted = (format: BodyFormat): string[] => names.filter((name) => format.accepts(name));
  expect(accepted(jsonFormat())).toEqual(['', 'text/plain', 'application/json', 'application/problem+json']);
  expect(accepted(csv)).toEqual(['', 'text/plain', 'text/csv']);
  expect(accepted(xml)).toEqual(['', 'text/plain', 'text/xml']);
  expect(accepted(multipartFormat())).toEqual([]);
});

test('of broken bytes only the field that holds them is damaged', () => {
  expect(csv.read('id,name\n1,a\uFFFD\n', true)).toEqual([
    { id: 1, name: { $damage: 'the text holds bytes that are not UTF-8' } },
  ]);
  expect(xml.read('<order id="1"><name>\uFFFD</name></order>', true)).toEqual({
    id: 1,
    name: { $damage: 'the text holds bytes that are not UTF-8' },
    line: [],
  });
});
