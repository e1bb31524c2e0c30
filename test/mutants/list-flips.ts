import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../run-process.ts';
import type { Edit } from './emitted-tests.ts';

/** One decision of the sample's answer book, and how the emitted code would take another. */
export interface Flip {
  /** The row's name. */
  readonly id: string;
  /** Another row of the same decision: what comes of it when it lasts for a day. */
  readonly also?: string;
  /** A rule that goes before all others of the call. */
  readonly rule?: { readonly call: 'read' | 'write'; readonly text: string; readonly isLast?: boolean };
  /** Or another text in the emitted code. */
  readonly edit?: Edit;
  /** Or another action of one field for one kind. */
  readonly field?: FieldFlip;
}

interface FieldFlip {
  readonly to: string;
  readonly key: 'blank' | 'invalid' | 'otherwise';
  readonly kind: string;
  readonly action: string;
}

const FLOW = 'src/flows/customers.ts';
const MAPPING = 'src/mappings/customers-contact.ts';
const SERVICE = join(ROOT, 'generated/crm-to-ledger');

interface Row {
  readonly id: string;
  readonly given: {
    readonly call: string;
    readonly situation?: string;
    readonly answer?: { readonly kind: string; readonly status?: number; readonly headers?: object };
  };
  readonly expect: { readonly action: string };
}

/** Rows that the runtime decides by itself: no text of the emitted code takes another decision. */
export const DECIDED_BY_THE_RUNTIME: ReadonlyMap<string, string> = new Map([
  ['customers.read.same-page', 'no rule may let a reading go on for ever'],
  ['customers.read.inexact', 'no rule may take a value that cannot be read exactly'],
]);

export function readRows(): readonly Row[] {
  return JSON.parse(readFileSync(join(SERVICE, 'test/drills/customers.rows.json'), 'utf8')) as readonly Row[];
}

/** Rows that are decided by a text of the emitted code and not by the standard policy. */
const OWN: Readonly<Record<string, Edit>> = {
  'customers.read.asks': { file: FLOW, from: 'everyMs: 300_000', to: 'everyMs: 240_000' },
  'customers.first': { file: FLOW, from: "first: 'all'", to: "first: 'seen'" },
  'customers.keep[0]': { file: FLOW, from: "otherwise: 'skip'", to: "otherwise: 'review'" },
  'customers.later.changed': { file: FLOW, from: "changed: 'update'", to: "changed: 'ignore'" },
  'customers.later.left': { file: FLOW, from: "left: 'review'", to: "left: 'ignore'" },
  'customers.read.207': {
    file: 'src/systems/crm.ts',
    from: "[[207, 207]], do: 'review'",
    to: "[[207, 207]], do: 'retry'",
  },
  'customers.read.200.when': { file: 'src/systems/crm.ts', from: "do: 'retry'", to: "do: 'halt'" },
  'customers.read.no-list': { file: FLOW, from: '=> body.results,', to: '=> body.results ?? [],' },
  'customers.contact.write.400': {
    file: FLOW,
    from: "[[400, 400]], do: 'review'",
    to: "[[400, 400]], do: 'skip'",
  },
  'customers.contact.write.refusal': {
    file: FLOW,
    from: 'body.Contacts?.[0]?.HasValidationErrors === true',
    to: 'body.Contacts?.[0]?.HasValidationErrors === false',
  },
};

export function listFlips(): readonly Flip[] {
  return readRows()
    .filter(({ id }) => !DECIDED_BY_THE_RUNTIME.has(id) && !id.endsWith(FOR_LONG))
    .map((row) => {
      const edit = OWN[row.id];
      if (edit !== undefined) return { id: row.id, edit };
      const isField = row.given.answer === undefined && row.given.situation === undefined;
      const also = `${row.id}${FOR_LONG}`;
      const flip = isField ? flipField(row) : flipCall(row);
      return readRows().some(({ id }) => id === also) ? { ...flip, also } : flip;
    });
}

const FOR_LONG = '.for-a-day';

/** The rows that a decision stands behind. */
export function listRowsOf({ id, also }: Flip): readonly string[] {
  return also === undefined ? [id] : [id, also];
}

