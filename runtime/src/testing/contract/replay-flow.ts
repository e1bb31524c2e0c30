import { createFlowRunner } from '../../engine/flow-runner.ts';
import { createService } from '../../engine/create-service.ts';
import type { System } from '../../flow.ts';
import type { WireOutcome, WireRequest } from '../../http/transport.ts';
import { BLANK_KEY } from '../../inbox/judge-record.ts';
import { findHeader, readBody } from '../../recording/recording.ts';
import { decodeBody } from '../../recording/redact-body.ts';
import { markRoles, ROLE_HEADER } from '../drills/drill-world.ts';
import { createTestContext } from '../create-test-context.ts';
import type { RunContext } from '../../run-context.ts';
import type { Exchange } from '../exchange.ts';
import { isSuccess } from '../exchange.ts';
import { systemOf } from '../expect-run.ts';
import type { ExpectedRecord, ExpectedWrite, RecordedFlow } from '../expect-run.ts';
import { isSame } from '../is-same.ts';
import { createMemoryTransport, respond } from '../memory-transport.ts';
import { flattenHeaders, readSent, writeAnswer } from '../recorded-body.ts';
import { limitFlow, listAnswerHeaders, replaySystem } from '../replayed-flow.ts';
import { TEST_KEY } from '../create-test-client.ts';

/** What a flow did while recordings answered it, in virtual time and without a network. */
export interface ReplayedRun {
  /** Records by the state in which they ended. */
  readonly states: Readonly<Record<string, number>>;
  /** The same as the metrics count it, of states that are an end. */
  readonly counted: Readonly<Record<string, number>>;
  /** Keys of the records that wait for a person, sorted. */
  readonly reviews: readonly string[];
  /** What was written and expected, in the order of the records. */
  readonly writes: readonly ExpectedWrite[];
  /** Writes of bodies that the rules do not give. */
  readonly wrongWrites: readonly string[];
  /** The source was read to its end, so that the next pass begins where this one ended. */
  readonly isComplete: boolean;
  /** What the targets call the records, as far as it was to be kept and was. */
  readonly ids: readonly string[];
  readonly requests: readonly ReplayedRequest[];
  /** Requests that no recording answers. */
  readonly unmatched: readonly string[];
}

export interface ReplayedRequest {
  readonly system: System;
  readonly exchange: Exchange | undefined;
  readonly request: WireRequest;
}

const LASTS_SECONDS = 86_400;

/** The first call of this kind that goes wrong. */
export interface InjectedFault {
  readonly exchange: Exchange;
  readonly outcome: WireOutcome;
}

/** After a failure it is run again, so late that whatever was to wait has waited. */
const ROUNDS = 4;
const ROUND_MS = 1_800_000;

export async function replayFlow(
  recorded: RecordedFlow,
  expected: readonly ExpectedRecord[],
  fault?: InjectedFault,
): Promise<ReplayedRun> {
  const context = createTestContext();
  const answers = createAnswers(recorded, expected, fault);
  const systems = recorded.systems.map(replaySystem);
  const flow = markRoles(limitFlow(recorded));
  const service = await createService(
    { integration: 'recorded', systems, flows: [flow] },
    {
      ...context,
      key: TEST_KEY,
      createAlertTransport: () => createMemoryTransport(context.clock, () => NOT_SENT),
      createTransport: (system) =>
        createMemoryTransport(context.clock, (request) => answers.answer(system, ...takeRole(request))),
    },
  );
  const client = (name: string) => {
    const found = service.clients.find((entry) => entry.system === name);
    if (found === undefined) throw new Error(`The service has no system ${name}.`);
    return found;
  };
  const runner = createFlowRunner({
    flow,
    source: client(flow.read.system),
    clients: flow.targets.map((target) => client(target.system)),
    findClients: Object.fromEntries((flow.find ?? []).map((find) => [find.name, client(find.system)])),
    context: service.context,
  });
  // As if the first run were long ago: what a first run does with history is not what a recording shows.
  await context.store.savePass(flow.name, { watermarkMs: 0, firstDone: true, open: undefined });
  let end = await context.clock.drive(runner.runOnce());
  for (let round = 1; round < (fault === undefined ? 1 : ROUNDS); round += 1) {
    await context.clock.advance(ROUND_MS);
    answers.begin();
    end = await context.clock.drive(runner.runOnce());
  }
  const [counts] = await context.store.counts([flow.name]);
  const ids: string[] = [];
  for (const { id, target } of expected.flatMap(({ writes }) => writes))
    if (id !== undefined && (await context.store.findLinkedKey(flow.name, target.name, id)) !== undefined)
      ids.push(id);
  const reviews = await context.store.listReviews({ state: 'open', limit: MOST_REVIEWS });
  const counted = await readCounted(service.context);
  await context.clock.drive(service.close());
  return {
    ...answers.report(),
    ids,
    states: { ...counts?.states },
    counted,
    reviews: reviews.map(({ key }) => (key.startsWith(BLANK_KEY) ? KEYLESS : key)).toSorted(),
    isComplete: end.kind === 'done',
  };
}

