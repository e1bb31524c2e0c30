import { fileURLToPath } from 'node:url';
import { readRecordedBody } from '../check/read-recorded-body.ts';
import type { RecordingFile } from '../source/recording-file.ts';
import { describeTarget } from '../emit/tests/describe-target.ts';
import type { CheckedFlow, CheckedModel } from '../model/checked-model.ts';
import type { FieldPath } from '../model/field-path.ts';
import type { Json } from '../model/workspace.ts';
import { toKebabCase } from '../model/name-case.ts';
import { isObject } from '../resolve/follow-reference.ts';
import type { Host } from '../source/host.ts';
import { runChild } from '../source/run-child.ts';

/** One record that becomes something else by the newer descriptions. */
export interface ReplayedChange {
  readonly flow: string;
  readonly target: string;
  readonly key: string;
  readonly fields: readonly FieldChange[];
}

export interface FieldChange {
  readonly field: string;
  /** As JSON, or what is done instead: `review`. */
  readonly before: string;
  readonly after: string;
}

export interface Replay {
  readonly records: number;
  readonly changes: readonly ReplayedChange[];
}

type Result =
  | { readonly kind: 'mapped'; readonly item: Json }
  | {
      readonly kind: 'stopped';
      readonly stops: readonly { readonly field: string; readonly action: string }[];
    };

interface Sample {
  readonly key: string;
  readonly source: Json;
  readonly found: Readonly<Record<string, Json>>;
}

const TIMEOUT_MS = 30_000;

/**
 * What the rules make of the recorded records, by the older and by the newer descriptions. The oracle that the service's
 * own tests use works it out, in a process of its own: the compiler itself runs no expression.
 * @returns undefined where the runtime is not beside the compiler @throws Error where the process fails
 */
export function replayRecordings(
  host: Host,
  rules: string,
  both: readonly [CheckedModel, CheckedModel],
  files: readonly RecordingFile[],
): Replay | undefined {
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  const script = host.resolve(root, 'runtime/src/testing/replay-rules.ts');
  if (host.readFile(script) === undefined) return undefined;
  const [older, newer] = both;
  const jobs = older.flows.flatMap((entry, index) => listJobs(entry, newer.flows[index], files));
  if (jobs.every(({ samples }) => samples.length === 0)) return { records: 0, changes: [] };
  const targets = jobs.map((job) => ({
    ...job,
    samples: job.samples.map(({ source, found }) => ({ source, found })),
  }));
  const input = JSON.stringify({ rules, config: sampleConfig(older), targets });
  const answer = runChild(script, { input, readable: `${root}*`, timeoutMs: TIMEOUT_MS });
  const replayed = JSON.parse(answer) as readonly ReplayedRecord[];
  const changes = replayed.flatMap(({ flow, target, index, before, after }): ReplayedChange[] => {
    const fields = diffResults(before, after);
    const job = jobs.find((entry) => entry.flow === flow && entry.target === target);
    return fields.length === 0 ? [] : [{ flow, target, key: job?.samples[index]?.key ?? '', fields }];
  });
  return { records: replayed.length, changes: uniqueChanges(changes) };
}

interface ReplayedRecord {
  readonly flow: string;
  readonly target: string;
  readonly index: number;
  readonly before: Result;
  readonly after: Result;
}

function listJobs(older: CheckedFlow, newer: CheckedFlow | undefined, files: readonly RecordingFile[]) {
  const samples = listSamples(older, files);
  return older.targets.flatMap((entry, index) => {
    const other = newer?.targets[index];
    if (other === undefined) return [];
    const { mode, name } = entry.target;
    const on = mode === 'write' ? undefined : mode;
    return [
      {
        flow: older.flow.name,
        target: name,
        on,
        before: describeTarget(entry),
        after: describeTarget(other),
        samples,
      },
    ];
  });
}

