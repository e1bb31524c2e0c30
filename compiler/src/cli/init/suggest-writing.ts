import type { Operation, Schema } from '../../model/api-model.ts';
import { findKey } from './find-identity.ts';
import { listTargetFields } from '../list-target-fields.ts';
import { findList } from './find-list.ts';
import { nameObject } from './list-words.ts';
import { findKeeper, isTold } from './suggest-pairs.ts';

/** How a record is most likely written. */
export interface WritingSuggestion {
  readonly mode: 'write' | 'create';
  readonly item: string | undefined;
  readonly id: string | undefined;
  /** What could make a repeat harmless, as lines to choose from. */
  readonly once: readonly string[];
  /** An answer of success can carry errors. */
  readonly carriesErrors: boolean;
}

export function suggestWriting(operation: Operation): WritingSuggestion {
  const { method, path, id = '' } = operation;
  const updates = method !== 'POST' || /upsert|update/i.test(`${id} ${path}`);
  const item = findItem(operation.body?.schema);
  const answer = operation.responses.find(
    ({ status, schema }) => /^2/.test(status) && schema !== undefined,
  )?.schema;
  return {
    mode: updates ? 'write' : 'create',
    item,
    id: answer === undefined ? undefined : findId(operation, answer),
    once: suggestOnce(operation, item, updates),
    carriesErrors: [...(answer?.properties.keys() ?? [])].some((name) => /error|warning|fault/i.test(name)),
  };
}

const ABOUT_PAGES = /^(?:pagination|paging|page|meta)$/i;

/** An envelope: a body that holds hardly more than one list or one object. */
function findItem(body: Schema | undefined): string | undefined {
  const fields = [...(body?.properties ?? [])].filter(([name]) => !isTold(name) && !ABOUT_PAGES.test(name));
  const holders = fields.filter(([, { schema }]) => (schema.items ?? schema).properties.size > 0);
  const [only] = holders;
  if (only === undefined || holders.length > 1 || fields.length > 3) return undefined;
  // Beside a map whose fields nobody has listed, the other is a part of the object.
  if (fields.some(([, { schema }]) => schema.properties.size === 0 && schema.additional !== undefined))
    return undefined;
  return only[1].schema.items === undefined ? only[0] : `${only[0]}[0]`;
}

function findId(operation: Operation, answer: Schema): string | undefined {
  const noun = nameObject(operation);
  const own = findKey(answer, noun);
  if (own !== undefined) return own;
  const list = findList(operation);
  const key = list === undefined ? undefined : findKey(list.record, noun);
  return list === undefined || key === undefined || list.path === '[]' ? undefined : `${list.path}[0].${key}`;
}

function suggestOnce(operation: Operation, item: string | undefined, updates: boolean): string[] {
  const { parameters, body } = operation;
  const header = parameters.find(({ in: place, name }) => place === 'header' && /idempoten/i.test(name));
  const fields = [...(body?.schema.properties ?? [])].flatMap(([name, { schema }]) => [
    name,
    ...(schema.items ?? schema).properties.keys(),
  ]);
  const keeper = findKeeper(listTargetFields(operation, item), nameObject(operation));
  const unique = keeper?.path ?? fields.find((name) => /^email/i.test(name));
  return [
    ...(header === undefined
      ? []
      : [`{ kind: key, header: ${header.name}, lasts: 7d }   # for as long as the vendor says`]),
    `{ kind: upsert, by: ${unique === undefined ? '…' : quoteText(unique)}${updates ? '' : ', because: …'} }   # where the target knows an object again by a field`,
    '{ kind: look-up, call: …, with: { … }, records: … }   # where it can be looked for',
    '{ kind: accept-duplicates, because: … }',
  ];
}

/** A path as YAML takes it inside braces. */
function quoteText(text: string): string {
  return /^[\w$.-]+$/.test(text) ? text : JSON.stringify(text);
}
