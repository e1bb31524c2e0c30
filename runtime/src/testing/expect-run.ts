import type { AnyFlow, AnyTarget, System } from '../flow.ts';
import type { BodyFormat } from '../formats/body-format.ts';
import { createInstant } from '../instant.ts';
import { findCall } from '../recording/slice.ts';
import type { FieldFacts, FlowSlice } from '../recording/slice.ts';
import { isSuccess } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { expectedBody, readAnswerData } from './recorded-body.ts';
import type { OracleOptions, OracleResult, RulesOracle } from './rules-oracle.ts';
import { holdsRecords, listRecords } from './recorded-list.ts';
import { listValues } from './slice-path.ts';

/** What a run over recordings must come to, by the rules. */
export interface ExpectedRecord {
  readonly key: string;
  readonly source: unknown;
  readonly state: 'delivered' | 'skipped' | 'review' | 'dead' | 'queued' | 'waiting' | 'unknown';
  /** In the order of the targets; none where the record is not delivered. */
  readonly writes: readonly ExpectedWrite[];
  /** What is looked up for it, as far as that is asked for. */
  readonly questions: readonly ExpectedQuestion[];
}

export interface ExpectedQuestion {
  readonly role: 'find' | 'look-up';
  readonly name: string;
  /** By the names of parameters and of fields of the body. */
  readonly values: Readonly<Record<string, unknown>>;
}

export interface ExpectedWrite {
  readonly target: AnyTarget;
  readonly item: unknown;
  readonly body: unknown;
  readonly format: BodyFormat | undefined;
  readonly answer: Exchange;
  /** What the target then calls the record, where the answer confirms it. */
  readonly id: string | undefined;
  /** What is asked for before it, where something is. */
  readonly lookUp: Exchange | undefined;
}

export interface ExpectOptions {
  /** By target. */
  readonly oracles: Readonly<Record<string, RulesOracle>>;
  readonly config?: unknown;
  /** The hand-written functions, by the names by which expressions call them. */
  readonly custom?: Readonly<Record<string, unknown>>;
  /** What the descriptions say of the answers. */
  readonly slice: FlowSlice;
}

export interface RecordedFlow {
  readonly flow: AnyFlow;
  readonly systems: readonly System[];
  readonly exchanges: readonly Exchange[];
}

/**
 * What becomes of every record that was read, from the recordings, the rules and the descriptions alone. A record whose
 * look-ups were not recorded is left out.
 */
export function expectRun(recorded: RecordedFlow, options: ExpectOptions): ExpectedRecord[] {
  const { flow } = recorded;
  const covered = listCovered(recorded);
  const sources = listSources(recorded);
  const byKey = new Map(sources.map((source) => [keyOf(flow, source), source]));
  return [...byKey].map(([key, source]) => {
    const isCovered = covered === undefined || covered.has(key);
    const questions: ExpectedQuestion[] = [];
    const outcome: Outcome = isCovered
      ? judge(source, key, recorded, { ...options, questions })
      : { state: 'skipped', writes: [] };
    return { key, source, questions, ...outcome };
  });
}

/** A record without a key is told from others by what it holds. */
export function keyOf(flow: AnyFlow, source: unknown): string {
  try {
    const key: unknown = flow.read.key(source);
    if ((typeof key === 'string' && key.trim() !== '') || typeof key === 'number') return String(key);
    if (typeof key === 'bigint') return String(key);
  } catch {
    // What holds the key is not there.
  }
  return `\0${JSON.stringify(source, (_name, value: unknown) => (typeof value === 'bigint' ? String(value) : value))}`;
}

/** The keys of records whose look-ups were recorded; undefined where that is all of them. */
export function listCovered({ exchanges }: Pick<RecordedFlow, 'exchanges'>): Set<string> | undefined {
  const keys = exchanges.filter(({ role }) => role === 'find').map(({ key }) => key);
  return keys.length === 0 || keys.includes(undefined) ? undefined : new Set(keys as string[]);
}

function listSources({ flow, systems, exchanges }: RecordedFlow): unknown[] {
  return exchanges
    .filter((exchange) => exchange.role === 'read' && isSuccess(exchange))
    .flatMap((exchange) => listRecords(flow.read.records, dataOf(systems, exchange)));
}

