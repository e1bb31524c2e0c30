import { createHostileProject } from './hostile-project.ts';
import type { HostileProject } from './hostile-project.ts';

export interface Bomb {
  readonly name: string;
  /** The files, by name; those that are left out are the harmless ones. */
  readonly make: () => Readonly<Record<string, string>>;
}

function change(edit: (project: HostileProject) => void): () => Readonly<Record<string, string>> {
  return () => {
    const project = createHostileProject();
    edit(project);
    return render(project);
  };
}

export function render({ rules, crm, ledger, overlay }: HostileProject): Readonly<Record<string, string>> {
  return {
    'contacts.rules.yaml': JSON.stringify(rules, null, 1),
    'crm.json': JSON.stringify(crm),
    'ledger.json': JSON.stringify(ledger),
    'crm.overlay.json': JSON.stringify(overlay),
  };
}

/** The harmless project, with one file as it is written here. */
function replaceFile(name: string, text: () => string): () => Readonly<Record<string, string>> {
  return () => ({ ...render(createHostileProject()), [name]: text() });
}

const nest = (count: number, open: string, close: string, inner: string): string =>
  open.repeat(count) + inner + close.repeat(count);
const ref = (name: string): object => ({ $ref: `#/components/schemas/${name}` });
const laughs = (line: (level: number) => string): string =>
  Array.from({ length: 30 }, (_, level) => line(level)).join('\n');

const refs = [
  'http://169.254.169.254/latest/meta-data/', 'http://127.1:1/', 'http://[::ffff:127.0.0.1]:1/', 'https://evil.example/a.json#/x',
  'file:///etc/passwd', 'file:///proc/self/environ', '../../etc/passwd', '../../../../../../etc/passwd#/x', '/etc/passwd',
  '/proc/self/environ', '\\\\host\\share\\x.json', '..\\..\\outside.json', '%2e%2e/%2e%2e/outside.json', '..%2foutside.json',
  '\uff0e\uff0e/outside.json', './a/../../outside.json', '//evil.example/a.json', 'ftp://evil.example/a', 'data:application/json,{}',
  'node:fs', 'crm.json/../../outside.json', './crm.json#/paths', '#/components/schemas/Contact/properties/id', '#/__proto__',
  '#/constructor', '#/components/schemas/constructor', '#', '', '#/', '##', '#/%', '#/%E0%A4%A', '#/~2', '?', '\0',
]; // prettier-ignore

const PATTERNS = [
  '((a+)+)+$',
  '(a|a)*$',
  '(.*a){20}$',
  '^(([a-z])+.)+[A-Z]([a-z])+$',
  '(?=(a+))\\1+$',
  '(?<=(a+)+)b',
  '[',
  '\\',
  '(?',
];

