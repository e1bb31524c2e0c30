import type { System } from '../../flow.ts';
import { mediaTypeOf } from '../../formats/body-format.ts';
import type { BodyFormat } from '../../formats/body-format.ts';
import type { WireRequest } from '../../http/transport.ts';
import type { CallSlice, FieldFacts } from '../../recording/slice.ts';
import { readSent } from '../recorded-body.ts';
import { isOfType } from './find-lies.ts';

/** Where a request is not what the description asks for. */
export function checkRequest(
  request: WireRequest,
  call: CallSlice,
  { system, format }: { readonly system: System; readonly format: BodyFormat | undefined },
): string[] {
  const about = `${call.operation.method} ${call.operation.path}`;
  const problems = [...checkParameters(request, call, system), ...checkBody(request, call, format)];
  return problems.map((problem) => `${about}: ${problem}`);
}

function checkParameters(
  { url, headers }: WireRequest,
  { parameters }: CallSlice,
  { auth }: System,
): string[] {
  const query = [...new URL(url).searchParams.keys()];
  const known = parameters.filter((parameter) => parameter.in === 'query');
  const isKnown = (name: string): boolean =>
    // Where a description does not say that a key stands in the query, the rules do.
    (auth.kind === 'apiKey' && auth.name === name) ||
    // `filter[name]=…` and `filter[]=…` are parts of the parameter `filter`.
    known.some((parameter) => name === parameter.name || name.startsWith(`${parameter.name}[`)) ||
    // An object that is exploded has its own members for names.
    known.some((parameter) => parameter.isObject === true);
  return [
    ...query.filter((name) => !isKnown(name)).map((name) => `the parameter ${name} is not described`),
    ...known
      .filter(({ required, name }) => required && !query.some((given) => given.startsWith(name)))
      .map(({ name }) => `the parameter ${name} is required, and not sent`),
    ...parameters
      .filter((parameter) => parameter.in === 'header' && parameter.required)
      .filter(({ name }) => headers[name.toLowerCase()] === undefined)
      .map(({ name }) => `the header ${name} is required, and not sent`),
  ];
}

function checkBody(request: WireRequest, call: CallSlice, format: BodyFormat | undefined): string[] {
  if (request.body === undefined || call.bodyType === undefined) return [];
  const type = mediaTypeOf(request.headers['content-type'] ?? '');
  const expected = mediaTypeOf(call.bodyType);
  if (type !== expected && expected !== '*/*') return [`the body is ${type} instead of ${expected}`];
  // Other formats are held against the description by what writes them.
  if (!/[/+]json$/.test(type)) return [];
  return checkValue(readSent(request.body, format), '', call.body);
}

function checkValue(value: unknown, path: string, facts: Readonly<Record<string, FieldFacts>>): string[] {
  const own = facts[path];
  const name = path === '' ? 'the body' : path;
  if (own === undefined) return [`${name} is not described`];
  if (own.readOnly === true) return [`${name} is read-only, and sent`];
  if (value === null) return own.nullable === true ? [] : [`${name} is null, and not nullable`];
  if (own.types.length > 0 && !own.types.some((type) => isOfType(value, type)))
    return [`${name} is of another type than ${own.types.join(' or ')}`];
  if (Array.isArray(value)) return value.flatMap((entry) => checkValue(entry, `${path}[]`, facts));
  if (typeof value === 'object') return checkMembers(value as Record<string, unknown>, path, facts);
  return checkScalar(value, name, own);
}

function checkMembers(
  value: Readonly<Record<string, unknown>>,
  path: string,
  facts: Readonly<Record<string, FieldFacts>>,
): string[] {
  const below = (name: string): string => {
    if (!/^[^.[\]"]+$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
    return path === '' ? name : `${path}.${name}`;
  };
  const isOpen = facts[path]?.open === true;
  const missing = Object.entries(facts).filter(
    ([entry, { required }]) => required === true && isMemberOf(entry, path) && !isSent(entry, path, value),
  );
  return [
    ...Object.entries(value).flatMap(([name, member]) =>
      isOpen && facts[below(name)] === undefined ? [] : checkValue(member, below(name), facts),
    ),
    ...missing.map(([entry]) => `${entry} is required, and not sent`),
  ];
}

function isMemberOf(entry: string, path: string): boolean {
  if (entry === path || !entry.startsWith(path)) return false;
  const rest = entry.slice(path.length).replace(/^\./, '');
  return rest !== '' && !/[.[]/.test(rest);
}

function isSent(entry: string, path: string, value: Readonly<Record<string, unknown>>): boolean {
  return value[entry.slice(path.length).replace(/^\./, '')] !== undefined;
}

function checkScalar(value: unknown, name: string, facts: FieldFacts): string[] {
  if (facts.enum !== undefined && !facts.enum.includes(value))
    return [`${name} is a value that is not listed`];
  if (typeof value === 'string') {
    if (facts.maxLength !== undefined && value.length > facts.maxLength) return [`${name} is too long`];
    if (facts.minLength !== undefined && value.length < facts.minLength) return [`${name} is too short`];
  }
  if (typeof value === 'number') {
    if (facts.maximum !== undefined && value > facts.maximum) return [`${name} is too large`];
    if (facts.minimum !== undefined && value < facts.minimum) return [`${name} is too small`];
  }
  return [];
}
