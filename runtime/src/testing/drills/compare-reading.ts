import type { WireRequest } from '../../http/transport.ts';
import { createInstant } from '../../instant.ts';
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
    ...(from.changes?.exclusive === true ? [] : compareAsked(second.request, from, judge)),
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

/** Each value of `with` where the request has it; what is sent in another form than JSON or plain text is left alone. */
function compareAsked(request: WireRequest, from: FromText, { config, record }: ReadingJudge): string[] {
  const since = createInstant(findSinceMs(from, record));
  return Object.entries(from.with ?? {}).flatMap(([key, given]) => {
    const name = key.replace(/^(?:path|query|header|body)\./, '');
    const wanted = evaluateData(given, { since, config });
    const sent = readSent(request, name, from.read);
    if (sent === null || isStyled(sent, wanted, from.read.includes(`{${name}}`))) return [];
    if (sent === undefined)
      return !isScalar(wanted) || isSegment(request, wanted, from.read)
        ? []
        : [`the source was not asked with ${name}`];
    return textOf(sent) === textOf(wanted) || isJoined(sent, wanted)
      ? []
      : [`the source was asked with ${name} ${textOf(sent)} instead of ${textOf(wanted)}`];
  });
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

function isScalar(value: unknown): boolean {
  return typeof value !== 'object';
}

/** Numbers and texts of the same digits are one literal of the rules. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(textOf).join(',')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return `{${entries.map(([key, member]) => `${key}:${textOf(member)}`).join(',')}}`;
}

/** An object in a parameter, or a list in a path, has as many forms as there are styles: tests of the client see to those. */
function isStyled(sent: unknown, wanted: unknown, isInPath: boolean): boolean {
  if (isScalar(wanted)) return false;
  return isInPath || sent === undefined || (typeof sent === 'string' && !Array.isArray(wanted));
}

/** A list in one parameter, with a sign between its values. */
function isJoined(sent: unknown, wanted: unknown): boolean {
  return Array.isArray(wanted) && [',', ' ', '|'].some((sign) => sent === wanted.map(textOf).join(sign));
}

function readSent({ url, body, headers }: WireRequest, name: string, read: string): unknown {
  const { searchParams, pathname } = new URL(url);
  if (searchParams.has(name)) {
    const all = searchParams.getAll(name);
    return all.length === 1 ? all[0] : all;
  }
  if (headers[name.toLowerCase()] !== undefined) return headers[name.toLowerCase()];
  const cookie = (headers['cookie'] ?? '').split('; ').find((one) => one.startsWith(`${name}=`));
  if (cookie !== undefined) return decodeURIComponent(cookie.slice(name.length + 1));
  if (read.includes(`{${name}}`)) return readSegment(pathname, name, read);
  try {
    return Reflect.get(JSON.parse(body ?? '{}') as object, name);
  } catch {
    return undefined;
  }
}

/** Counted from the end, for the server may have a path of its own; null where the value is only a part of a segment. */
function readSegment(pathname: string, name: string, read: string): string | null {
  const segments = read.split('/');
  const place = segments.indexOf(`{${name}}`);
  return place < 0 ? null : decodeURIComponent(pathname.split('/').at(place - segments.length) ?? '');
}

/** Of an operation that the rules name by its id, the path is not known here: the value is looked for in every segment. */
function isSegment({ url }: WireRequest, wanted: unknown, read: string): boolean {
  if (read.includes('/')) return false;
  return new URL(url).pathname.split('/').some((segment) => decodeURIComponent(segment) === textOf(wanted));
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
  const own = readSent(request, name, read);
  const [first = '', ...steps] = name.split('.');
  if (own !== undefined || steps.length === 0) return own;
  return steps.reduce<unknown>(
    (value, step) => Reflect.get(Object(value), step),
    readSent(request, first, read),
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