const MOST_REVIEWS = 10_000;
/** Stands for the key of a record that has none. */
export const KEYLESS = '(no key)';
/** What is counted once for each record, when it comes there. */
export const COUNTED: ReadonlySet<string> = new Set(['delivered', 'skipped', 'review', 'dead']);

async function readCounted({ metrics }: RunContext): Promise<Record<string, number>> {
  const { values } = await metrics.records.get();
  return Object.fromEntries(
    values
      .filter(({ labels: { state } }) => COUNTED.has(String(state)))
      .map(({ labels: { state }, value }) => [String(state), value]),
  );
}

const NOT_SENT: WireOutcome = { kind: 'not-sent', detail: 'nobody listens' };

type Report = Pick<ReplayedRun, 'writes' | 'wrongWrites' | 'requests' | 'unmatched'>;

function createAnswers(
  recorded: RecordedFlow,
  expected: readonly ExpectedRecord[],
  fault: InjectedFault | undefined,
) {
  let isFaulty = fault !== undefined;
  const requests: ReplayedRequest[] = [];
  const unmatched: string[] = [];
  const wrongWrites: string[] = [];
  const reads = recorded.exchanges.filter((exchange) => exchange.role === 'read' && isSuccess(exchange));
  const pages = new Map<string, Exchange>();
  const madeUp = createMadeUp(recorded);
  const done = new Set<ExpectedWrite>();
  const awaited = expected.flatMap(({ writes }) => writes);
  const choose = (system: System, request: WireRequest, role: string): Exchange | undefined => {
    const fitting = recorded.exchanges.filter(
      (exchange) => isSuccess(exchange) && exchange.system === system.name && fits(request, exchange),
    );
    // Several look-ups may make the same call.
    const ofRole = fitting.filter((exchange) => nameLookUp(exchange, recorded) === role);
    const own = ofRole.length > 0 ? ofRole : fitting;
    const [first] = own;
    if (first?.role === 'read') {
      // Who asks the same again is answered the same.
      const question = `${request.url}\n${request.body ?? ''}`;
      const known = pages.get(question) ?? reads[pages.size];
      if (known !== undefined) pages.set(question, known);
      return known;
    }
    const write = own.some((exchange) => exchange.role === 'write')
      ? (awaited.find((entry) => !done.has(entry) && isWriteOf(request, entry)) ??
        awaited.find((entry) => isWriteOf(request, entry)))
      : undefined;
    if (write !== undefined) {
      done.add(write);
      return write.answer;
    }
    if (first?.role === 'find' && first.request === undefined) return madeUp.choose(request, own);
    if (first?.role !== 'write') return own.find((exchange) => asks(request, exchange)) ?? first;
    wrongWrites.push(`${request.method} ${new URL(request.url).pathname}`);
    return undefined;
  };
  return {
    answer(system: System, request: WireRequest, role: string): WireOutcome {
      if (isTokenRequest(system, request)) return answerToken(system);
      const isHit = isFaulty && fault !== undefined && fits(request, fault.exchange);
      const named = fault === undefined ? undefined : nameLookUp(fault.exchange, recorded);
      if (isHit && system.name === fault.exchange.system && (named ?? role) === role) {
        isFaulty = false;
        requests.push({ system, exchange: fault.exchange, request });
        return fault.outcome;
      }
      const exchange = choose(system, request, role);
      requests.push({ system, exchange, request });
      if (exchange !== undefined) return answerWith(recorded, exchange);
      unmatched.push(`${request.method} ${new URL(request.url).pathname}`);
      return { kind: 'response', status: 501, headers: {}, body: Buffer.alloc(0) };
    },
    /** The source is read anew. */
    begin: () => {
      pages.clear();
      madeUp.clear();
    },
    report: (): Report => ({
      writes: awaited.filter((write) => done.has(write)),
      wrongWrites,
      requests,
      unmatched,
    }),
  };
}