function dataOf(systems: readonly System[], exchange: Exchange): unknown {
  return readAnswerData(systemOf(systems, exchange), exchange);
}

/** @throws Error where the service has no such system */
export function systemOf(systems: readonly System[], { system, file }: Exchange): System {
  const found = systems.find((entry) => entry.name === system);
  if (found === undefined)
    throw new Error(`The recording ${file} names the system "${system}", which the service has not.`);
  return found;
}

function optionsOf({ config, custom }: Omit<ExpectOptions, 'oracles'>): OracleOptions {
  return { config, ...(custom === undefined ? {} : { custom }) };
}

type Outcome = Pick<ExpectedRecord, 'state' | 'writes'>;

interface JudgeOptions extends ExpectOptions {
  readonly questions: ExpectedQuestion[];
}

function judge(source: unknown, key: string, recorded: RecordedFlow, options: JudgeOptions): Outcome {
  const { flow } = recorded;
  const stop = (state: ExpectedRecord['state']): Outcome => ({ state, writes: [] });
  if (key.startsWith('\0') || isMalformed(source, factsBelow(options.slice, 'read', undefined)))
    return stop('review');
  const [oracle] = Object.values(options.oracles);
  if (oracle === undefined) return stop('skipped');
  // A condition that does not mention what is found is asked before anything is looked up.
  const early = oracle.keep(flow.name, { source, found: pending }, optionsOf(options));
  if (early !== 'kept' && early !== 'review') return stop(STATES[early] ?? 'review');
  const finding = { ...recorded, key, oracle, ...options };
  let found = findAll(undefined, { source, found: {}, ids: {} }, finding);
  if (typeof found === 'string') return stop(found);
  const kept = oracle.keep(flow.name, { source, found }, optionsOf(options));
  if (kept !== 'kept') return stop(STATES[kept] ?? 'review');
  const writes: ExpectedWrite[] = [];
  const ids: Record<string, string | undefined> = {};
  for (const target of flow.targets) {
    const all = findAll(target.name, { source, found, ids }, finding);
    if (typeof all === 'string') return { state: all, writes };
    found = all;
    const sample = { source, found, ids };
    const mapped = mapTo(flow, target, sample, options);
    if (mapped.kind === 'stopped') return { state: stateOf(mapped.stops), writes };
    const at = { ...recorded, target, key, oracle, slice: options.slice, item: mapped.item };
    const answer = chooseAnswer('write', at);
    if (answer === undefined)
      throw new Error(`No answer to the writes of the target "${target.name}" is recorded.`);
    // Such a record is not sent: a person looks at it.
    const inPath = { ...sample, config: options.config, custom: options.custom };
    if (oracle.path(flow.name, target.name, answer.operation.path, inPath).kind !== 'asked')
      return { state: 'review', writes };
    const request = target.request(mapped.item as never, source as never, {
      ...sample,
      now: createInstant(0),
    });
    const body = envelope(mapped.item, itemOf(options.slice, target));
    const outcome = judgeAnswer(answer, at);
    const id = outcome.kind === 'confirmed' ? outcome.id : undefined;
    const lookUp = chooseAnswer('look-up', at);
    const scope = {
      source,
      found,
      ids: undefined,
      sent: mapped.item,
      config: options.config,
      custom: options.custom,
    };
    const asked = oracle.asks(flow.name, 'look-up', target.name, scope);
    if (lookUp !== undefined && asked.kind === 'asked')
      options.questions.push({ role: 'look-up', name: target.name, values: asked.values });
    // What is asked before the write got no answer that counts, so that the write waits.
    if (lookUp !== undefined && !holdsHits(lookUp, at)) return { state: 'waiting', writes };
    const { format } = request;
    writes.push({
      target,
      item: mapped.item,
      body: expectedBody(body, format),
      format,
      answer,
      id,
      lookUp,
    });
    if (outcome.kind !== 'confirmed') return { state: outcome.kind, writes };
    ids[target.name] = id;
  }
  return { state: 'delivered', writes };
}

