import { operatorError } from '../errors.ts';
import { parseExactJson, stringifyExactJson } from '../exact-json.ts';
import type { AnyFlow } from '../flow.ts';
import { takeRecord } from '../inbox/read-pass.ts';
import type { Review } from '../store/store.ts';
import { findNearestPath } from './find-nearest-path.ts';

/** What a person changes. */
export interface RecordEdit {
  /** `properties.email="a@b.example"`; a text may go without quotes. */
  readonly assignment: string | boolean | undefined;
  /** Also where the record has no such path: without this, a path that is mistyped would be a new field. */
  readonly add: boolean;
}

/**
 * The source record with one value set.
 * @throws OperatorError where that is not possible
 */
export function editRecord(flow: AnyFlow, review: Review, edit: RecordEdit): string {
  if (review.payload === undefined)
    throw operatorError(
      `The source record of review ${review.id} is no longer kept: what it became waits on its own. Decide with retry, --applied or --not-applied.`,
    );
  const payload = setValue(review.payload, edit);
  const [before, after] = [
    takeRecord(flow, parseExactJson(review.payload)),
    takeRecord(flow, parseExactJson(payload)),
  ];
  if (before.key === after.key && before.version === after.version) return payload;
  throw operatorError(
    'The key and the version of a record say which one it is; they cannot be edited. Mend the field that the message names, in the source record.',
  );
}

type Holder = Record<string, unknown>;

function setValue(payload: string, { assignment, add }: RecordEdit): string {
  const [, path, text] = /^([^=]+)=(.*)$/s.exec(typeof assignment === 'string' ? assignment : '') ?? [];
  if (path === undefined || text === undefined)
    throw operatorError('Say what to change: --set properties.email=ada@example.com');
  const source = parseExactJson(payload) as Holder;
  const steps = path.split('.');
  const last = steps.pop() ?? '';
  if (steps.includes('__proto__') || last === '__proto__')
    throw operatorError('That is no field of a record.');
  let holder = source;
  for (const step of steps) {
    if (!add && !isHolder(read(holder, step))) throw refusePath(source, path);
    holder = enter(holder, step, path);
  }
  if (!add && !Object.hasOwn(holder, last)) throw refusePath(source, path);
  checkPlace(holder, last, path);
  holder[last] = parseValue(text);
  return stringifyExactJson(source) ?? '{}';
}

/** What stands there, made where nothing does. */
function enter(holder: Holder, step: string, path: string): Holder {
  const next = read(holder, step);
  if (isHolder(next)) return next;
  if (next !== undefined && next !== null)
    throw operatorError(`"${step}" on the way to ${path} is a single value, so nothing can stand in it.`);
  checkPlace(holder, step, path);
  const made: Holder = {};
  holder[step] = made;
  return made;
}

/** A list has places 0, 1, 2, …; one that is left out or named otherwise would be lost. */
function checkPlace(holder: Holder, step: string, path: string): void {
  if (!Array.isArray(holder) || (/^(?:0|[1-9]\d*)$/.test(step) && Number(step) <= holder.length)) return;
  throw operatorError(
    `The list on the way to ${path} has ${holder.length} elements: "${step}" is none of them, and not the next.`,
  );
}

function refusePath(source: Holder, path: string): Error {
  const near = findNearestPath(source, path);
  const meant = near === undefined ? '' : ` Did you mean "${near}"?`;
  return operatorError(
    `The record has no "${path}".${meant} To give it a field that it does not have, say so with --add.`,
  );
}

function read(holder: Holder, step: string): unknown {
  return Object.hasOwn(holder, step) ? holder[step] : undefined;
}

function isHolder(value: unknown): value is Holder {
  return typeof value === 'object' && value !== null;
}

function parseValue(text: string): unknown {
  try {
    return parseExactJson(text) as unknown;
  } catch {
    return text;
  }
}
