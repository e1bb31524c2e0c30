/** A rules file and what it names, as values: each position of the table changes one thing in it. */
export interface HostileProject {
  rulesName: string;
  readonly rules: Tree;
  readonly crm: Tree;
  readonly ledger: Tree;
  readonly overlay: Tree;
}

// Any JSON; what stands at a path is known to the table alone.
// oxlint-disable-next-line no-explicit-any
export type Tree = any;

const text = { type: 'string' };
const json = (schema: object): object => ({ 'application/json': { schema } });
const ref = (name: string): object => ({ $ref: `#/components/schemas/${name}` });

export function createHostileProject(): HostileProject {
  return { rulesName: 'contacts.rules.yaml', ...createRules(), ...createDescriptions() };
}

function createDescriptions(): Pick<HostileProject, 'crm' | 'ledger' | 'overlay'> {
  const about = (): object => ({
    title: 'API',
    version: '1',
    description: 'text',
    termsOfService: 'text',
    contact: { name: 'text', url: 'text', email: 'text' },
    license: { name: 'text', url: 'text' },
    'x-logo': { url: 'text' },
  });
  const around = (): object => ({
    servers: [
      {
        url: 'https://{zone}.example',
        description: 'text',
        variables: { zone: { default: 'text', enum: ['text'], description: 'text' } },
      },
    ],
    tags: [{ name: 'text', description: 'text', externalDocs: { url: 'text', description: 'text' } }],
    externalDocs: { url: 'text', description: 'text' },
    security: [{ key: ['text'] }],
    'x-anything': { text: 'text' },
  });
  const securitySchemes = {
    key: { type: 'apiKey', in: 'header', name: 'X-Key', description: 'text' },
    login: {
      type: 'oauth2',
      flows: { clientCredentials: { tokenUrl: 'text', refreshUrl: 'text', scopes: { read: 'text' } } },
    },
    open: { type: 'openIdConnect', openIdConnectUrl: 'text', bearerFormat: 'text', scheme: 'text' },
  };
  const crm = {
    openapi: '3.0.3',
    info: about(),
    ...around(),
    paths: {
      '/contacts': {
        summary: 'text',
        description: 'text',
        get: {
          operationId: 'listContacts',
          summary: 'text',
          description: 'text',
          tags: ['text'],
          externalDocs: { url: 'text' },
          'x-extension': 'text',
          parameters: [
            {
              name: 'since',
              in: 'query',
              required: true,
              description: 'text',
              example: 'text',
              schema: text,
            },
            { name: 'cursor', in: 'query', schema: { ...text, default: 'text' } },
            { name: 'label', in: 'query', schema: text },
            { name: 'X-Label', in: 'header', schema: { ...text, default: 'text' } },
          ],
          responses: {
            '200': {
              description: 'text',
              headers: { 'X-Rest': { description: 'text', schema: text } },
              links: {
                next: { operationId: 'listContacts', description: 'text', parameters: { cursor: 'text' } },
              },
              content: { 'application/json': { schema: ref('Page'), example: { text: 'text' } } },
            },
            '404': { description: 'text' },
          },
          callbacks: {
            done: { '{$request.query.label}': { post: { responses: { '200': { description: 'text' } } } } },
          },
        },
      },
    },
    components: {
      securitySchemes,
      examples: { one: { summary: 'text', value: 'text' } },
      schemas: {
        Page: {
          type: 'object',
          title: 'text',
          description: 'text',
          required: ['results'],
          properties: { results: { type: 'array', items: ref('Contact') }, next: text },
        },
        Contact: {
          type: 'object',
          required: ['id', 'changed'],
          'x-enum-varnames': ['text'],
          example: { id: 'text' },
          externalDocs: { url: 'text' },
          properties: {
            id: {
              ...text,
              description: 'text',
              title: 'text',
              example: 'text',
              default: 'text',
              xml: { name: 'text' },
            },
            changed: { ...text, format: 'date-time' },
            name: { ...text, maxLength: 50 },
            stage: { ...text, enum: ['lead', 'won'], 'x-enum-descriptions': ['text'], default: 'lead' },
            other: text,
            unused: text,
            lines: { type: 'array', items: ref('Line') },
            custom: { type: 'object', additionalProperties: text },
          },
        },
        Line: { type: 'object', properties: { label: text } },
      },
    },
  };
  const ledger = {
    openapi: '3.0.3',
    info: about(),
    ...around(),
    paths: {
      '/contacts': {
        post: {
          operationId: 'saveContact',
          summary: 'text',
          description: 'text',
          parameters: [
            { name: 'region', in: 'query', schema: text },
            { name: 'X-Region', in: 'header', schema: text },
          ],
          requestBody: { required: true, description: 'text', content: json(ref('Entry')) },
          responses: {
            '200': { description: 'text', content: json(ref('Stored')) },
            '400': { description: 'text', content: json(ref('Problem')) },
          },
        },
      },
      '/people': {
        get: {
          operationId: 'findPeople',
          parameters: [{ name: 'number', in: 'query', schema: text }],
          responses: { '200': { description: 'text', content: json(ref('People')) } },
        },
      },
      '/notes/{note}': {
        post: {
          operationId: 'addNote',
          parameters: [{ name: 'note', in: 'path', required: true, schema: text }],
          requestBody: { required: true, content: json(ref('Note')) },
          responses: { '201': { description: 'text' } },
        },
      },
    },
    components: {
      securitySchemes,
      schemas: {
        Entry: {
          type: 'object',
          title: 'text',
          description: 'text',
          required: ['name'],
          properties: {
            number: {
              ...text,
              maxLength: 50,
              description: 'text',
              title: 'text',
              default: 'text',
              example: 'text',
            },
            name: { ...text, maxLength: 100, nullable: true },
            kind: { ...text, enum: ['one', 'two'] },
            code: text,
            code2: text,
            mark: { ...text, pattern: '^[A-Z]+$' },
            form: { ...text, format: 'date' },
            unused: { ...text, enum: ['text'] },
            lines: { type: 'array', items: { type: 'object', properties: { label: text, mark: text } } },
          },
        },
        Stored: { type: 'object', properties: { id: text, state: text } },
        Problem: { type: 'object', properties: { message: text } },
        People: {
          type: 'object',
          properties: {
            people: { type: 'array', items: { type: 'object', properties: { id: text, owner: text } } },
          },
        },
        Note: { type: 'object', properties: { text } },
      },
    },
  };
  const overlay = {
    overlay: '1.0.0',
    info: { title: 'text', version: '1' },
    extends: 'text',
    actions: [
      { target: '$.info', description: 'text', update: { summary: 'text' } },
      {
        target: '$.components.schemas.Contact.properties',
        update: { added: { ...text, description: 'text' } },
      },
    ],
  };
  return unshare({ crm, ledger, overlay });
}

