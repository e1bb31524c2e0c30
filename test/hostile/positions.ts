import type { HostileProject, Tree } from './hostile-project.ts';

/** A place where outside text enters, and how a text is put there. */
export interface Position {
  readonly name: string;
  /** Where a text may be refused, it is compiled by itself, or it would hide what becomes of the others. */
  readonly alone: boolean;
  readonly put: (project: HostileProject, text: string) => void;
}

type Part = 'rules' | 'crm' | 'ledger' | 'overlay';

/** `paths./contacts.get` has no dots in its steps, so that a list of steps needs no quotes. */
function find(root: Tree, steps: readonly string[]): Tree {
  return steps.reduce((node, step) => node[step], root);
}

function setValue(root: Tree, path: string, value: unknown): void {
  const steps = path.split(' ');
  find(root, steps.slice(0, -1))[steps.at(-1) ?? ''] = value;
}

/** Gives a key another name, at the same place among the others. */
function setKey(root: Tree, path: string, key: string): void {
  const steps = path.split(' ');
  const node = find(root, steps.slice(0, -1));
  const entries = Object.entries(node).map(([name, value]) => [name === steps.at(-1) ? key : name, value]);
  for (const name of Object.keys(node)) delete node[name];
  // `__proto__` becomes a key like any other.
  for (const [name, value] of entries)
    Object.defineProperty(node, name as string, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
}

const values = (part: Part, alone: boolean, paths: readonly string[]): Position[] =>
  paths.map((path) => ({
    name: `${part}: ${path}`,
    alone,
    put: (project, text) => setValue(project[part], path, text),
  }));

const keys = (part: Part, alone: boolean, paths: readonly string[]): Position[] =>
  paths.map((path) => ({
    name: `${part}: key ${path}`,
    alone,
    put: (project, text) => setKey(project[part], path, text),
  }));

const own = (name: string, alone: boolean, put: Position['put']): Position => ({ name, alone, put });

/** Prose and data that both descriptions have. */
const COMMON = [
  'info title', 'info version', 'info description', 'info termsOfService', 'info contact name', 'info contact url',
  'info contact email', 'info license name', 'info license url', 'info x-logo url', 'servers 0 url',
  'servers 0 description', 'servers 0 variables zone default', 'servers 0 variables zone enum 0',
  'servers 0 variables zone description', 'tags 0 name', 'tags 0 description', 'tags 0 externalDocs url',
  'tags 0 externalDocs description', 'externalDocs url', 'externalDocs description', 'security 0 key 0',
  'x-anything text', 'components securitySchemes key name', 'components securitySchemes key description',
  'components securitySchemes login flows clientCredentials tokenUrl',
  'components securitySchemes login flows clientCredentials refreshUrl',
  'components securitySchemes login flows clientCredentials scopes read',
  'components securitySchemes open openIdConnectUrl', 'components securitySchemes open bearerFormat',
  'components securitySchemes open scheme',
]; // prettier-ignore

const CONTACT = 'components schemas Contact';
const ENTRY = 'components schemas Entry';
const READ = 'paths /contacts get';
const WRITE = 'paths /contacts post';
const FROM = 'flows contacts from';
const TO = 'flows contacts to';

const IN_DESCRIPTIONS: readonly Position[] = [
  ...values('crm', false, COMMON),
  ...values('ledger', false, COMMON),
  ...values('crm', false, [
    'paths /contacts summary', 'paths /contacts description', `${READ} summary`, `${READ} description`,
    `${READ} tags 0`, `${READ} externalDocs url`, `${READ} x-extension`, `${READ} parameters 0 description`,
    `${READ} parameters 0 example`, `${READ} parameters 1 schema default`, `${READ} parameters 3 schema default`,
    `${READ} responses 200 description`, `${READ} responses 404 description`,
    `${READ} responses 200 headers X-Rest description`, `${READ} responses 200 links next description`,
    `${READ} responses 200 links next operationId`, `${READ} responses 200 links next parameters cursor`,
    `${READ} responses 200 content application/json example text`, 'components examples one summary',
    'components examples one value', 'components schemas Page title', 'components schemas Page description',
    `${CONTACT} x-enum-varnames 0`, `${CONTACT} example id`, `${CONTACT} externalDocs url`,
    `${CONTACT} properties id description`, `${CONTACT} properties id title`, `${CONTACT} properties id example`,
    `${CONTACT} properties id default`, `${CONTACT} properties id xml name`,
    `${CONTACT} properties stage x-enum-descriptions 0`, `${CONTACT} properties stage default`,
  ]), // prettier-ignore
  ...values('ledger', false, [
    `${WRITE} summary`, `${WRITE} description`, `${WRITE} requestBody description`,
    `${WRITE} responses 200 description`, `${WRITE} responses 400 description`, `${ENTRY} title`,
    `${ENTRY} description`, `${ENTRY} properties number description`, `${ENTRY} properties number title`,
    `${ENTRY} properties number default`, `${ENTRY} properties number example`, `${ENTRY} properties unused enum 0`,
  ]), // prettier-ignore
  ...keys('crm', false, [
    'components securitySchemes login flows clientCredentials scopes read', 'components securitySchemes open',
    'components examples one', `${READ} callbacks done`, `${READ} responses 200 links next`,
    `${READ} responses 200 headers X-Rest`, `${CONTACT} properties unused`,
  ]), // prettier-ignore
  ...keys('ledger', false, [`${ENTRY} properties unused`]),
  ...values('overlay', false, ['info title', 'info version', 'extends', 'actions 0 description',
    'actions 0 update summary', 'actions 1 update added description']), // prettier-ignore
  ...values('overlay', true, ['actions 0 target', 'overlay']),
  ...values('crm', true, [
    `${READ} parameters 1 name`, `${READ} parameters 3 name`, `${CONTACT} properties other format`,
    `${CONTACT} properties other pattern`, `${CONTACT} properties other type`, 'openapi', `${CONTACT} required 1`,
    `components schemas Line $ref`, `${READ} parameters 0 in`,
  ]), // prettier-ignore
  ...values('ledger', true, [
    `${WRITE} parameters 1 name`, `${ENTRY} properties mark pattern`, `${ENTRY} properties form format`,
    'components schemas Stored properties state pattern',
  ]), // prettier-ignore
  ...keys('crm', true, [`${READ} responses 404`, `${READ} responses 200 content application/json`]),
  ...keys('ledger', true, [`${WRITE} requestBody content application/json`, `${WRITE} responses 400`]),
  own('crm: parameter of a media type', true, ({ crm }, text) =>
    setKey(crm, `${READ} responses 200 content application/json`, `application/json; x=${text}`),
  ),
  own('ledger: parameter of a media type', true, ({ ledger }, text) =>
    setKey(ledger, `${WRITE} requestBody content application/json`, `application/json; x=${text}`),
  ),
  own('crm: path', true, (project, text) => {
    setKey(project.crm, 'paths /contacts', `/contacts/${text}`);
    project.rules.systems.crm.pages[0].for = 'GET *';
  }),
  own('ledger: path', true, ({ ledger }, text) => setKey(ledger, 'paths /contacts', `/contacts/${text}`)),
  own('ledger: parameter of a path', true, ({ ledger, rules }, text) => {
    setKey(ledger, 'paths /notes/{note}', `/notes/{${text}}`);
    ledger.paths[`/notes/{${text}}`].post.parameters[0].name = text;
    rules.flows.contacts.to[1].with = JSON.parse(`{${JSON.stringify(text)}: "=source.id"}`);
  }),
  own('ledger: name of a query parameter that is given', true, ({ ledger, rules }, text) => {
    ledger.paths['/contacts'].post.parameters[0].name = text;
    rules.flows.contacts.to[0].with = JSON.parse(`{${JSON.stringify(text)}: "text"}`);
  }),
  own('ledger: name of a header that is given', true, ({ ledger, rules }, text) => {
    ledger.paths['/contacts'].post.parameters[1].name = text;
    rules.flows.contacts.to[0].with = JSON.parse(`{${JSON.stringify(text)}: "text"}`);
  }),
  own('crm: operationId', true, ({ crm, rules }, text) => {
    crm.paths['/contacts'].get.operationId = text;
    rules.flows.contacts.from.read = 'GET /contacts';
  }),
  own('ledger: operationId', true, ({ ledger, rules }, text) => {
    ledger.paths['/contacts'].post.operationId = text;
    rules.flows.contacts.to[0].write = 'POST /contacts';
  }),
  own('ledger: member of an enumeration, and of a table', true, ({ ledger, rules }, text) => {
    ledger.components.schemas.Entry.properties.kind.enum[0] = text;
    rules.flows.contacts.to[0].map.kind.table.lead = text;
  }),
  own('crm: member of an enumeration, and key of a table', true, ({ crm, rules }, text) => {
    crm.components.schemas.Contact.properties.stage.enum[0] = text;
    const table = rules.flows.contacts.to[0].map.kind;
    table.table = JSON.parse(`{${JSON.stringify(text)}: "one", "won": "two"}`);
  }),
  own('crm: name of a property that is read', true, ({ crm, rules }, text) => {
    setKey(crm, `${CONTACT} properties other`, text);
    const other = `=source[${JSON.stringify(text)}]`;
    const { map } = rules.flows.contacts.to[0];
    map.code2.value = other;
    map.mark.value = other;
    map.form.value = other;
  }),
  own('ledger: name of a property that is written', true, ({ ledger, rules }, text) => {
    setKey(ledger, `${ENTRY} properties code`, text);
    setKey(rules, `${TO} 0 map code`, text);
  }),
  own('ledger: name of a property in a list', true, ({ ledger, rules }, text) => {
    setKey(ledger, `${ENTRY} properties lines items properties label`, text);
    setKey(rules, `${TO} 0 map lines map label`, text);
  }),
  own('ledger: name of a schema', true, ({ ledger }, text) => {
    setKey(ledger, ENTRY, text);
    ledger.paths['/contacts'].post.requestBody.content['application/json'].schema.$ref =
      `#/components/schemas/${text.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  }),
  own('crm: name of a schema', true, ({ crm, rules }, text) => {
    setKey(crm, CONTACT, text);
    crm.components.schemas.Page.properties.results.items.$ref = `#/components/schemas/${text.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    for (const fact of rules.systems.crm.facts) fact.schema = fact.schema.replace('Contact', () => text);
    delete rules.systems.crm.overlays;
  }),
  own('crm: reference', true, ({ crm }, text) => {
    crm.components.schemas.Page.properties.results.items.$ref = text;
  }),
  own('crm: security scheme of the operation', false, ({ crm }, text) => {
    crm.paths['/contacts'].get.security = [JSON.parse(`{${JSON.stringify(text)}: []}`)];
  }),
];

const IN_RULES: readonly Position[] = [
  ...values('rules', false, [
    'purpose', 'policies house because', 'systems crm pages 0 because', 'systems crm facts 0 because',
    'systems crm facts 1 because', 'systems crm calls 0 because', 'systems ledger pages 0 because',
    'systems ledger facts 0 because', 'flows contacts later because', 'flows contacts find known because',
    `${TO} 0 map name because`, `${TO} 0 map code2 because`, `${TO} 0 map code2 blank default`,
    `${TO} 0 map code`, `${TO} 0 map lines map mark`, `${TO} 0 calls 0 because`, `${TO} 1 calls 0 because`,
    `${TO} 1 once 0 because`, `${TO} 1 once 1 because`, `${TO} 0 with region`, `${FROM} with label`,
    'alerts send 0 because'
  ]), // prettier-ignore
  ...values('rules', true, [
    'integration', 'zone', 'policy', 'policies house extends', 'config label', 'systems crm server', 'systems ledger server', 'systems crm headers X-Client',
    'systems crm auth name', 'systems crm auth value', 'systems crm auth in', 'systems ledger auth scopes 0', 'systems ledger auth tokenUrl', 'systems crm limits pools 0 for',
    'systems crm limits rate', 'systems crm pages 0 for', 'systems crm pages 0 next', 'systems crm pages 0 send',
    'systems crm facts 0 schema', 'systems crm facts 0 nullable 0', 'systems crm facts 1 fields code',
    'systems crm calls 0 on', 'systems crm calls 0 do', 'systems ledger facts 0 call', `${FROM} system`, `${FROM} read`,
    `${FROM} records`, `${FROM} key`, `${FROM} version`, `${FROM} every`, `${FROM} volume`, `${FROM} changes first`,
    `${FROM} changes field`, `${FROM} at`, `${TO} 0 name`, `${TO} 0 system`, `${TO} 0 write`, `${TO} 0 item`, `${TO} 0 id`,
    `${TO} 0 once by`, `${TO} 0 map name as`, `${TO} 0 map name blank`, `${TO} 0 map kind otherwise`,
    `${TO} 1 once 0 header`, `${TO} 1 once 0 lasts`, 'flows contacts find known call', 'flows contacts find known records',
    'alerts channels ops url', 'alerts channels desk to', 'alerts channels desk from', 'alerts channels desk smtp',
    'alerts send 0 to', 'alerts send 1 every',
  ]), // prettier-ignore
  ...keys('rules', true, [
    'systems crm headers X-Client', 'systems crm facts 1 fields code', 'flows contacts', `${TO} 0 map code`,
    `${TO} 0 map kind table lead`, `${TO} 0 map name blank`, `${TO} 0 with region`, 'purpose',
  ]), // prettier-ignore
  own('rules: name of a setting', true, ({ rules }, text) => {
    setKey(rules, 'config label', text);
    rules.flows.contacts.to[1].map.text = `=config.${text}`;
  }),
  own('rules: name of a policy', true, ({ rules }, text) => {
    setKey(rules, 'policies house', text);
    rules.policy = text;
  }),
  own('rules: name of a system', true, ({ rules }, text) => {
    setKey(rules, 'systems ledger', text);
    rules.flows.contacts.find.known.system = text;
    for (const target of rules.flows.contacts.to) target.system = text;
  }),
  own('rules: name of a look-up', true, ({ rules }, text) => {
    setKey(rules, 'flows contacts find known', text);
    rules.flows.contacts.to[1].map.text = `=found.${text}?.owner`;
  }),
  own('rules: name of a channel', true, ({ rules }, text) => {
    setKey(rules, 'alerts channels ops', text);
    rules.alerts.send[0].to = text;
  }),
  own('rules: address of a token, as a text', true, ({ rules }, text) => {
    rules.systems.ledger.auth.tokenUrl = `https://login.example/${text}`;
  }),
  own('rules: text that stands for nothing', false, ({ rules }, text) => {
    rules.sentinels = ['none', `nothing: ${text}`];
  }),
  own('rules: text inside an expression', false, ({ rules }, text) => {
    rules.flows.contacts.to[1].map.text = `=config.label + ${JSON.stringify(text)} + (found.known?.owner ?? '')`;
  }),
  own('rules: text inside a condition', false, ({ rules }, text) => {
    rules.flows.contacts.to[0].unless = `=body.state === ${JSON.stringify(text)}`;
    rules.systems.crm.calls[0].when = `=body.next === ${JSON.stringify(text)}`;
  }),
  own('rules: text of a template', true, ({ rules }, text) => {
    const escaped = text.replaceAll(/[\\`$]/g, String.raw`\$&`);
    rules.flows.contacts.to[0].map.code2.value = `=\`a \${source.other} ${escaped}\``;
  }),
  own('rules: text of a template, as it is', true, ({ rules }, text) => {
    rules.flows.contacts.to[0].map.code2.value = `=\`a \${source.other} ${text}\``;
  }),
  own('rules: comment in an expression', true, ({ rules }, text) => {
    rules.flows.contacts.to[0].map.code = `=source.id /* ${text} */`;
  }),
  own('rules: name of the file', true, (project, text) => {
    project.rulesName = `${text.replaceAll(/[/\0]/g, '')}.rules.yaml`;
  }),
];

export const POSITIONS: readonly Position[] = [...IN_DESCRIPTIONS, ...IN_RULES];