/** Every recorded record of the source, with what was recorded of its look-ups. */
function listSamples({ flow }: CheckedFlow, files: readonly RecordingFile[]): Sample[] {
  const exchanges = files
    .filter(({ file }) => file.includes(`/recordings/${toKebabCase(flow.name)}/`))
    .flatMap(({ text }) => parse(text) ?? []);
  const found = Object.fromEntries(
    flow.find.flatMap((find): [string, Json][] => {
      const answer = exchanges.find(({ role, name }) => role === 'find' && name === find.name);
      const records = answer === undefined ? [] : listFound(answer.body, find.records);
      const [first] = records;
      if (find.take === 'all') return [[find.name, records]];
      return first === undefined ? [] : [[find.name, first]];
    }),
  );
  return exchanges
    .filter(({ role }) => role === 'read')
    .flatMap(({ body }) => listRecords(body, flow.source.records))
    .map((source) => ({ key: String(pick(source, flow.source.key) ?? ''), source, found }));
}

function parse(text: string): { readonly role: Json; readonly name: Json; readonly body: Json } | undefined {
  try {
    const value = JSON.parse(text) as Json;
    const response = isObject(value) ? value['response'] : undefined;
    if (!isObject(value) || !isObject(response)) return undefined;
    const body = readRecordedBody(response['body'])?.value ?? null;
    return { role: value['role'] ?? null, name: value['name'] ?? null, body };
  } catch {
    return undefined;
  }
}

/** An answer that is the object holds one; null is none. */
function listFound(body: Json, path: FieldPath | undefined): readonly Json[] {
  if (path !== undefined) return listRecords(body, path);
  return typeof body === 'object' && body !== null ? [body] : [];
}

function listRecords(body: Json, path: FieldPath): readonly Json[] {
  const list = pick(body, path);
  return Array.isArray(list) ? (list as readonly Json[]) : [];
}

function pick(value: Json, path: FieldPath): Json | undefined {
  let at: Json | undefined = value;
  for (const step of path.steps) {
    if (typeof at !== 'object' || at === null) return undefined;
    const name = step.kind === 'name' ? step.name : step.kind === 'index' ? step.index : 0;
    at = (at as Readonly<Record<string | number, Json | undefined>>)[name];
  }
  return at;
}

/** Settings that lead nowhere, the same on both sides. */
function sampleConfig({ model }: CheckedModel): Readonly<Record<string, Json>> {
  const values = { string: 'sample', number: 1, boolean: true } as const;
  return Object.fromEntries(
    Object.entries(model.rules.config ?? {}).map(([name, type]) => [name, values[type]]),
  );
}

function diffResults(before: Result, after: Result): FieldChange[] {
  const [was, is] = [flatten(before), flatten(after)];
  return [...new Set([...was.keys(), ...is.keys()])].toSorted().flatMap((field) => {
    const [from, to] = [was.get(field) ?? '(left out)', is.get(field) ?? '(left out)'];
    return from === to ? [] : [{ field, before: from, after: to }];
  });
}

/** A record that stops is nothing else: what its other fields would have been is not sent. */
function flatten(result: Result): ReadonlyMap<string, string> {
  if (result.kind === 'stopped') return new Map(result.stops.map(({ field, action }) => [field, action]));
  const fields = new Map<string, string>();
  const visit = (value: Json | undefined, path: string): void => {
    if (Array.isArray(value))
      (value as readonly Json[]).forEach((item, index) => visit(item, `${path}[${index}]`));
    else if (isObject(value))
      for (const [name, member] of Object.entries(value))
        visit(member, path === '' ? name : `${path}.${name}`);
    else if (value !== undefined) fields.set(path, JSON.stringify(value));
  };
  visit(result.item, '');
  return fields;
}

/** A record that was read twice, and became the same twice, is one. */
function uniqueChanges(changes: readonly ReplayedChange[]): ReplayedChange[] {
  return [...new Map(changes.map((change) => [JSON.stringify(change), change])).values()];
}
