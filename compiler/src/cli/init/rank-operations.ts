import type { Operation } from '../../model/api-model.ts';
import type { OperationFinder } from '../../resolve/resolve-operations.ts';
import { findList } from './find-list.ts';
import { findKey, findVersion } from './find-identity.ts';
import { listWords, nameObject } from './list-words.ts';

/** An operation, and how much speaks for it. */
export interface Ranked {
  readonly name: string;
  readonly score: number;
}

/** Some descriptions have thousands of operations, and nobody chooses from so many. */
const MOST = 12;

/** Operations from which records could be read, the likeliest first: rather those of what the target takes, too. */
export function rankReads(finder: OperationFinder, target: OperationFinder): readonly Ranked[] {
  const taken = new Set(
    target.names.filter(({ name }) => name.startsWith('POST ')).map(({ name }) => nameObject({ path: name })),
  );
  return rank(finder, (operation) => {
    const isSearch = operation.method === 'POST' && /search|query|list|find/i.test(operation.path);
    if (operation.method !== 'GET' && !isSearch) return undefined;
    const list = findList(operation);
    if (list === undefined || operation.path.includes('{')) return undefined;
    return sum([
      [true, isSearch ? 2 : 1],
      [findKey(list.record) !== undefined, 2],
      [findVersion(list.record) !== undefined, 3],
      [operation.parameters.some(({ name }) => NARROWING.test(name)), 2],
      [taken.has(nameObject(operation)), 2],
      [/batch|history|audit|setting|metadata/i.test(operation.path), -3],
      [true, -0.3 * operation.path.split('/').length],
    ]);
  });
}

/** Parameters by which a list is read in parts. */
const NARROWING = /since|after$|updated|modified|changed|start.?(?:time|date)/i;

/** Parameters that ask for what has changed since a moment; when something began, or was sent, is another question. */
export const SINCE = /since|updated|modified|changed/i;

/** What one system calls so, another calls otherwise. */
const KINDS = [
  [
    'contact',
    'customer',
    'client',
    'person',
    'people',
    'user',
    'lead',
    'company',
    'organization',
    'organisation',
    'supplier',
    'vendor',
  ],
  ['deal', 'opportunity', 'order', 'quote', 'invoice'],
  ['ticket', 'case', 'issue', 'conversation'],
  ['product', 'item', 'article', 'sku'],
  ['payment', 'charge', 'transaction'],
  ['note', 'message', 'comment', 'call', 'sms'],
];

/** They ask, or take away: no record is written by them. */
const WRITES_NOTHING =
  /[/_-](?:search|query|find|read|count|export|merge|archive|unarchive|restore|delete|remove|purge|detach|unsubscribe)$/i;

/** Operations that could write what `read` gives, the likeliest first. */
export function rankWrites(finder: OperationFinder, read: string): readonly Ranked[] {
  const nouns = new Set(
    listWords(
      read
        .replace(/\/search$/, '')
        .split('/')
        .at(-1) ?? '',
    ),
  );
  const related = new Set(KINDS.filter((kind) => kind.some((noun) => nouns.has(noun))).flat());
  return rank(finder, (operation) => {
    if (!['POST', 'PUT', 'PATCH'].includes(operation.method) || operation.body === undefined)
      return undefined;
    if (WRITES_NOTHING.test(operation.path.replaceAll(/\/\{[^}]*\}/g, ''))) return undefined;
    const words = listWords(operation.path.replaceAll(/\{[^}]*\}/g, ''));
    return sum([
      [operation.method === 'POST', 2],
      [/upsert|createOrUpdate|update_?or_?create/i.test(`${operation.path} ${operation.id ?? ''}`), 2],
      [
        /search|batch|archive|merge|delete|history|attachment|image|file|convert|email/i.test(operation.path),
        -4,
      ],
      [words.some((word) => nouns.has(word)), 4],
      [words.some((word) => related.has(word)), 2.5],
      [true, -1.5 * (operation.path.match(/\{/g) ?? []).length],
      // What has an id of the target's own is changed by this, and seldom made.
      [operation.method === 'POST' && operation.path.endsWith('}'), -3],
      [true, -0.3 * operation.path.split('/').length],
    ]);
  });
}

function rank(finder: OperationFinder, score: (operation: Operation) => number | undefined): Ranked[] {
  return finder.names
    .flatMap(({ name }) => {
      const operation = finder.peek(name);
      const points = operation === undefined ? undefined : score(operation);
      return points === undefined ? [] : [{ name, score: points }];
    })
    .toSorted((left, right) => right.score - left.score || (left.name < right.name ? -1 : 1))
    .slice(0, MOST);
}

function sum(parts: readonly (readonly [boolean, number])[]): number {
  return parts.reduce((total, [holds, points]) => total + (holds ? points : 0), 0);
}
