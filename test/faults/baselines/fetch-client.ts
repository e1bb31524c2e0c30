import type { SourceRecord, Tier } from '../fault.ts';
import { PAGE_SIZE } from '../fault-world.ts';

/** What a client takes of an answer; that of the global `fetch` fits. */
export interface FetchAnswer {
  readonly ok: boolean;
  readonly status: number;
  json(): Promise<unknown>;
}

export interface FetchInit {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export type FetchLike = (url: string, init?: FetchInit) => Promise<FetchAnswer>;

/** What the client keeps from run to run, as it would in a file. */
export interface ClientState {
  /** As an ISO time: what has changed since then is read. */
  since: string;
  refreshToken: string;
  accessToken: string | undefined;
  accessUntilMs: number;
}

export interface FetchClientOptions {
  readonly fetch: FetchLike;
  readonly source: string;
  readonly target: string;
  readonly sourceKey: string;
  /** A fixed token of the target; with OAuth where left out. */
  readonly targetToken: string | undefined;
  readonly tier: Tier;
  readonly paging: 'cursor' | 'offset' | 'next-url';
  readonly now: () => number;
}

interface Page {
  readonly rows: readonly SourceRecord[];
  readonly next: string | null;
}

/**
 * One run of the loop that people write: page after page, record after record, and the newest time is remembered when
 * all went well. It uses what the target offers against duplicates: a key, an upsert, or a look before each create.
 * @throws Error where an answer is no success, or is not JSON
 */
export async function runFetchClient(options: FetchClientOptions, state: ClientState): Promise<void> {
  let newest: string | undefined;
  let place: Place | undefined = { cursor: undefined, url: undefined, offset: 0 };
  while (place !== undefined) {
    const page: Page = await readPage(options, state, place);
    for (const row of page.rows) {
      await writeRow(options, state, row);
      if (newest === undefined || row.updated > newest) newest = row.updated;
    }
    place = findNext(options, page, place);
  }
  // The source gives what has changed at that time too.
  if (newest !== undefined) state.since = new Date(Date.parse(newest) + 1).toISOString();
}

interface Place {
  readonly cursor: string | undefined;
  readonly url: string | undefined;
  readonly offset: number;
}

function findNext(
  { paging, source }: FetchClientOptions,
  { rows, next }: Page,
  at: Place,
): Place | undefined {
  if (paging === 'offset') {
    const offset = at.offset + rows.length;
    return rows.length < PAGE_SIZE ? undefined : { cursor: `c${offset}`, url: undefined, offset };
  }
  if (next === null) return undefined;
  if (paging === 'next-url') return { cursor: undefined, url: new URL(next, source).href, offset: 0 };
  return { cursor: next, url: undefined, offset: 0 };
}

async function readPage(
  { fetch, source, sourceKey }: FetchClientOptions,
  { since }: ClientState,
  { cursor, url }: Place,
): Promise<Page> {
  const query = new URLSearchParams({ since, ...(cursor === undefined ? {} : { cursor }) });
  const answer = await fetch(url ?? `${source}/rows?${query.toString()}`, {
    headers: { 'X-API-Key': sourceKey },
  });
  return (await readBody('GET /rows', answer)) as Page;
}

async function writeRow(options: FetchClientOptions, state: ClientState, row: SourceRecord): Promise<void> {
  const { fetch, target, tier } = options;
  const headers = {
    Authorization: `Bearer ${await findToken(options, state)}`,
    'Content-Type': 'application/json',
  };
  if (tier === 3 || tier === 4) {
    const answer = await fetch(`${target}/objects?ref=${row.id}`, { headers });
    const { found } = (await readBody('GET /objects', answer)) as { readonly found: readonly unknown[] };
    if (found.length > 0) return;
  }
  const body = JSON.stringify({
    ref: row.id,
    name: row.name,
    email: row.email,
    amount: row.amount,
    kind: row.kind,
    day: row.day.slice(0, 10),
  });
  const answer = await fetch(tier === 0 ? `${target}/objects/${row.id}` : `${target}/objects`, {
    method: tier === 0 ? 'PUT' : 'POST',
    headers: tier === 1 ? { ...headers, 'Idempotency-Key': `${row.id}-${row.updated}` } : headers,
    body,
  });
  if (answer.status === 401) state.accessToken = undefined;
  await readBody('the write', answer);
}

/** RFC 6749 6. */
async function findToken(
  { fetch, target, targetToken, now }: FetchClientOptions,
  state: ClientState,
): Promise<string> {
  if (targetToken !== undefined) return targetToken;
  if (state.accessToken !== undefined && now() < state.accessUntilMs) return state.accessToken;
  const answer = await fetch(`${target}/token`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: state.refreshToken,
      client_id: 'client',
      client_secret: 'client-secret',
    }).toString(),
  });
  const given = (await readBody('POST /token', answer)) as {
    readonly access_token: string;
    readonly refresh_token?: string;
    readonly expires_in: number;
  };
  state.accessToken = given.access_token;
  state.accessUntilMs = now() + given.expires_in * 1000;
  state.refreshToken = given.refresh_token ?? state.refreshToken;
  return given.access_token;
}

async function readBody(what: string, answer: FetchAnswer): Promise<unknown> {
  if (!answer.ok) throw new Error(`${what} was answered with ${answer.status}`);
  return answer.json();
}
