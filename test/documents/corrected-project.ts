export type Dialect = '2.0' | '3.0' | '3.1';

/** One fact of each kind, where each can stand: on the schema itself, in a part of it, behind a reference, in a map. */
export const FACTS: readonly object[] = [
  {
    schema: 'Entry',
    required: ['label'],
    optional: ['code', 'mark'],
    nullable: ['note', 'kind', 'owner'],
    because: 'tried',
  },
  { schema: 'Entry.custom', fields: { a: 'text?', b: 'integer' } },
  { call: 'POST /entries', required: ['lines[].text'], because: "it says so: 'no'" },
];

const text = { type: 'string' };

/** A source, and a target whose description is wrong in each way that a fact can correct. */
export function createCorrectedProject(
  dialect: Dialect,
  facts: readonly object[],
): { readonly rules: object; readonly texts: Readonly<Record<string, string>> } {
  const home = dialect === '2.0' ? '#/definitions/' : '#/components/schemas/';
  const ref = (name: string): object => ({ $ref: home + name });
  const crm = describe(
    '3.0',
    {
      Thing: {
        type: 'object',
        required: ['id', 'changed'],
        properties: { id: text, changed: { ...text, format: 'date-time' }, name: text },
      },
    },
    {
      '/things': {
        get: answer('3.0', {
          type: 'object',
          required: ['results'],
          properties: { results: { type: 'array', items: { $ref: '#/components/schemas/Thing' } } },
        }),
      },
    },
  );
  const schemas = {
    Owner: { type: 'object', properties: { name: text } },
    Line: { type: 'object', properties: { text } },
    Base: { type: 'object', required: ['number', 'mark'], properties: { number: text, mark: text } },
    Entry: {
      type: 'object',
      required: ['code'],
      allOf: [ref('Base')],
      properties: {
        code: text,
        label: text,
        note: text,
        kind: { ...text, enum: ['a', 'b'] },
        owner: ref('Owner'),
        custom: { type: 'object', additionalProperties: text },
        lines: { type: 'array', items: ref('Line') },
      },
    },
  };
  const post = { ...answer(dialect, ref('Owner')), ...takes(dialect, ref('Entry')) };
  const ledger = describe(dialect, schemas, { '/entries': { post } });
  return {
    rules: createRules(facts),
    texts: { 'crm.json': JSON.stringify(crm), 'ledger.json': JSON.stringify(ledger) },
  };
}

function describe(dialect: Dialect, schemas: object, paths: object): object {
  const info = { title: 'API', version: '1' };
  if (dialect === '2.0')
    return {
      swagger: '2.0',
      info,
      consumes: ['application/json'],
      produces: ['application/json'],
      paths,
      definitions: schemas,
    };
  return { openapi: `${dialect}.0`, info, paths, components: { schemas } };
}

function answer(dialect: Dialect, schema: object): object {
  const content = dialect === '2.0' ? { schema } : { content: { 'application/json': { schema } } };
  return { responses: { 200: { description: 'fine', ...content } } };
}

function takes(dialect: Dialect, schema: object): object {
  return dialect === '2.0'
    ? { parameters: [{ in: 'body', name: 'body', required: true, schema }] }
    : { requestBody: { required: true, content: { 'application/json': { schema } } } };
}

function createRules(facts: readonly object[]): object {
  return {
    mortise: 1,
    integration: 'things',
    purpose: 'Things become entries.',
    output: './generated',
    policy: 'standard',
    systems: {
      crm: {
        spec: './crm.json',
        server: '$CRM_URL',
        auth: { kind: 'none' },
        pages: [{ for: 'GET *', kind: 'none', because: 'one answer' }],
      },
      ledger: { spec: './ledger.json', server: '$LEDGER_URL', auth: { kind: 'none' }, facts },
    },
    alerts: {
      channels: { ops: { kind: 'slack', url: '$OPS_WEBHOOK' } },
      send: [{ when: ['review', 'dead-letter', 'halt', 'pause', 'auth'], to: 'ops' }],
    },
    flows: {
      things: {
        from: {
          system: 'crm',
          read: 'GET /things',
          records: 'results',
          key: 'id',
          version: 'changed',
          changes: { full: true, first: 'all' },
          every: '5m',
        },
        later: { changed: 'update', left: 'ignore', deleted: 'ignore' },
        to: [
          {
            name: 'entry',
            system: 'ledger',
            write: 'POST /entries',
            once: { kind: 'upsert', by: 'number' },
            map: {
              number: '=source.id',
              mark: '=source.name',
              code: '=source.name',
              label: '=source.name',
              note: { value: '=source.name', blank: 'clear' },
              kind: { value: '=source.name', blank: 'omit', invalid: 'review' },
              'owner.name': '=source.name',
              'custom.a': '=source.name',
              'custom.b': { value: '=source.name', as: 'integer' },
              'lines[0].text': '=source.name',
            },
          },
        ],
      },
    },
  };
}
