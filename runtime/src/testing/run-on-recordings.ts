import nock from 'nock';
import { systemClock } from '../clock.ts';
import { createService } from '../engine/create-service.ts';
import type { ServiceDefinition } from '../engine/create-service.ts';
import type { AnyFlow, System } from '../flow.ts';
import { createUndiciTransport } from '../http/undici-transport.ts';
import type { BodyFormat } from '../formats/body-format.ts';
import { createInstant } from '../instant.ts';
import { createLog } from '../log/create-log.ts';
import { createScrubber } from '../log/scrub.ts';
import { createSqliteStore } from '../store/sqlite-store.ts';
import type { Exchange } from './exchange.ts';
import { expectedBody, sentBody, writeAnswer } from './recorded-body.ts';
import type { RulesOracle } from './rules-oracle.ts';

export interface RecordedRun {
  /** Requests that no recording answers. */
  readonly unmatched: readonly string[];
  /** Recordings that were not asked for. */
  readonly unused: readonly string[];
  readonly states: Readonly<Record<string, number>>;
  readonly writes: number;
}

export interface RecordedRunOptions {
  /** By target. */
  readonly oracles: Readonly<Record<string, RulesOracle>>;
  readonly config?: unknown;
  readonly passes?: number;
}

/**
 * Runs a flow over recorded exchanges, through the real HTTP client, with every other address refused. A write is only
 * answered where its body is what the oracle says of the record that was read.
 */
export async function runOnRecordings(
  definition: ServiceDefinition,
  exchanges: readonly Exchange[],
  options: RecordedRunOptions,
): Promise<RecordedRun> {
  if (process.env['NOCK_OFF'] === 'true')
    throw new Error('NOCK_OFF is set: these tests would reach real systems.');
  const unmatched: string[] = [];
  const noteUnmatched = (request: {
    readonly method?: string;
    readonly path?: string;
    readonly url?: string;
  }): void => {
    unmatched.push(`${request.method ?? ''} ${request.path ?? request.url ?? ''}`);
  };
  nock.disableNetConnect();
  nock.emitter.on('no match', noteUnmatched);
  let writes = 0;
  try {
    const replayed = { ...definition, systems: definition.systems.map(replaceAuth) };
    for (const system of replayed.systems) answerTokens(system);
    const answerAll = (list: readonly Exchange[]): void => {
      for (const exchange of list) {
        answer(definition, exchange, exchanges, options, () => {
          writes += exchange.role === 'write' ? 1 : 0;
        });
      }
    };
    const passes = options.passes ?? 1;
    for (let pass = 0; pass < passes; pass += 1)
      answerAll(exchanges.filter((exchange) => exchange.role === 'read'));
    answerAll(exchanges.filter((exchange) => exchange.role !== 'read'));
    const states = await run(replayed, passes);
    const unused = nock.pendingMocks().filter((name) => !name.includes('/oauth-token'));
    return { unmatched, unused, states, writes };
  } finally {
    nock.emitter.off('no match', noteUnmatched);
    nock.cleanAll();
    nock.enableNetConnect();
  }
}

