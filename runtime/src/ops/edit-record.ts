import { operatorError } from '../errors.ts';
import { parseExactJson, stringifyExactJson } from '../exact-json.ts';
import type { AnyFlow } from '../flow.ts';
import { takeRecord } from '../inbox/read-pass.ts';
import type { Review } from '../store/store.ts';

/**
 * The source record with one value set: `properties.email="a@b.example"`; a text may go without quotes.
 * @throws OperatorError where that is not possible
 */
export function editRecord(flow: AnyFlow, review: Review, assignment: string | boolean | undefined): string {
  if (review.payload === undefined)
    throw operatorError(
      `The source record of review ${review.id} is no longer kept: what it became waits on its own. Decide with retry, --applied or --not-applied.`,
    );
  const payload = setValue(review.payload, assignment);
  const [before, after] = [
    takeRecord(flow, parseExactJson(review.payload)),
    takeRecord(flow, parseExactJson(payload)),
  ];
  if (before.key === after.key && before.version === after.version) return payload;
  throw operatorError(
    'The key and the version of a record say which one it is; they cannot be edited. Mend the field that the message names, in the source record.',
  );
}

function setValue(payload: string, assignment: string | boolean | undefined): string {
  const [, path, text] = /^([^=]+)=(.*)$/s.exec(typeof assignment === 'string' ? assignment : '') ?? [];
  if (path === undefined || text === undefined)
    throw operatorError('Say what to change: --set properties.email=ada@example.com');
  const source = parseExactJson(payload) as Record<string, unknown>;
  const steps = path.split('.');
  let holder = source;
  for (const step of steps.slice(0, -1)) {
    const next = Object.hasOwn(holder, step) ? holder[step] : undefined;
    if (typeof next !== 'object' || next === null)
      throw operatorError(`The record has no "${step}" on the way to ${path}.`);
    holder = next as Record<string, unknown>;
  }
  const last = steps.at(-1) ?? '';
  if (last === '__proto__') throw operatorError('That is no field of a record.');
  holder[last] = parseValue(text);
  return stringifyExactJson(source) ?? '{}';
}

function parseValue(text: string): unknown {
  try {
    return parseExactJson(text) as unknown;
  } catch {
    return text;
  }
}