function createRules(): Pick<HostileProject, 'rules'> {
  const rules = {
    mortise: 1,
    integration: 'contacts',
    purpose: 'Contacts become entries.',
    output: './generated',
    zone: 'Europe/Vienna',
    policy: 'house',
    policies: { house: { extends: 'standard', because: 'text' } },
    config: { label: 'string' },
    systems: {
      crm: {
        spec: './crm.json',
        overlays: ['./crm.overlay.json'],
        server: '$CRM_URL',
        auth: { kind: 'apiKey', in: 'header', name: 'X-Key', value: '$CRM_KEY' },
        headers: { 'X-Client': 'text' },
        limits: { rate: '60 per 1m', pools: [{ for: 'GET *', rate: '4 per 1s' }] },
        pages: [{ for: 'GET /contacts', kind: 'cursor', next: 'next', send: 'cursor', because: 'text' }],
        facts: [
          { schema: 'Contact', nullable: ['name'], because: 'text' },
          { schema: 'Contact.custom', fields: { code: 'text?' }, because: 'text' },
        ],
        calls: [{ on: 423, when: "=body.next === 'text'", do: 'defer', because: 'text' }],
      },
      ledger: {
        spec: './ledger.json',
        server: 'https://ledger.example',
        auth: {
          kind: 'oauth2',
          grant: 'client_credentials',
          tokenUrl: '$TOKEN_URL',
          client: '$CLIENT',
          secret: '$SECRET',
          scopes: ['read'],
        },
        pages: [{ for: 'GET /people', kind: 'none', because: 'text' }],
        facts: [{ call: 'addNote', required: [], because: 'text' }],
      },
    },
    flows: {
      contacts: {
        from: {
          system: 'crm',
          read: 'listContacts',
          with: { since: '=since.iso', label: 'text' },
          records: 'results',
          key: 'id',
          version: 'changed',
          changes: { field: 'changed', first: 'all' },
          every: '5m',
          volume: '400 per 1d',
        },
        keep: [{ when: "=source.stage === 'won'", otherwise: 'skip' }],
        later: { changed: 'update', left: 'ignore', deleted: 'ignore', because: 'text' },
        find: {
          known: {
            system: 'ledger',
            call: 'findPeople',
            with: { number: '=source.id' },
            records: 'people',
            none: 'blank',
            many: 'skip',
            because: 'text',
          },
        },
        to: [
          {
            name: 'entry',
            system: 'ledger',
            write: 'saveContact',
            with: { region: 'text' },
            id: 'id',
            unless: "=body.state === 'text'",
            once: { kind: 'upsert', by: 'number' },
            map: {
              number: '=source.id',
              name: { value: '=source.name', blank: 'review', invalid: 'review', because: 'text' },
              kind: { value: '=source.stage', table: { lead: 'one', won: 'two' }, otherwise: 'review' },
              code: 'text',
              code2: { value: '=`a ${source.other} b`', blank: { default: 'text' }, because: 'text' },
              mark: { value: '=source.other', blank: 'omit', invalid: 'review' },
              form: { value: '=source.other', blank: 'omit', invalid: 'review' },
              lines: { each: '=source.lines', map: { label: '=each.label', mark: 'text' } },
            },
            calls: [{ on: 400, do: 'review', because: 'text' }],
          },
          {
            name: 'note',
            system: 'ledger',
            write: 'addNote',
            with: { note: '=source.id' },
            once: [
              { kind: 'key', header: 'Idempotency-Key', lasts: '24h', because: 'text' },
              { kind: 'accept-duplicates', because: 'text' },
            ],
            map: { text: "=config.label + 'text' + (found.known?.owner ?? '')" },
            calls: [{ on: ['unknown', 'timeout', 'malformed', '5xx'], do: 'review', because: 'text' }],
          },
        ],
      },
    },
    alerts: {
      channels: {
        ops: { kind: 'slack', url: '$OPS_URL' },
        desk: { kind: 'email', to: 'desk@example.com', smtp: '$SMTP_URL', from: '$MAIL_FROM' },
      },
      send: [
        { when: ['dead-letter', 'halt', 'pause', 'auth'], to: 'ops', because: 'text' },
        { when: 'review', to: 'desk', every: '1h' },
      ],
    },
  };
  return unshare({ rules });
}

/** What stands in two places here is changed in one of them; a structured clone would keep it one. */
function unshare<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