/** Stands for what is not looked up yet: whoever asks it for anything gets an error, which is no answer. */
const pending: Readonly<Record<string, unknown>> = new Proxy(
  {},
  {
    get() {
      throw new Error('It is not looked up yet.');
    },
  },
);

const STATES: Readonly<Record<string, ExpectedRecord['state']>> = {
  skip: 'skipped',
  review: 'review',
  fail: 'dead',
  defer: 'queued',
};

/** The gravest decision counts. */
function stateOf(
  stops: Extract<OracleResult, { readonly kind: 'stopped' }>['stops'],
): ExpectedRecord['state'] {
  const actions = stops.map(({ action }) => action);
  const gravest = ['fail', 'review', 'skip'].find((action) => actions.includes(action));
  return STATES[gravest ?? 'review'] ?? 'review';
}

function mapTo(
  flow: AnyFlow,
  target: AnyTarget,
  sample: Parameters<RulesOracle['map']>[2],
  { oracles, ...options }: ExpectOptions,
): OracleResult {
  const oracle = oracles[target.name];
  if (oracle === undefined) throw new Error(`The rules have no target "${target.name}".`);
  return oracle.map(flow.name, target.name, sample, {
    ...optionsOf(options),
    ...(target.mode === 'create' ? { on: 'create' } : {}),
  });
}

function itemOf(slice: FlowSlice, { name }: AnyTarget): string | undefined {
  return findCall(slice, { role: 'write', name })?.item;
}

