import type { AnyFlow } from '../../flow.ts';
import { createInstant } from '../../instant.ts';
import { expectedBody, readText } from '../recorded-body.ts';
import { isSame } from '../is-same.ts';
import type { OracleResult, RulesOracle } from '../rules-oracle.ts';
import { targetOf } from './call-oracle.ts';
import type { CallOracle } from './call-oracle.ts';
import type { DrillRow, DrillUpdate, Given } from './drill.ts';
import type { Course } from './observe.ts';

export interface RecordJudge {
  readonly oracle: CallOracle;
  readonly fields: RulesOracle;
  readonly flow: AnyFlow;
  readonly config: unknown;
  readonly custom: Readonly<Record<string, unknown>> | undefined;
  /** The whole record of the world, and what its look-ups find. */
  readonly found: Readonly<Record<string, unknown>>;
  /** What the targets of the world call it. */
  readonly ids: Readonly<Record<string, string | undefined>>;
  readonly updates: Readonly<Record<string, DrillUpdate>>;
}

/** What differs between what became of a record and what the rules say of its fields. */
export function compareRecord(course: Course, row: DrillRow, judge: RecordJudge): string[] {
  const { given, expect } = row;
  const target = targetOf(judge.oracle.rules, given);
  const sample = { source: given.record, found: given.found ?? judge.found, ids: judge.ids };
  const on = given.call === 'update' ? 'update' : target.create === undefined ? undefined : 'create';
  const result = judge.fields.map(given.flow, target.name, sample, {
    config: judge.config,
    ...(judge.custom === undefined ? {} : { custom: judge.custom }),
    ...(on === undefined ? {} : { on }),
  });
  return [
    ...compareClaim(expect.action, result, given.field),
    ...compareEnd(course, result, {
      given,
      judge,
      item: on === 'update' && judge.updates[target.name]?.isWhole === true ? undefined : target.item,
    }),
  ];
}

const STOPS: ReadonlySet<string> = new Set(['review', 'fail', 'skip']);

/** The gravest decision counts; undefined where it is written. */
export function gravest(result: OracleResult): string | undefined {
  if (result.kind === 'mapped') return undefined;
  const actions = result.stops.map(({ action }) => action);
  return ['fail', 'review'].find((action) => actions.includes(action)) ?? actions[0];
}

/** Of this field: others may be made of the same value. */
function compareClaim(claim: string, result: OracleResult, field: string | undefined): string[] {
  const stops = result.kind === 'stopped' ? result.stops.filter((one) => one.field === field) : [];
  const stop = stops[0]?.action;
  const isSaid = stop === undefined ? !STOPS.has(claim) : claim === stop;
  return isSaid ? [] : [`the answer book says ${claim}, the rules say ${stop ?? 'write it'}`];
}

const ENDS: Readonly<Record<string, string>> = { review: 'review', fail: 'dead', skip: 'skipped' };
const TOLD: Readonly<Record<string, string>> = { review: 'review', fail: 'dead-letter' };

interface Expected {
  readonly given: Given;
  readonly judge: RecordJudge;
  readonly item: string | undefined;
}

function compareEnd(course: Course, result: OracleResult, { given, judge, item }: Expected): string[] {
  const stop = gravest(result);
  const state = stop === undefined ? 'delivered' : (ENDS[stop] ?? stop);
  const kind = stop === undefined ? undefined : TOLD[stop];
  const told = kind === undefined ? [] : judge.oracle.listTold(kind, given.flow);
  // Of a record that was delivered before, the version before still is.
  const latest = course.states.filter(
    (one) => given.before === undefined || one !== 'delivered' || state === one,
  );
  const isUpdate = given.call === 'update';
  const role = `${isUpdate ? 'update' : 'write'} ${given.name ?? ''}`;
  const writes = course.writes.filter((write) => write.role === role);
  const says = (what: string, is: string, wanted: string): string[] =>
    is === wanted ? [] : [`${what}: ${is} instead of ${wanted}`];
  return [
    ...says('state of the record', latest.join(', '), state),
    ...says('told', course.told.join(', '), told.join(', ')),
    ...says('writes', String(writes.length), result.kind === 'mapped' ? '1' : '0'),
    ...(result.kind === 'mapped' && writes.length === 1
      ? compareBody(writes[0]?.body, result.item, { given, judge, item })
      : []),
  ];
}

/** What was sent, against what the oracle makes of the record; the order of the fields means nothing. */
function compareBody(text: string | undefined, mapped: unknown, { given, judge, item }: Expected): string[] {
  const target = judge.flow.targets.find(({ name }) => name === given.name);
  const scope = { now: createInstant(0), ids: judge.ids, found: given.found ?? judge.found };
  const { format } =
    given.call === 'update'
      ? (target?.update?.request(mapped, given.record, scope, 'id') ?? {})
      : (target?.request(mapped, given.record, scope) ?? {});
  const steps = item === undefined || item === '' ? [] : item.split(/\.|(?=\[)/);
  const body = steps.reduceRight<unknown>(
    (inner, step) => (step.startsWith('[') ? [inner] : { [step]: inner }),
    mapped,
  );
  const wanted = expectedBody(body, format);
  const sent = readSent(text ?? '', format);
  return isSame(sent, wanted) ? [] : [`sent: ${JSON.stringify(sent)} instead of ${JSON.stringify(wanted)}`];
}

function readSent(text: string, format: Parameters<typeof expectedBody>[1]): unknown {
  if (format === undefined) return JSON.parse(text);
  return format.type === 'application/x-www-form-urlencoded'
    ? Object.fromEntries(new URLSearchParams(text))
    : readText(text, format);
}
