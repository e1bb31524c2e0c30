import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTarget } from '../faults/fault-target.ts';
import type { TargetObject } from '../faults/fault-target.ts';
import type { WireAnswer } from '../faults/fault.ts';
import { json } from '../faults/json-answer.ts';
import { makeSecret } from './canaries.ts';
import { LAG_MS } from './crash-service.ts';
import { START_MS } from './crash-story.ts';
import type { CrashRecord, Story } from './crash-story.ts';
import { createCrashTokens } from './crash-tokens.ts';
import type { CrashTokens } from './crash-tokens.ts';

export type LedgerRole = 'read' | 'write' | 'look-up' | 'token' | 'alert';

/** One request that came, and its answer. */
export interface LedgerEntry {
  /** How often the service had been started again by then. */
  readonly life: number;
  readonly atMs: number;
  readonly role: LedgerRole;
  readonly method: string;
  /** Below the system's server. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly status: number;
  readonly answer: string;
}

export interface Note extends Pick<TargetObject, 'ref' | 'name'> {
  /** The id of the object that it is about. */
  readonly of?: string;
}

/** What outlives every crash: a source, a target, a token server, a sink of alerts, and a ledger of every request. */
export interface CrashWorld {
  readonly url: string;
  readonly ledger: readonly LedgerEntry[];
  readonly objects: readonly TargetObject[];
  /** What the second target holds, in the stories that have one. */
  readonly notes: readonly Note[];
  readonly tokens: CrashTokens;
  /** The latest moment that the service has spoken of. */
  readonly nowMs: number;
  records(): readonly CrashRecord[];
  beginLife(): void;
  close(): Promise<void>;
}

/** The header with which the service, whose clock is virtual, says what time it is. */
export const NOW_HEADER = 'x-virtual-now';
export const PAGE_SIZE = 3;

type Request = Omit<LedgerEntry, 'status' | 'answer' | 'life'>;

export async function openCrashWorld(story: Story): Promise<CrashWorld> {
  const ledger: LedgerEntry[] = [];
  const target = createTarget(story.tier, LAG_MS, (story.before ?? []).map(describeObject));
  const notes = createTarget(2);
  const tokens = createCrashTokens(story.graceMs);
  let nowMs = START_MS;
  let life = 0;
  const serve = (request: Request): WireAnswer => {
    const { role, body, path, atMs, headers } = request;
    if (role === 'token') return tokens.answer(body, atMs);
    if (role === 'alert') return json(200, {});
    if (role === 'read')
      return headers['x-api-key'] === makeSecret('sourceKey')
        ? servePage(story.recordsAt(atMs), new URL(path, 'http://source'))
        : json(401, {});
    if (!tokens.holds(headers['authorization'], atMs)) return json(401, { error: 'invalid_token' });
    const url = new URL(path, 'http://target');
    if (role === 'look-up') return target.find(url, atMs);
    const times = ledger.filter((entry) => entry.role === 'write' && entry.body === body).length;
    const refused = story.refuse(body, times, atMs);
    const { write } = path.startsWith('/notes') ? notes : target;
    const writeOne = (one: Pick<Request, 'body' | 'headers'>): WireAnswer =>
      write({ ...request, ...one, role, url, index: 0, place: 0, timing: 'before' });
    if (refused !== undefined) return refused;
    if (request.method === 'PATCH') return target.change(url.pathname.split('/').at(-1) ?? '', body);
    return path.startsWith('/batches') ? writeAll(request, writeOne) : writeOne(request);
  };
  const batches = new Map<string, WireAnswer>();
  /** One result for each item. At tier 1 the key is that of the call. */
  const writeAll = (
    { body, headers }: Request,
    writeOne: (one: Pick<Request, 'body' | 'headers'>) => WireAnswer,
  ): WireAnswer => {
    const key = story.tier === 1 ? headers['idempotency-key'] : undefined;
    const known = key === undefined ? undefined : batches.get(key);
    if (known !== undefined) return known;
    const { items } = JSON.parse(body) as { readonly items: readonly unknown[] };
    const results = items.map((item): unknown => {
      const answer = writeOne({ body: JSON.stringify(item), headers: {} });
      return answer.kind === 'response' ? JSON.parse(answer.body.toString('utf8')) : undefined;
    });
    const answer = json(200, { results });
    if (key !== undefined) batches.set(key, answer);
    return answer;
  };
  const server = createServer((incoming, response) => {
    void readBody(incoming).then((body) => {
      // Cut off by a crash before it was whole: it never came.
      if (body === undefined) return;
      nowMs = Math.max(nowMs, Number(incoming.headers[NOW_HEADER] ?? 0));
      const request = readRequest(incoming, body, nowMs);
      const answer = serve(request);
      ledger.push({ ...request, life, ...send(response, answer, nowMs) });
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ledger,
    objects: target.objects,
    notes: notes.objects,
    tokens,
    get nowMs() {
      return nowMs;
    },
    records: () => story.recordsAt(nowMs),
    beginLife() {
      life += 1;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function describeObject({ ref, name, email, amount, kind, day }: CrashRecord): Omit<TargetObject, 'id'> {
  return { ref, name, email, amount, kind, day };
}

async function readBody(incoming: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks).toString('utf8');
}

function readRequest(incoming: IncomingMessage, body: string, atMs: number): Request {
  const [, place = '', path = ''] = /^\/(\w+)(.*)$/.exec(incoming.url ?? '') ?? [];
  const method = incoming.method ?? '';
  const isWrite = method !== 'GET';
  const roles: Readonly<Record<string, LedgerRole>> = {
    source: 'read',
    target: isWrite ? 'write' : 'look-up',
    token: 'token',
    hook: 'alert',
  };
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
  );
  return { atMs, role: roles[place] ?? 'alert', method, path, headers, body };
}

function send(
  response: ServerResponse,
  answer: WireAnswer,
  nowMs: number,
): Pick<LedgerEntry, 'status' | 'answer'> {
  if (answer.kind !== 'response') throw new Error(`The world of crashes gives no ${answer.kind}.`);
  const headers = { ...answer.headers, date: new Date(nowMs).toUTCString() };
  response.writeHead(answer.status, headers).end(answer.body);
  return { status: answer.status, answer: answer.body.toString('utf8') };
}

/** Oldest first; `since` is inclusive. */
function servePage(records: readonly CrashRecord[], url: URL): WireAnswer {
  const since = Date.parse(url.searchParams.get('since') ?? '');
  const start = Number(url.searchParams.get('cursor')?.slice(1) ?? 0);
  const rows = records
    .filter((record) => Date.parse(record.updated) >= since)
    .toSorted((left, right) => (left.updated < right.updated ? -1 : 1));
  const end = start + PAGE_SIZE;
  return json(200, { rows: rows.slice(start, end), next: end < rows.length ? `c${end}` : null });
}
