import nock from 'nock';
import { systemClock } from '../clock.ts';
import { createService } from '../engine/create-service.ts';
import type { ServiceDefinition } from '../engine/create-service.ts';
import type { System } from '../flow.ts';
import { createUndiciTransport } from '../http/undici-transport.ts';
import { createLog } from '../log/create-log.ts';
import { createScrubber } from '../log/scrub.ts';
import { readBody } from '../recording/recording.ts';
import { createSqliteStore } from '../store/sqlite-store.ts';
import type { Exchange } from './exchange.ts';
import { expectRun, systemOf } from './expect-run.ts';
import type { ExpectedRecord, ExpectedWrite, ExpectOptions } from './expect-run.ts';
import { isSuccess } from './exchange.ts';
import { isSame } from './is-same.ts';
import { sentBody, writeAnswer } from './recorded-body.ts';
import { limitFlow, listAnswerHeaders, replaySystem, selectFlow } from './replayed-flow.ts';

export interface RecordedRun {
  /** Requests that no recording answers. */
  readonly unmatched: readonly string[];
  /** Recordings that were not asked for. */
  readonly unused: readonly string[];
  readonly states: Readonly<Record<string, number>>;
  readonly writes: number;
  /** What the rules say of the records that were read. */
  readonly expected: { readonly states: Readonly<Record<string, number>>; readonly writes: number };
}

export interface RecordedRunOptions extends ExpectOptions {
  readonly passes?: number;
}

/**
 * Runs a flow over recorded exchanges, through the real HTTP client, with every other address refused. A write is only
 * answered where its body is what the oracle says of a record that was read.
 */
export async function runOnRecordings(
  definition: ServiceDefinition,
  exchanges: readonly Exchange[],
  options: RecordedRunOptions,
): Promise<RecordedRun> {
  if (process.env['NOCK_OFF'] === 'true')
    throw new Error('NOCK_OFF is set: these tests would reach real systems.');
  const unmatched: string[] = [];
  // What nobody answers would be tried again for a minute; that it was asked is enough to fail.
  const stopping = new AbortController();
  const noteUnmatched = (request: {
    readonly method?: string;
    readonly path?: string;
    readonly url?: string;
  }): void => {
    unmatched.push(`${request.method ?? ''} ${request.path ?? request.url ?? ''}`);
    stopping.abort();
  };
  nock.disableNetConnect();
  nock.emitter.on('no match', noteUnmatched);
  let writes = 0;
  try {
    const recorded = selectFlow(definition, exchanges);
    const expected = expectRun(recorded, options);
    const replayed = {
      ...definition,
      systems: definition.systems.map(replaySystem),
      flows: [limitFlow(recorded)],
    };
    for (const system of replayed.systems) answerTokens(system);
    const passes = options.passes ?? 1;
    const good = recorded.exchanges.filter(isSuccess);
    const reads = good.filter(({ role }) => role === 'read');
    // Of two look-ups by one operation, the first that is made is answered first.
    const order = (recorded.flow.find ?? []).map(({ name }) => name);
    const finds = good
      .filter(({ role }) => role === 'find')
      .toSorted((left, right) => order.indexOf(left.name ?? '') - order.indexOf(right.name ?? ''));
    for (let pass = 0; pass < passes; pass += 1)
      for (const exchange of reads) intercept(definition, exchange);
    for (const exchange of finds) intercept(definition, exchange);
    answerWrites(definition, expected, () => {
      writes += 1;
    });
    const states = await run(replayed, passes, stopping.signal);
    const unused = nock.pendingMocks().filter((name) => !name.includes('/oauth-token'));
    return { unmatched, unused, states, writes, expected: summarize(expected) };
  } finally {
    nock.emitter.off('no match', noteUnmatched);
    nock.cleanAll();
    nock.enableNetConnect();
  }
}

function summarize(expected: readonly ExpectedRecord[]): RecordedRun['expected'] {
  const states: Record<string, number> = {};
  for (const { state } of expected) states[state] = (states[state] ?? 0) + 1;
  return { states, writes: expected.reduce((sum, { writes }) => sum + writes.length, 0) };
}

function answerTokens(system: System): void {
  if (system.auth.kind !== 'oauth2') return;
  const url = new URL(system.auth.tokenUrl);
  const body = JSON.stringify({
    access_token: 'recorded-access-token',
    refresh_token: 'recorded-refresh-token',
    expires_in: 1800,
  });
  nock(url.origin).persist().post(url.pathname).reply(200, body, { 'content-type': 'application/json' });
}

/** What is asked for before a write, and the write itself, for every record that is written. */
function answerWrites(
  definition: ServiceDefinition,
  expected: readonly ExpectedRecord[],
  onWrite: () => void,
): void {
  for (const write of expected.flatMap(({ writes }) => writes)) {
    if (write.lookUp !== undefined) intercept(definition, write.lookUp);
    intercept(definition, write.answer, { write, onWrite });
  }
}

interface AwaitedWrite {
  readonly write: ExpectedWrite;
  readonly onWrite: () => void;
}

function intercept(definition: ServiceDefinition, exchange: Exchange, awaited?: AwaitedWrite): void {
  const system = systemOf(definition.systems, exchange);
  const base = new URL(system.server);
  const prefix = base.pathname.replace(/\/$/, '');
  const template = exchange.operation.path
    .split(/\{[^}]+\}/)
    .map(escape)
    .join('[^/?]+');
  const path = new RegExp(`^${escape(prefix)}${template}$`);
  const asked = exchange.role === 'find' ? exchange.request : undefined;
  const fits = (uri: string): boolean =>
    asked === undefined ? path.test(uri.split('?')[0] ?? '') : uri.endsWith(asked.target);
  const body =
    awaited === undefined
      ? asked?.body === undefined
        ? undefined
        : (sent: unknown) => isSame(sent, parseJson(readBody(asked.body)))
      : (sent: unknown) => isSame(sentBody(sent, awaited.write.format), awaited.write.body);
  const { bytes, headers } = writeAnswer(system, exchange);
  const scope = nock(base.origin).intercept(fits, exchange.operation.method, body);
  scope
    .query(true)
    .reply(exchange.response.status, bytes, listAnswerHeaders(exchange, headers).flat())
    .on('request', () => awaited?.onWrite());
}

async function run(
  definition: ServiceDefinition,
  passes: number,
  signal: AbortSignal,
): Promise<Readonly<Record<string, number>>> {
  const scrubber = createScrubber();
  const clock = systemClock;
  const store = createSqliteStore(':memory:', clock);
  const ports = {
    clock,
    random: () => 0.5,
    log: createLog(scrubber, 'silent'),
    scrubber,
    store,
    signal,
    key: '0'.repeat(64),
  };
  const service = await createService(definition, {
    ...ports,
    createTransport: () => createUndiciTransport({ connections: 2 }),
    createAlertTransport: () => createUndiciTransport({ connections: 1 }),
  });
  try {
    // As if the first run were long ago: what a first run does with history is not what a recording shows.
    for (const flow of definition.flows)
      await store.savePass(flow.name, { watermarkMs: 0, firstDone: true, open: undefined });
    for (let pass = 0; pass < passes; pass += 1) for (const runner of service.runners) await runner.runOnce();
    const [counts] = await store.counts(definition.flows.map((flow) => flow.name));
    return { ...counts?.states };
  } finally {
    await service.close();
  }
}

function parseJson(bytes: Buffer | undefined): unknown {
  try {
    return JSON.parse(String(bytes));
  } catch {
    return String(bytes);
  }
}

function escape(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}