/** What is decided otherwise: a call that would be repeated is not, and one that would not be is. */
function flipCall({ id, given, expect }: Row): Flip {
  const call = given.call === 'read' ? 'read' : 'write';
  const other =
    call === 'read'
      ? expect.action === 'halt'
        ? 'retry'
        : 'halt'
      : expect.action === 'review'
        ? 'skip'
        : 'review';
  const action = given.situation === 'expired-cursor' ? 'retry' : other;
  const {
    kind = 'response',
    status = given.situation === 'expired-cursor' ? 404 : 307,
    headers,
  } = given.answer ?? {};
  if (kind === 'cut') {
    // There is no class of its own for a cut answer: what is unknown and none of the others.
    const text = `{ on: ['timeout', 'too-large', 'malformed'], do: '${expect.action}', rule: 'kept' }, { on: ['unknown'], do: '${action}', rule: 'flip' },`;
    return { id, rule: { call, text, isLast: true } };
  }
  const on = kind === 'response' ? `[${status}, ${status}]` : `'${kind}'`;
  const names = Object.keys(headers ?? {});
  const [name] = names;
  const when =
    kind !== 'response'
      ? ''
      : ` when: ({ headers }) => ${name === undefined ? "headers['retry-after'] === undefined" : `headers['${name}'] !== undefined`},`;
  return { id, rule: { call, text: `{ on: [${on}],${when} do: '${action}', rule: 'flip' },` } };
}

function flipField({ id, expect }: Row): Flip {
  const [, path = '', group = '', kind = ''] =
    /^customers\.contact\.(.+?)\.(?:(blank|invalid)\.)?([a-z-]+)$/.exec(id) ?? [];
  const action = expect.action === 'review' ? 'skip' : 'review';
  return {
    id,
    field: { to: path, key: group === '' ? 'otherwise' : (group as 'blank' | 'invalid'), kind, action },
  };
}

/** All edits that take these decisions otherwise, at once. */
export function editFor(flips: readonly Flip[]): readonly Edit[] {
  return [
    ...flips.flatMap(({ edit }) => (edit === undefined ? [] : [edit])),
    ...editCalls(flips),
    ...editFields(flips),
  ];
}

function editCalls(flips: readonly Flip[]): Edit[] {
  const texts = (call: 'read' | 'write'): string => {
    const rules = flips.flatMap(({ rule }) => (rule?.call === call ? [rule] : []));
    return rules
      .toSorted((left, right) => Number(left.isLast ?? false) - Number(right.isLast ?? false))
      .map(({ text }) => text)
      .join(' ');
  };
  const [read, write] = [texts('read'), texts('write')];
  return [
    ...(read === ''
      ? []
      : [{ file: FLOW, from: "    system: 'crm',\n", to: `    system: 'crm',\n calls: [${read}],\n` }]),
    ...(write === ''
      ? []
      : [{ file: FLOW, from: 'calls: [{ on: [[400', to: `calls: [${write} { on: [[400` }]),
  ];
}

/** `blank: 'review'` becomes a map by kind, in which only the kinds of these flips differ. */
function editFields(flips: readonly Flip[]): Edit[] {
  const fields = flips.flatMap(({ field }) => (field === undefined ? [] : [field]));
  const text = readFileSync(join(SERVICE, MAPPING), 'utf8');
  const groups = Map.groupBy(fields, ({ to }) => to);
  return [...groups].map(([to, list]) => {
    const start = text.indexOf(`to: '${to}',`);
    const from = text.slice(start, text.indexOf('});', start));
    const changed = [...Map.groupBy(list, ({ key }) => key)].reduce((block, [key, kinds]) => {
      if (key === 'otherwise')
        return block.replace(/otherwise: '[a-z]+'/, `otherwise: '${kinds[0]?.action}'`);
      return block.replace(
        new RegExp(`${key}: (?:'([a-z]+)'|\\{ 'too-long': '([a-z]+)' \\})`),
        (_, all?: string, one?: string) => {
          const byKind = kinds.map(({ kind, action }) => `'${kind}': '${action}'`).join(', ');
          return `${key}: { ${byKind}, other: '${all ?? one ?? 'review'}' }`;
        },
      );
    }, from);
    if (changed === from) throw new Error(`No decision about ${to} could be changed.`);
    return { file: MAPPING, from, to: changed };
  });
}
