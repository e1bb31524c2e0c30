import type { WireRequest } from '../../http/transport.ts';
import { createInstant } from '../../instant.ts';
import { compareAsked, readAsked } from '../compare-asked.ts';
import type { CallOracle, FromText, PagesText } from './call-oracle.ts';
import { readDuration } from './call-oracle.ts';
import type { Given } from './drill.ts';
import type { DrillCall } from './drill-world.ts';
import type { Course } from './observe.ts';

interface ReadingJudge {
  readonly oracle: CallOracle;
  readonly config: unknown;
  readonly settings: Readonly<Record<string, unknown>>;
  /** The record that the world holds. */
  readonly record: unknown;
}

/** How often the source is asked, for what, and as whom, against `from` and the system of the rules. */
export function compareReading(course: Course, given: Given, judge: ReadingJudge): string[] {
  const { rules } = judge.oracle;
  const from = rules.flows[given.flow]?.from;
  const reads = course.calls.filter(({ role }) => role === 'read');
  const [first] = reads;
  // Two pages of one reading may be one moment apart: the next reading is the first that is later.
  const second = reads.find(({ atMs }) => atMs - (first?.atMs ?? 0) > 5000);
  if (from === undefined || first === undefined || second === undefined)
    return [`the source was read ${reads.length} times`];
  return [
    ...compareEvery(second.atMs - first.atMs, from),
    ...(from.changes?.exclusive === true ? [] : compareWith(second.request, from, judge)),
    ...compareSize(second.request, from, rules.systems[from.system]?.pages),
    ...course.calls.flatMap((call) => compareCaller(call, judge)),
  ].filter((text, index, all) => all.indexOf(text) === index);
}

const LONGEST_MS = 3_600_000;

function compareEvery(gapMs: number, { every }: FromText): string[] {
  if (every === undefined || readDuration(every) > LONGEST_MS) return [];
  const wanted = readDuration(every);
  return Math.abs(gapMs - wanted) <= 1000 ? [] : [`read again after ${gapMs} ms instead of ${wanted} ms`];
}

function compareWith(request: WireRequest, from: FromText, { config, record }: ReadingJudge): string[] {
  const since = createInstant(findSinceMs(from, record));
  const wanted = evaluateData(from.with ?? {}, { since, config }) as Readonly<Record<string, unknown>>;
  return compareAsked(request, wanted, from.read).map((text) => `the source was ${text}`);
}

/** The newest change that was read, less what the rules look back. */
function findSinceMs({ changes }: FromText, record: unknown): number {
  const steps = (changes?.field ?? '').split('.');
  const newest = steps.reduce<unknown>((value, step) => Reflect.get(Object(value), step), record);
  const number = Number(newest);
  const atMs = Number.isNaN(number) ? Date.parse(String(newest)) : number < 1e11 ? number * 1000 : number;
  if (changes?.field === undefined || Number.isNaN(atMs)) return 0;
  return Math.max(0, atMs - (changes.lookback === undefined ? 0 : readDuration(changes.lookback)));
}

function evaluateData(given: unknown, scope: { readonly since: unknown; readonly config: unknown }): unknown {
  if (typeof given === 'string' && given.startsWith('=')) {
    // oxlint-disable-next-line no-implied-eval -- a test oracle runs the client's own expressions, and nothing else
    const run = new Function('since', 'config', `"use strict"; return (${given.slice(1).trim()}\n);`) as (
      ...args: unknown[]
    ) => unknown;
    return run(scope.since, scope.config);
  }
  if (Array.isArray(given)) return given.map((entry) => evaluateData(entry, scope));
  if (typeof given !== 'object' || given === null) return given;
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [key, evaluateData(value, scope)]));
}

function compareSize(request: WireRequest, from: FromText, all: readonly PagesText[] = []): string[] {
  const pages = from.pages ?? all.find((one) => one.for === undefined || fitsPattern(one.for, from.read));
  return Object.entries(pages?.size ?? {}).flatMap(([name, count]) => {
    const sent = readPlace(request, name, from.read);
    return String(sent) === String(count)
      ? []
      : [`the source was asked for pages of ${String(sent)} instead of ${count}`];
  });
}

/** A parameter or field by its name, or a field inside an object of the body by its path. */
function readPlace(request: WireRequest, name: string, read: string): unknown {
  const own = readAsked(request, name, read);
  const [first = '', ...steps] = name.split('.');
  if (own !== undefined || steps.length === 0) return own;
  return steps.reduce<unknown>(
    (value, step) => Reflect.get(Object(value), step),
    readAsked(request, first, read),
  );
}

/** `POST *\/search`: a star stands for any text. */
function fitsPattern(pattern: string, operation: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[\\^$.+?()[\]{}|]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`).test(operation);
}

/** A call says who asks: the headers of the rules, and a bearer token where the rules have one. */
function compareCaller({ system, role, request }: DrillCall, { oracle, settings }: ReadingJudge): string[] {
  const rules = oracle.rules.systems[system];
  if (rules === undefined || role === 'token') return [];
  const resolve = (text: string): string => (text.startsWith('$') ? String(settings[text.slice(1)]) : text);
  const { kind, token } = rules.auth;
  const bearer = kind === 'bearer' && token !== undefined ? `Bearer ${resolve(token)}` : undefined;
  const wanted = { ...rules.headers, ...(bearer === undefined ? {} : { authorization: bearer }) };
  const wrong = Object.entries(wanted).filter(
    ([name, value]) => request.headers[name.toLowerCase()] !== resolve(value),
  );
  const isAnonymous = oracle.renewsOf(system) && !/^Bearer ./.test(request.headers['authorization'] ?? '');
  return [
    ...wrong.map(([name]) => `${system} was called with another header ${name} than the rules have`),
    ...(isAnonymous ? [`${system} was called without a token`] : []),
  ];
}
