import type { System } from '../../flow.ts';
import type { CallSlice, FieldFacts, FlowSlice } from '../../recording/slice.ts';
import { findCall } from '../../recording/slice.ts';
import type { Exchange } from '../exchange.ts';
import { isSuccess } from '../exchange.ts';
import { isSame } from '../is-same.ts';
import { readAnswerData, writeData } from '../recorded-body.ts';
import { copyOf, listPlaces, splitPath } from '../slice-path.ts';
import type { Place } from '../slice-path.ts';
import { systemOf } from '../expect-run.ts';

/** A recorded answer as the system might give it one day: with one thing changed. */
export interface Variant {
  /** `GET /rows: rows[].id is null`. */
  readonly name: string;
  readonly exchange: Exchange;
  /** The answer's data as it is then. */
  readonly data: unknown;
}

/**
 * What systems do to the fields that are used: leave them out, send null, another type, a member that is not listed, a
 * list without elements or with many; and what they may do without asking: send more than was described.
 */
export function listVariants(
  exchanges: readonly Exchange[],
  slice: FlowSlice,
  systems: readonly System[],
): Variant[] {
  const seen = new Set<string>();
  const calls = exchanges.filter((exchange) => {
    const name = `${exchange.role} ${exchange.name ?? ''}`;
    const isNew = isSuccess(exchange) && exchange.role !== 'token' && !seen.has(name);
    if (isNew) seen.add(name);
    return isNew;
  });
  return calls.flatMap((exchange) => {
    const call = findCall(slice, exchange);
    return call === undefined ? [] : listOf(exchange, call, systemOf(systems, exchange));
  });
}

function listOf(exchange: Exchange, call: CallSlice, system: System): Variant[] {
  const data = readAnswerData(system, exchange);
  if (typeof data !== 'object' || data === null) return [];
  const about = `${call.operation.method} ${call.operation.path}`;
  const make = (name: string, path: string, change: (place: Place) => void): Variant[] => {
    const copy = copyOf(data);
    const places = listPlaces(copy, path);
    for (const place of places) change(place);
    // What is not there already cannot be left out.
    return isSame(copy, data) || !canBeWritten(copy, exchange, system)
      ? []
      : [{ name: `${about}: ${name}`, exchange, data: copy }];
  };
  const more = copyOf(data);
  addMembers(more);
  return [
    ...(canBeWritten(more, exchange, system)
      ? [{ name: `${about}: with fields that nobody knows`, exchange, data: more }]
      : []),
    ...Object.entries(call.answer).flatMap(([path, facts]) =>
      listChanges(path, facts).flatMap(([name, change]) => make(`${path} ${name}`, path, change)),
    ),
  ];
}

/** A format without types has no place for what another type would be. */
function canBeWritten(data: unknown, { operation, response }: Exchange, system: System): boolean {
  try {
    writeData(system, operation, data, response.headers);
    return true;
  } catch {
    return false;
  }
}

type Change = readonly [name: string, change: (place: Place) => void];

function listChanges(path: string, facts: FieldFacts): Change[] {
  const set = (make: (value: unknown) => unknown) => (place: Place) => {
    // What is not there stays so: that is a variant of its own.
    if (place.value !== undefined) write(place, make(place.value));
  };
  const isElement = splitPath(path).at(-1) === undefined;
  const isList = facts.types.includes('array');
  const isObject = facts.types.includes('object');
  return [
    ...(isElement ? [] : [['is left out', remove] as const]),
    ['is null', (place) => write(place, null)],
    ['is of another type', set(() => (isList || isObject ? 'another type' : { another: 'type' }))],
    ...(isList || isObject ? [] : [['is text for a number, or a number for text', set(swapType)] as const]),
    ...(facts.enum === undefined && facts.known === undefined
      ? []
      : [['is a value that nobody knows', set(() => 'not-known-to-anybody')] as const]),
    ...(isList ? [['has no elements', set(() => [])] as const] : []),
    ...(isList && facts.use === undefined
      ? [['has an element twice', set((value) => repeat(value))] as const]
      : []),
  ];
}

function swapType(value: unknown): unknown {
  if (typeof value === 'string') return 7;
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : value === true ? 'true' : 1;
}

function repeat(value: unknown): unknown {
  return Array.isArray(value) ? [...(value as unknown[]), ...(value as unknown[]).slice(0, 1)] : value;
}

function remove({ holder, step }: Place): void {
  delete (holder as Record<string, unknown>)[step];
}

function write({ holder, step }: Place, value: unknown): void {
  (holder as Record<string | number, unknown>)[step] = value;
}

function addMembers(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const part of Object.values(value)) addMembers(part);
  if (!Array.isArray(value)) (value as Record<string, unknown>)['x-unknown'] = { of: ['no', 'use', 1, null] };
}