/** `Contacts[0]`: the item in the object and the list that hold it. */
function envelope(item: unknown, path: string | undefined): unknown {
  const steps = path === undefined ? [] : path.split(/\.|(?=\[)/);
  return steps.reduceRight<unknown>((inner, step) => (/^\[/.test(step) ? [inner] : { [step]: inner }), item);
}

/** What the recorded look-ups for every target, or for one, found for a record, or the state in which they leave it. */
function findAll(
  target: string | undefined,
  { source, found: before, ids }: Parameters<RulesOracle['map']>[2],
  options: RecordedFlow & JudgeOptions & { readonly oracle: RulesOracle; readonly key: string },
): Readonly<Record<string, unknown>> | ExpectedRecord['state'] {
  const { flow, systems, exchanges, key } = options;
  const found = { ...(before as Readonly<Record<string, unknown>>) };
  for (const find of (flow.find ?? []).filter((one) => one.target === target)) {
    const own = exchanges.filter(
      (exchange) =>
        exchange.role === 'find' &&
        exchange.name === find.name &&
        (exchange.key === undefined || exchange.key === key),
    );
    const asked = options.oracle.asks(flow.name, 'find', find.name, {
      source,
      found,
      ids,
      config: options.config,
      custom: options.custom,
    });
    if (asked.kind === 'failed') return 'review';
    if (asked.kind === 'asked')
      options.questions.push({ role: 'find', name: find.name, values: asked.values });
    const answers =
      asked.kind === 'blank' ? [] : own.filter(isSuccess).map((exchange) => dataOf(systems, exchange));
    if (answers.some((data) => !holdsRecords(find.records, data))) return 'queued';
    const records = answers.flatMap((data) => listRecords(find.records, data));
    const act = (count: 'none' | 'many'): ExpectedRecord['state'] | undefined => {
      const action = options.oracle.find(flow.name, find.name, count);
      return action === 'blank' ? undefined : (STATES[action] ?? 'review');
    };
    const count =
      records.length === 0 ? 'none' : find.take === 'one' && records.length > 1 ? 'many' : undefined;
    const state = count === undefined ? undefined : act(count);
    if (state !== undefined) return state;
    if (records.some((record) => isMalformed(record, factsBelow(options.slice, 'find', find.name))))
      return 'review';
    found[find.name] = find.take === 'all' ? records : records[0];
  }
  return found;
}

interface WriteCase extends RecordedFlow {
  /** What is sent of the record. */
  readonly item: unknown;
  readonly target: AnyTarget;
  readonly key: string;
  readonly oracle: RulesOracle;
  readonly slice: FlowSlice;
}

function holdsHits(lookUp: Exchange, { systems, target, slice }: WriteCase): boolean {
  const { records = '' } = findCall(slice, { role: 'look-up', name: target.name }) ?? {};
  return listValues(dataOf(systems, lookUp), records).some((list) => Array.isArray(list));
}

/** What an answer says of its write: an answer that cannot be read says nothing, and is resolved by the write's tier. */
function judgeAnswer(
  answer: Exchange,
  { flow, systems, target, oracle, slice, item }: WriteCase,
): { readonly kind: 'confirmed'; readonly id: string | undefined } | { readonly kind: 'review' | 'unknown' } {
  const unclear = { kind: target.tier < 5 ? ('unknown' as const) : ('review' as const) };
  const data = dataOf(systems, answer);
  try {
    if (!holdsOneResult(target, item, data)) return unclear;
    if (oracle.refuses(flow.name, target.name, data)) return { kind: 'review' };
    // An answer in which nothing can be looked for says nothing.
    target.id?.(data as never);
    const { answer: fields = {} } = findCall(slice, { role: 'write', name: target.name }) ?? {};
    const path = Object.keys(fields).find((entry) => fields[entry]?.use === 'id');
    const id = path === undefined ? undefined : listValues(data, path)[0];
    if (typeof id === 'object' && id !== null) return unclear;
    // Where the rules say what the object is called, an answer that does not is no answer to this write.
    if (path !== undefined && (id === undefined || id === null || id === '')) return unclear;
    return { kind: 'confirmed', id: id === undefined || id === null ? undefined : String(id as string) };
  } catch {
    return unclear;
  }
}

/**
 * A recorded call for several records is one of a single record: with another number of results nobody knows whose is
 * whose, but by a field that item and result share.
 */
function holdsOneResult({ batch }: AnyTarget, item: unknown, data: unknown): boolean {
  if (batch === undefined) return true;
  const results: unknown = batch.results(data as never);
  if (!Array.isArray(results)) return false;
  const { match } = batch;
  if (match === undefined) return results.length === 1;
  const [wanted] = listValues(item, match.item);
  const own = results.filter((result) => isSameText(listValues(result, match.result)[0], wanted));
  return own.length === 1;
}

function isSameText(value: unknown, wanted: unknown): boolean {
  const isText = typeof wanted === 'string' || typeof wanted === 'number';
  return (
    isText && (typeof value === 'string' || typeof value === 'number') && String(value) === String(wanted)
  );
}

/** The answer to a call for this record; where none was recorded, that of another stands for it. */
function chooseAnswer(role: 'write' | 'look-up', at: WriteCase): Exchange | undefined {
  const { flow, target } = at;
  const own = at.exchanges.filter(
    (exchange) =>
      exchange.role === role &&
      isSuccess(exchange) &&
      (exchange.name ?? flow.targets[0].name) === target.name,
  );
  return (
    own.find((exchange) => exchange.key === at.key) ??
    own.find((exchange) => role === 'look-up' || judgeAnswer(exchange, at).kind === 'confirmed') ??
    own[0]
  );
}

/** What is said of the fields of one record, by their paths in it. */
export function factsBelow(
  slice: FlowSlice,
  role: string,
  name: string | undefined,
): Readonly<Record<string, FieldFacts>> {
  const call = findCall(slice, { role, name });
  const above = call?.isObject === true ? '' : `${call?.records ?? ''}[].`;
  const entries = Object.entries(call?.answer ?? {}).filter(([path]) => path.startsWith(above));
  return Object.fromEntries(entries.map(([path, facts]) => [path.slice(above.length), facts]));
}

/** A value of another type than the description says; nothing is a kind of blank, and no fault. */
function isMalformed(record: unknown, facts: Readonly<Record<string, FieldFacts>>): boolean {
  return Object.entries(facts).some(([path, { types, inList }]) => {
    const [type] = types;
    // A bad element of a list concerns the mapping of that element.
    if (types.length !== 1 || type === 'object' || type === 'array' || inList === true) return false;
    return listValues(record, path).some(
      (value) => value !== undefined && value !== null && !hasType(value, type ?? ''),
    );
  });
}

function hasType(value: unknown, type: string): boolean {
  if (type === 'integer') return typeof value === 'bigint' || Number.isInteger(value);
  if (type === 'number') return typeof value === 'number' || typeof value === 'bigint';
  return typeof value === type;
}
