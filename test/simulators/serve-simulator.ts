import type { AddressInfo } from 'node:net';
import { fastify } from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Answer, ArrivedRequest, NoteViolation } from './answer.ts';
import { createFaults } from './fault-plan.ts';
import type { FaultCounter, FaultKind, FaultPlan } from './fault-plan.ts';
import type { RecordedRequest, Simulator } from './simulator.ts';

export interface SimulatorBehaviour {
  readonly port?: number;
  readonly faults?: FaultPlan;
  readonly now: () => number;
  /** The vendor's own error body for a status that a fault answers with: 429, 500 or 503. */
  readonly failed: (status: number) => Answer;
  readonly handle: (request: ArrivedRequest, note: NoteViolation) => Promise<Answer>;
}

const bodyLimitBytes = 16 * 1024 * 1024;

function readRequest(request: FastifyRequest): ArrivedRequest {
  const [path = '', search = ''] = request.url.split(/\?(.*)/s);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return {
    method: request.method,
    url: request.url,
    path,
    query: new URLSearchParams(search),
    headers,
    body: typeof request.body === 'string' ? request.body : '',
  };
}

function identifyRequest(request: ArrivedRequest): string {
  return request.headers['idempotency-key'] ?? `${request.method} ${request.url} ${request.body}`;
}

function answerBefore(kind: FaultKind | undefined, failed: SimulatorBehaviour['failed']): Answer | undefined {
  if (kind === 'server-error') return failed(500);
  if (kind === 'unavailable') return failed(503);
  if (kind !== 'throttled' && kind !== 'throttled-bare') return undefined;
  const answer = failed(429);
  return kind === 'throttled' ? { ...answer, headers: { ...answer.headers, 'retry-after': '1' } } : answer;
}

async function answerRequest(
  request: ArrivedRequest,
  kind: FaultKind | undefined,
  behaviour: SimulatorBehaviour,
  note: NoteViolation,
): Promise<Answer | 'cut'> {
  if (kind === 'cut-before-apply') return 'cut';
  const fault = answerBefore(kind, behaviour.failed);
  if (fault !== undefined) return fault;
  const answer = await behaviour.handle(request, note);
  if (kind === 'cut-after-apply') return 'cut';
  if (kind !== 'garbage') return answer;
  return { ...answer, status: 200, body: answer.body.slice(0, Math.max(1, answer.body.length >> 1)) };
}

function sendAnswer(reply: FastifyReply, answer: Answer | 'cut', now: number): FastifyReply {
  if (answer === 'cut') {
    reply.hijack();
    reply.raw.socket?.destroy();
    return reply;
  }
  const date = new Date(now).toUTCString();
  return reply
    .code(answer.status)
    .headers({ date, ...answer.headers })
    .send(answer.body);
}

function createApp(
  behaviour: SimulatorBehaviour,
  requests: RecordedRequest[],
  violations: string[],
  faults: FaultCounter,
): FastifyInstance {
  const app = fastify({ bodyLimit: bodyLimitBytes, forceCloseConnections: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.all('/*', async (raw, reply) => {
    const request = readRequest(raw);
    const { method, url, headers, body } = request;
    const note: NoteViolation = (violation) => violations.push(`${method} ${request.path}: ${violation}`);
    if (method === 'GET' && Number(headers['content-length'] ?? 0) > 0) note('a GET carries a body');
    const at = behaviour.now();
    // The place in the log is taken on arrival; until the answer is known the request counts as cut.
    const place = requests.push({ at, method, url, headers, body, status: 'cut' }) - 1;
    const answer = await answerRequest(request, faults.next(identifyRequest(request)), behaviour, note);
    const status = answer === 'cut' ? answer : answer.status;
    requests[place] = { at, method, url, headers, body, status };
    return sendAnswer(reply, answer, behaviour.now());
  });
  return app;
}

/** Listens on 127.0.0.1, keeps the log and injects the faults; the vendor's part is `behaviour`. */
export async function serveSimulator(behaviour: SimulatorBehaviour): Promise<Simulator> {
  const requests: RecordedRequest[] = [];
  const violations: string[] = [];
  const faults = createFaults(behaviour.faults);
  const app = createApp(behaviour, requests, violations, faults);
  await app.listen({ host: '127.0.0.1', port: behaviour.port ?? 0 });
  const { port } = app.server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    violations,
    faults,
    close: async () => {
      await app.close();
    },
  };
}