/** Which call of the flow it is, taken off the request before anybody looks at it. */
function takeRole(request: WireRequest): [WireRequest, string] {
  const { [ROLE_HEADER]: role = '', ...headers } = request.headers;
  return [{ ...request, headers }, role];
}

/** As `markRoles` names it; undefined for what is no look-up. */
function nameLookUp({ role, name }: Exchange, { flow }: RecordedFlow): string | undefined {
  if (role === 'find') return `find ${name ?? ''}`;
  return role === 'look-up' ? `look-up ${name ?? flow.targets[0].name}` : undefined;
}

/**
 * Answers that are made up say nothing of what was asked: each new question is answered by the next of them, in the order
 * in which the flow looks up, and page by page; who asks the same again is answered the same.
 */
function createMadeUp({ flow }: RecordedFlow) {
  const known = new Map<string, Exchange>();
  const place = ({ name }: Exchange): number => (flow.find ?? []).findIndex((find) => find.name === name);
  return {
    choose({ url, body }: WireRequest, own: readonly Exchange[]): Exchange | undefined {
      const question = `${url}\n${body ?? ''}`;
      const used = new Set(known.values());
      const ordered = own.toSorted((left, right) => place(left) - place(right));
      const answer = known.get(question) ?? ordered.find((exchange) => !used.has(exchange)) ?? ordered[0];
      if (answer !== undefined) known.set(question, answer);
      return answer;
    },
    clear: () => known.clear(),
  };
}

/** What a system's token endpoint gives in a replay. */
export function tokenOf(system: string): string {
  return `access-token-of-${system}`;
}

function answerToken({ name }: System): WireOutcome {
  return respond(200, {
    access_token: tokenOf(name),
    refresh_token: `refresh-token-of-${name}`,
    expires_in: LASTS_SECONDS,
  });
}

function isTokenRequest({ auth }: System, { url }: WireRequest): boolean {
  return auth.kind === 'oauth2' && url === auth.tokenUrl;
}

/** A repeat of a write is the same write. */
function isWriteOf(request: WireRequest, write: ExpectedWrite): boolean {
  if (!fits(request, write.answer)) return false;
  return isSame(readSent(request.body, write.format), write.body);
}

function fits({ method, url }: WireRequest, { operation }: Exchange): boolean {
  const template = operation.path
    .split(/\{[^}]+\}/)
    .map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`))
    .join('[^/]+');
  return method === operation.method && new RegExp(`${template}$`).test(new URL(url).pathname);
}

/** The very question that was recorded. */
function asks({ url, body }: WireRequest, { request }: Exchange): boolean {
  if (request === undefined) return true;
  return url.endsWith(request.target) && (body ?? '') === String(readBody(request.body));
}

function answerWith({ systems }: RecordedFlow, exchange: Exchange): WireOutcome {
  const { bytes, headers } = writeAnswer(systemOf(systems, exchange), exchange);
  const body = decodeBody(bytes, findHeader(headers, 'content-encoding'));
  if (body === undefined) return { kind: 'unknown', reason: 'malformed', detail: 'the body is damaged' };
  return {
    kind: 'response',
    status: exchange.response.status,
    headers: flattenHeaders(listAnswerHeaders(exchange, headers)),
    body,
  };
}
