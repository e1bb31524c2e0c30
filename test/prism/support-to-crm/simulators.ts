import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Person } from './people.ts';

export interface Simulator {
  readonly url: string;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Answers one call; undefined: the connection is cut. */
type Answerer = (body: Record<string, never>, request: IncomingMessage) => Answer | undefined;

async function serve(answer: Answerer): Promise<Simulator> {
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const given = answer(JSON.parse(Buffer.concat(chunks).toString() || '{}') as never, request);
      if (given === undefined) response.destroy();
      else
        response
          .writeHead(given.status, { 'content-type': 'application/json' })
          .end(JSON.stringify(given.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export interface Search {
  readonly query: { readonly field: string; readonly operator: string; readonly value: number | string };
  readonly pagination?: { readonly per_page?: number; readonly starting_after?: string };
}

/** Searches people by when they changed, with a cursor; each fifth call is refused because too many come. */
export async function startSupport(
  people: readonly Person[],
): Promise<Simulator & { readonly searches: Search[] }> {
  const searches: Search[] = [];
  let calls = 0;
  const simulator = await serve((body, request) => {
    if (request.method !== 'POST' || request.url !== '/contacts/search')
      return { status: 404, body: { type: 'error.list', errors: [] } };
    if (request.headers.authorization !== 'Bearer support-token')
      return { status: 401, body: { type: 'error.list', errors: [{ code: 'unauthorized', message: 'no' }] } };
    calls += 1;
    if (calls % 5 === 2)
      return { status: 503, body: { type: 'error.list', errors: [{ code: 'busy', message: 'try again' }] } };
    const search = body as unknown as Search;
    searches.push(search);
    const { per_page: size = 50, starting_after: after = '0' } = search.pagination ?? {};
    const from = Number(after);
    const found = people.filter(({ updatedAt }) => updatedAt > Number(search.query.value));
    const page = found.slice(from, from + size);
    const next = from + size < found.length ? { per_page: size, starting_after: String(from + size) } : null;
    return {
      status: 200,
      body: {
        type: 'list',
        data: page.map(describePerson),
        total_count: found.length,
        pages: { type: 'pages', page: from / size + 1, per_page: size, total_pages: 1, next },
      },
    };
  });
  return { ...simulator, searches };
}

function describePerson(person: Person) {
  return {
    type: 'contact',
    id: person.id,
    role: person.role,
    email: person.email,
    name: person.name,
    phone: person.phone,
    created_at: person.createdAt,
    updated_at: person.updatedAt,
    location: { type: 'location', country: person.country, region: null, city: null },
  };
}

export interface UpsertInput {
  readonly id: string;
  readonly idProperty: string;
  readonly properties: Readonly<Record<string, string>>;
}

export interface CrmSimulator extends Simulator {
  readonly contacts: ReadonlyMap<string, Record<string, string>>;
  /** How often an object was made anew for one address: more than once is a double. */
  readonly creations: ReadonlyMap<string, number>;
  readonly calls: readonly number[];
}

/** Makes or changes contacts by their address; an address that stands twice in one call is refused as a whole. */
export async function startCrm(): Promise<CrmSimulator> {
  const contacts = new Map<string, Record<string, string>>();
  const ids = new Map<string, string>();
  const creations = new Map<string, number>();
  const calls: number[] = [];
  const upsert = (inputs: readonly UpsertInput[]): object[] =>
    inputs.map(({ id, properties }) => {
      const isNew = !ids.has(id);
      if (isNew) {
        ids.set(id, String(70_001 + ids.size));
        creations.set(id, (creations.get(id) ?? 0) + 1);
      }
      contacts.set(id, { ...contacts.get(id), ...properties });
      const at = '2026-03-04T05:06:07.890Z';
      return {
        id: ids.get(id),
        new: isNew,
        properties: contacts.get(id),
        createdAt: at,
        updatedAt: at,
        archived: false,
      };
    });
  const simulator = await serve((body, request) => {
    if (request.url !== '/crm/v3/objects/contacts/batch/upsert')
      return { status: 404, body: describeError('not found') };
    if (request.headers.authorization !== 'Bearer crm-token')
      return { status: 401, body: describeError('no credentials') };
    const { inputs } = body as unknown as { readonly inputs: readonly UpsertInput[] };
    calls.push(inputs.length);
    if (calls.length % 7 === 2) return { status: 502, body: describeError('bad gateway') };
    if (new Set(inputs.map(({ id }) => id)).size < inputs.length)
      return { status: 400, body: describeError('an id stands twice in one call') };
    const results = upsert(inputs);
    // Done, and the answer never arrives.
    if (calls.length % 7 === 4) return undefined;
    const at = '2026-03-04T05:06:07.890Z';
    return { status: 200, body: { status: 'COMPLETE', results, startedAt: at, completedAt: at } };
  });
  return { ...simulator, contacts, creations, calls };
}

function describeError(message: string): object {
  return { category: 'VALIDATION_ERROR', correlationId: '3f1a7c52-8d4e-4b6f-9a21-0c5d7e8f9a0b', message };
}