export const BOMBS: readonly Bomb[] = [
  { name: 'nested lists in the rules', make: replaceFile('contacts.rules.yaml', () => `mortise: ${nest(5000, '[', ']', '1')}`) },
  { name: 'nested maps in the rules', make: replaceFile('contacts.rules.yaml', () => nest(5000, '{a: ', '}', '1')) },
  { name: 'nested blocks in the rules', make: replaceFile('contacts.rules.yaml', () => Array.from({ length: 2000 }, (_, at) => `${' '.repeat(at)}a:`).join('\n')) },
  { name: 'aliases in the rules', make: replaceFile('contacts.rules.yaml', () => laughs((at) => (at === 0 ? 'a0: &a0 [x, x]' : `a${at}: &a${at} [${`*a${at - 1}, `.repeat(9)}x]`))) },
  { name: 'merge keys in the rules', make: replaceFile('contacts.rules.yaml', () => laughs((at) => (at === 0 ? 'a0: &a0 {x: 1}' : `a${at}: &a${at} {<<: [${Array.from({ length: 9 }, () => `*a${at - 1}`).join(', ')}], b${at}: *a${at - 1}}`))) },
  { name: 'tags in the rules', make: replaceFile('contacts.rules.yaml', () => 'mortise: !!js/function "function () {}"\npurpose: !!python/object/apply:os.system ["x"]') },
  { name: 'a key of 100,000 letters in the rules', make: change(({ rules }) => void (rules['k'.repeat(100_000)] = 1)) },
  { name: 'a field of 100,000 letters', make: change(({ rules }) => void (rules.flows.contacts.to[0].map['k'.repeat(100_000)] = 'x')) },
  { name: 'two thousand fields that there are not', make: change(({ rules }) => { for (let at = 0; at < 2000; at += 1) rules.flows.contacts.to[0].map[`field${at}`] = 'x'; }) },
  { name: 'a purpose of a million letters', make: change(({ rules }) => void (rules.purpose = '`*_ '.repeat(250_000))) },
  { name: 'a description of five million letters', make: change(({ crm }) => void (crm.info.description = '*/ '.repeat(1_700_000))) },
  { name: 'a literal of 300,000 letters', make: change(({ rules }) => void (rules.flows.contacts.to[0].map.code = "'\\\n".repeat(100_000))) },
  { name: 'nested parentheses', make: change(({ rules }) => void (rules.flows.contacts.to[0].map.code = `=${nest(5000, '(', ')', 'source.id')}`)) },
  { name: 'nested conditions', make: change(({ rules }) => void (rules.flows.contacts.to[0].map.code = `=${"source.id === 'x' ? 'a' : ".repeat(3000)}'b'`)) },
  { name: 'a sum of ten thousand parts', make: change(({ rules }) => void (rules.flows.contacts.to[0].map.code = `=${'source.id + '.repeat(10_000)}'b'`)) },
  { name: 'nested lists in an expression', make: change(({ rules }) => void (rules.flows.contacts.to[0].map.code = `=${nest(5000, '[', ']', '1')}.length`)) },
  { name: 'nested functions', make: change(({ rules }) => void (rules.flows.contacts.to[0].map.code = `=${nest(12, '[source.id].map(x => ', ').join("")', 'source.id')}`)) },
  { name: 'nested lists in a description', make: replaceFile('crm.json', () => nest(100_000, '[', ']', '1')) },
  { name: 'nested maps in a description', make: replaceFile('crm.json', () => `{"openapi":"3.0.0","paths":{},"x":${nest(20_000, '{"a":', '}', '1')}}`) },
  { name: 'nested lists in a description in YAML', make: replaceFile('crm.json', () => `openapi: 3.0.0\nx: ${nest(5000, '[', ']', '1')}`) },
  { name: 'aliases in a description', make: replaceFile('crm.json', () => `openapi: 3.0.0\n${laughs((at) => (at === 0 ? 'a0: &a0 [x, x]' : `a${at}: &a${at} [${`*a${at - 1}, `.repeat(9)}x]`))}`) },
  { name: 'merge keys in a description', make: replaceFile('crm.json', () => `openapi: 3.0.0\n${laughs((at) => (at === 0 ? 'a0: &a0 {x: 1}' : `a${at}: &a${at} {<<: [${Array.from({ length: 9 }, () => `*a${at - 1}`).join(', ')}], b${at}: *a${at - 1}}`))}`) },
  { name: 'a schema two thousand deep', make: change(({ crm }) => { let schema: object = { type: 'string' }; for (let at = 0; at < 2000; at += 1) schema = { type: 'object', properties: { a: schema } }; crm.components.schemas.Contact.properties.other = schema; }) },
  { name: 'five thousand parts of a schema', make: change(({ crm }) => void (crm.components.schemas.Contact.allOf = Array.from({ length: 5000 }, (_, at) => ({ properties: { [`p${at}`]: { type: 'string' } } })))) },
  { name: 'five thousand variants of a schema', make: change(({ crm }) => void (crm.components.schemas.Contact.properties.other = { anyOf: Array.from({ length: 5000 }, (_, at) => ({ type: 'object', properties: { [`p${at}`]: { type: 'string' } } })) })) },
  { name: 'parts that double thirty times', make: change(({ crm }) => { for (let at = 0; at < 30; at += 1) crm.components.schemas[`D${at}`] = { allOf: [ref(`D${at + 1}`), ref(`D${at + 1}`)] }; crm.components.schemas.D30 = { type: 'object', properties: { id: { type: 'string' } } }; crm.components.schemas.Contact.allOf = [ref('D0')]; }) },
  { name: 'variants that double thirty times', make: change(({ crm }) => { for (let at = 0; at < 30; at += 1) crm.components.schemas[`D${at}`] = { anyOf: [ref(`D${at + 1}`), ref(`D${at + 1}`)] }; crm.components.schemas.D30 = { type: 'object', properties: { id: { type: 'string' } } }; crm.components.schemas.Contact.properties.other = ref('D0'); }) },
  { name: 'properties that double thirty times', make: change(({ crm }) => { for (let at = 0; at < 30; at += 1) crm.components.schemas[`D${at}`] = { type: 'object', properties: { a: ref(`D${at + 1}`), b: ref(`D${at + 1}`) } }; crm.components.schemas.D30 = { type: 'string' }; crm.components.schemas.Contact.properties.other = ref('D0'); }) },
  { name: 'a hundred thousand members of an enumeration', make: change(({ ledger }) => void (ledger.components.schemas.Entry.properties.kind.enum = ['one', 'two', ...Array.from({ length: 100_000 }, (_, at) => `m${at}`)])) },
  { name: 'ten thousand properties', make: change(({ crm }) => { for (let at = 0; at < 10_000; at += 1) crm.components.schemas.Contact.properties[`p${at}`] = { type: 'string' }; }) },
  { name: 'twenty thousand paths', make: change(({ crm }) => { for (let at = 0; at < 20_000; at += 1) crm.paths[`/p${at}`] = { get: { operationId: `p${at}`, responses: {} } }; }) },
  { name: 'a schema that is itself', make: change(({ crm }) => void (crm.components.schemas.Contact = ref('Contact'))) },
  { name: 'two schemas that are each other', make: change(({ crm }) => { crm.components.schemas.Contact = ref('Line'); crm.components.schemas.Line = ref('Contact'); }) },
  { name: 'a schema that is a part of itself', make: change(({ crm }) => void (crm.components.schemas.Contact.allOf = [ref('Contact')])) },
  { name: 'a schema that is a variant of itself', make: change(({ crm }) => void (crm.components.schemas.Contact.anyOf = [ref('Contact'), { type: 'null' }])) },
  { name: 'a list of itself', make: change(({ crm }) => void (crm.components.schemas.Line = { type: 'array', items: ref('Line') })) },
  { name: 'a path that is itself', make: change(({ crm }) => void (crm.paths['/contacts'] = { $ref: '#/paths/~1contacts' })) },
  { name: 'a parameter that is itself', make: change(({ crm }) => void (crm.paths['/contacts'].get.parameters[0] = { $ref: '#/paths/~1contacts/get/parameters/0' })) },
  { name: 'a body that is itself', make: change(({ ledger }) => void (ledger.paths['/contacts'].post.requestBody = { $ref: '#/paths/~1contacts/post/requestBody' })) },
  { name: 'an answer that is itself', make: change(({ crm }) => void (crm.paths['/contacts'].get.responses['200'] = { $ref: '#/paths/~1contacts/get/responses/200' })) },
  { name: 'a chain of two thousand references', make: change(({ crm }) => { for (let at = 0; at < 2000; at += 1) crm.components.schemas[`C${at}`] = ref(`C${at + 1}`); crm.components.schemas.C2000 = { type: 'string' }; crm.components.schemas.Contact.properties.other = ref('C0'); }) },
  { name: 'stars in a pattern of paths', make: change(({ crm, rules }) => { crm.paths[`/${'a'.repeat(200)}`] = { get: { responses: {} } }; rules.systems.crm.limits.pools[0].for = `GET /${'*a'.repeat(25)}*b`; rules.systems.crm.pages[0].for = `GET /${'*a'.repeat(25)}*b`; }) },
  { name: 'a day that never comes', make: change(({ rules }) => { delete rules.flows.contacts.from.every; rules.flows.contacts.from.at = '0 0 30 2 *'; }) },
  { name: 'a path of an overlay that visits everything again and again', make: change(({ overlay }) => void (overlay.actions[0].target = '$..*..*..*..*..*')) },
  { name: 'a filter of an overlay with a pattern without end', make: change(({ crm, overlay }) => { crm.info.title = `${'a'.repeat(40)}!`; overlay.actions[0].target = "$..[?match(@.title, '(a+)+b')]"; }) },
  { name: 'an overlay that doubles thirty times', make: change(({ overlay }) => void (overlay.actions = Array.from({ length: 30 }, () => ({ target: '$.info', update: { x: { y: ['z'.repeat(1000)] } } })))) },
  { name: 'an overlay that leaves the folder', make: change(({ rules }) => void (rules.systems.crm.overlays = ['http://169.254.169.254/x'])) },
  { name: 'descriptions of the network', make: change(({ rules }) => void (rules.systems.crm.spec = 'http://169.254.169.254/x')) },
  { name: 'swagger 2.0 that doubles thirty times', make: replaceFile('crm.json', () => JSON.stringify({ swagger: '2.0', info: {}, paths: { '/contacts': { get: { operationId: 'listContacts', responses: { 200: { schema: { $ref: '#/definitions/D0' } } } } } }, definitions: Object.fromEntries(Array.from({ length: 31 }, (_, at) => [`D${at}`, at === 30 ? { type: 'string' } : { allOf: [{ $ref: `#/definitions/D${at + 1}` }, { $ref: `#/definitions/D${at + 1}` }] }])) })) },
  ...['constructor', '__proto__', 'toString'].map((word) => ({ name: `Swagger 2.0 with the word ${word} wherever one of a list is wanted`, make: replaceFile('crm.json', () => JSON.stringify({ swagger: '2.0', info: {}, schemes: [word], consumes: [word], produces: [word], securityDefinitions: { a: { type: 'oauth2', flow: word }, b: { type: word } }, paths: { '/contacts': { get: { operationId: 'listContacts', parameters: [{ name: 'since', in: 'query', type: 'array', collectionFormat: word, items: { type: word } }, { name: 'x', in: word, type: word }], responses: { 200: { schema: { $ref: `#/components/${word}/x` } } } } } } })) })),
  ...refs.map((text) => ({ name: `the reference ${JSON.stringify(text)}`, make: change(({ crm }) => void (crm.components.schemas.Page.properties.results.items = { $ref: text })) })),
  ...PATTERNS.map((pattern) => ({
    name: `the pattern ${pattern}`,
    make: change(({ crm, ledger, rules }) => {
      ledger.components.schemas.Entry.properties.code.pattern = pattern;
      ledger.components.schemas.Entry.properties.mark.pattern = pattern;
      crm.components.schemas.Contact.properties.id.pattern = pattern;
      rules.flows.contacts.to[0].map.code = `${'a'.repeat(60)}!`;
    }),
  })),
]; // prettier-ignore