/** Real keys, and a person who logs in, are not to be had in a test; what a flow does is the same without them. */
export function replaceAuth(system: System): System {
  const { auth } = system;
  const isReal =
    auth.kind === 'mtls' ||
    auth.kind === 'custom' ||
    auth.kind === 'login' ||
    (auth.kind === 'oauth2' && (auth.grant === 'authorization_code' || auth.grant === 'jwt_bearer'));
  return isReal ? { ...system, auth: { kind: 'none' } } : system;
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

function answer(
  definition: ServiceDefinition,
  exchange: Exchange,
  all: readonly Exchange[],
  options: RecordedRunOptions,
  onAnswer: () => void,
): void {
  const system = definition.systems.find((entry) => entry.name === exchange.system);
  if (system === undefined)
    throw new Error(`The recording names the system "${exchange.system}", which the service has not.`);
  const base = new URL(system.server);
  const prefix = base.pathname.replace(/\/$/, '');
  const path = new RegExp(
    `^${escape(prefix)}${exchange.operation.path
      .split(/\{[^}]+\}/)
      .map(escape)
      .join('[^/?]+')}$`,
  );
  const fits = (uri: string): boolean => path.test(uri.split('?')[0] ?? '');
  const expected = exchange.role === 'write' ? expectBody(definition, exchange, all, options) : undefined;
  const scope = nock(base.origin).intercept(
    fits,
    exchange.operation.method,
    expected === undefined
      ? undefined
      : (body: unknown) => isSame(sentBody(body, expected.format), expected.body),
  );
  const { text, headers } = writeAnswer(system, exchange);
  scope
    .query(true)

    .reply(exchange.response.status, text, headers)
    .on('request', onAnswer);
}

interface ExpectedWrite {
  readonly body: unknown;
  readonly format: BodyFormat | undefined;
}

function expectBody(
  definition: ServiceDefinition,
  write: Exchange,
  all: readonly Exchange[],
  options: RecordedRunOptions,
): ExpectedWrite | undefined {
  const [flow] = definition.flows;
  const read = all.find((exchange) => exchange.role === 'read');
  if (flow === undefined || read === undefined) return undefined;
  const [source] = flow.read.records(read.response.body) as readonly unknown[];
  const name = write.name ?? flow.targets[0].name;
  const oracle = options.oracles[name];
  if (oracle === undefined)
    throw new Error(`The recording names the target "${name}", which the flow has not.`);
  const sample = { source, found: listFound(flow, all), ids: listIds(flow, all) };
  const target = flow.targets.find((entry) => entry.name === name);
  const mapped = oracle.map(flow.name, name, sample, {
    config: options.config,
    ...(target?.mode === 'create' ? { on: 'create' } : {}),
  });
  if (mapped.kind === 'stopped')
    throw new Error(`By the rules, the recorded record is not written: ${JSON.stringify(mapped.stops)}`);
  const format = target?.request(mapped.item, source, { ...sample, now: createInstant(0) }).format;
  const steps = write.item === undefined ? [] : write.item.split(/\.|(?=\[)/);
  const body = steps.reduceRight<unknown>(
    (inner, step) => (/^\[/.test(step) ? [inner] : { [step]: inner }),
    mapped.item,
  );
  return { body: expectedBody(body, format), format };
}

/** What the recorded look-ups found. */
export function listFound(flow: AnyFlow, all: readonly Exchange[]): Readonly<Record<string, unknown>> {
  const entries = (flow.find ?? []).map((find) => {
    const records = all
      .filter(({ role, name }) => role === 'find' && name === find.name)
      .flatMap(({ response }) => find.records(response.body) ?? []);
    return [find.name, find.take === 'all' ? records : records[0]] as const;
  });
  return Object.fromEntries(entries);
}

/** What the targets call the record, by the recorded answers to the writes. */
export function listIds(
  flow: AnyFlow,
  all: readonly Exchange[],
): Readonly<Record<string, string | undefined>> {
  const entries = flow.targets.map((target, index) => {
    const write = all.find(
      ({ role, name }) => role === 'write' && (name === target.name || (name === undefined && index === 0)),
    );
    const id: unknown = write === undefined ? undefined : target.id?.(write.response.body);
    return [target.name, typeof id === 'string' || typeof id === 'number' ? String(id) : undefined] as const;
  });
  return Object.fromEntries(entries);
}

async function run(definition: ServiceDefinition, passes: number): Promise<Readonly<Record<string, number>>> {
  const scrubber = createScrubber();
  const clock = systemClock;
  const store = createSqliteStore(':memory:', clock);
  const signal = new AbortController().signal;
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

export function isSame(left: unknown, right: unknown): boolean {
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null)
    return left === right;
  const [from, to] = [left as Record<string, unknown>, right as Record<string, unknown>];
  const keys = Object.keys(from);
  return (
    Array.isArray(left) === Array.isArray(right) &&
    keys.length === Object.keys(to).length &&
    keys.every((key) => Object.hasOwn(to, key) && isSame(from[key], to[key]))
  );
}

function escape(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}
