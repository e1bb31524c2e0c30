import { suggestPages } from '../../check/suggest-pages.ts';
import type { PagesSuggestion } from '../../check/suggest-pages.ts';
import type { Operation } from '../../model/api-model.ts';
import { nameOperation } from '../../model/api-model.ts';
import { isObject } from '../../resolve/follow-reference.ts';
import type { ReadSystem } from '../../resolve/read-systems.ts';
import { listFields, listTargetFields } from '../list-target-fields.ts';
import { nameMany, nameObject } from './list-words.ts';
import { suggestAuth } from './suggest-auth.ts';
import { suggestPairs } from './suggest-pairs.ts';
import type { Pair } from './suggest-pairs.ts';
import { quoteKey, suggestReading, suggestRequired } from './suggest-reading.ts';
import type { ReadingSuggestion } from './suggest-reading.ts';
import { suggestWriting } from './suggest-writing.ts';
import type { WritingSuggestion } from './suggest-writing.ts';

/** One side, as it was chosen. */
export interface ChosenSide {
  readonly name: string;
  /** As the rules file names them. */
  readonly specs: readonly string[];
  readonly read: ReadSystem;
  readonly operation: Operation;
}

export interface InitChoices {
  readonly integration: string;
  readonly output: string;
  readonly source: ChosenSide;
  readonly target: ChosenSide;
  /** The field that names a record, and the one that tells a change; undefined: the likeliest. */
  readonly key: string | undefined;
  readonly changed: string | undefined;
  /** A line of `pages`; undefined: what the description shows; `later`: marked TODO. */
  readonly pages: string | undefined;
  /** Undefined or `later`: marked TODO. */
  readonly policy: string | undefined;
  /** Target fields that are not wanted, or that a first try showed to fit nothing. */
  readonly without: ReadonlySet<string>;
}

/** A rules file for what was chosen: what the descriptions show is filled in, what a person must decide is marked TODO. */
export function renderRules(choices: InitChoices): string {
  const { source, target } = choices;
  const pages = choosePages(choices);
  const filled = [...pages.line.matchAll(/(?:send: |size: \{ )"?([^\s",:}]+)/g)].map(([, name = '']) => name);
  const suggested = suggestReading(source.operation, filled);
  const reading = suggested && {
    ...suggested,
    key: choices.key ?? suggested.key,
    version: choices.changed ?? suggested.version,
  };
  const writing = suggestWriting(target.operation);
  const required = suggestRequired(
    target.operation,
    target.operation.parameters,
    bodyNames(target.operation),
    reading?.key,
  );
  const settings = [...new Set([...(reading?.settings ?? []), ...required.settings])];
  const pairs = suggestPairs(
    listTargetFields(target.operation, writing.item),
    reading === undefined ? [] : listFields(reading.list.record),
    { key: reading?.key, noun: nameSide(target) },
  );
  return [
    ...renderHead(choices, settings, pairs),
    'systems:',
    ...renderSystem(source, pages),
    ...renderSystem(target, undefined),
    '',
    'flows:',
    `  ${nameMany(nameSide(source))}:`,
    ...renderFrom(source, reading),
    `    # TODO later: { changed: ${writing.mode === 'create' ? 'review' : 'update'}, left: review, deleted: ignore }   # what happens to what was delivered`,
    '    to:',
    ...renderTarget(choices, writing, required.inputs),
    '        map:',
    ...renderMap(pairs, choices.without),
    '',
    '# TODO alerts: { channels: { ops: { kind: slack, url: $OPS_WEBHOOK } }, send: [{ when: [review, dead-letter, halt, pause, auth], to: ops }] }',
    '',
  ].join('\n');
}

function choosePages({ source: { operation }, pages }: InitChoices): PagesSuggestion {
  const suggested = suggestPages(operation, findAnswer(operation), false);
  if (pages === undefined || pages === suggested.line) return suggested;
  // What is marked TODO shows an ellipsis.
  if (pages !== 'later') return { line: pages, why: 'as it was said' };
  return { ...suggested, line: suggested.line.includes('…') ? suggested.line : `${suggested.line} # …` };
}

function renderHead(
  { integration, output, source, target, policy }: InitChoices,
  settings: readonly string[],
  pairs: readonly Pair[],
): string[] {
  const noun = nameMany(nameSide(source));
  const needsZone = pairs.some((pair) => pair.as === 'date' || pair.as === 'instant');
  return [
    'mortise: 1',
    `integration: ${integration}`,
    `purpose: What ${source.name} knows as ${noun} goes to ${target.name}. # TODO in the client’s own words`,
    `output: ${output}`,
    ...(needsZone ? ['# TODO zone: Pacific/Auckland   # whose calendar day a date without a time is'] : []),
    ...(settings.length === 0 ? [] : [`config: { ${settings.map((name) => `${name}: string`).join(', ')} }`]),
    policy === undefined || policy === 'later'
      ? '# TODO policy: standard   # accepts the standard answers to what no rule decides; "mortise decisions" lists them'
      : `policy: ${policy}`,
    '',
  ];
}

function renderSystem(
  { name, specs, read, operation }: ChosenSide,
  pages: ReturnType<typeof suggestPages> | undefined,
): string[] {
  const prefix = name.toUpperCase().replaceAll('-', '_');
  const auth = suggestAuth(read.documents, prefix);
  const isOpen = pages?.line.includes('…') === true;
  return [
    `  ${name}:`,
    ...(specs.length === 1
      ? [`    spec: ${specs[0]}`]
      : ['    spec:', ...specs.map((spec) => `      - ${spec}`)]),
    `    server: $${prefix}_URL`,
    '    auth:',
    ...auth.lines.map((line) => `      ${line}`),
    ...(auth.others.length === 0 ? [] : [`      # the description also speaks of ${auth.others.join(', ')}`]),
    '    # TODO limits: { rate: 60 per 1m, concurrency: 5 }   # what the vendor allows',
    ...(pages === undefined
      ? []
      : isOpen
        ? ['    # TODO pages:', `    #   - ${pages.line}   # ${pages.why}`]
        : ['    pages:', `      - ${pages.line} # ${pages.why}`, ...renderFirstPage(operation, pages.line)]),
  ];
}

/** The first page is asked for without a cursor, also where the description requires one. */
function renderFirstPage(operation: Operation, line: string): string[] {
  const send = /kind: cursor,.*\bsend: "?([^\s",}]+)/.exec(line)?.[1];
  const body = operation.body?.schema;
  if (send === undefined || body?.name === undefined || body.properties.get(send)?.required !== true)
    return [];
  const fact = `{ schema: ${body.name}, optional: [${send}] }`;
  return ['    facts:', `      - ${fact} # the description requires it, and the first page has none`];
}

function renderFrom({ name, operation }: ChosenSide, reading: ReadingSuggestion | undefined): string[] {
  const { inputs = [], list, key, version, asksForChanges = false } = reading ?? {};
  return [
    '    from:',
    `      system: ${name}`,
    `      read: ${nameOperation(operation)}`,
    ...renderWith(inputs, '      '),
    `      records: ${list?.path === '[]' ? '"[]"' : (list?.path ?? '…')}`,
    `      key: ${key ?? '… # TODO the field that names a record'}`,
    `      version: ${version ?? key ?? '… # TODO the field that tells that a record has changed'}`,
    '      changes:',
    asksForChanges && version !== undefined
      ? `        field: ${version}`
      : '        full: true # TODO or field, and a filter in "with" that takes =since.iso: only what has changed is read',
    '        # TODO first: all   # or now, seen (what is there is only marked), or a date: where the first run begins',
    '      every: 15m',
    '      # TODO volume: 400 per 1d   # how many records are expected, for the forecast of calls',
  ];
}

/** Where all that goes into it is still to be written, so is the key. */
function renderWith(inputs: readonly string[], indent: string): string[] {
  if (inputs.length === 0) return [];
  const isOpen = inputs.every((line) => line.startsWith('#'));
  return isOpen
    ? [`${indent}# TODO with:`, ...inputs.map((line) => `${indent}#   ${line.replace('# TODO ', '')}`)]
    : [`${indent}with:`, ...inputs.map((line) => `${indent}  ${line}`)];
}

function renderTarget(
  { target }: InitChoices,
  writing: WritingSuggestion,
  inputs: readonly string[],
): string[] {
  const { operation, name } = target;
  const noun = nameSide(target);
  const [first = '…', ...others] = writing.once;
  return [
    `      - name: ${noun}`,
    `        system: ${name}`,
    `        ${writing.mode}: ${nameOperation(operation)}${writing.mode === 'create' ? ' # write, where the call also changes what is there' : ''}`,
    ...renderWith(inputs, '        '),
    ...(writing.item === undefined ? [] : [`        item: ${writing.item}`]),
    ...(writing.id === undefined ? [] : [`        id: ${writing.id}`]),
    ...(writing.carriesErrors
      ? ['        # TODO unless: =body.… !== undefined   # when an answer of success is a refusal']
      : []),
    `        # TODO once: ${first}`,
    ...others.map((line) => `        #   or: ${line}`),
  ];
}

function renderMap(pairs: readonly Pair[], without: ReadonlySet<string>): string[] {
  const kept = pairs.filter(({ target }) => !without.has(target.path));
  const lines = kept.flatMap(({ target, source, as }) => {
    const key = quoteKey(target.path);
    if (source === undefined)
      return [
        isOpenMap(target.schema)
          ? `          # TODO ${key}.…: =source.…   # required; the names in it are not described, so take the target’s own`
          : `          # TODO ${key}: =source.…   # required`,
      ];
    const value = `=${express(source.path, target, source)}`;
    return as === undefined
      ? [`          ${key}: ${value}`]
      : [`          ${key}:`, `            value: ${value}`, `            as: ${as}`];
  });
  const isEmpty = !kept.some(({ source }) => source !== undefined);
  return isEmpty ? [...lines.slice(0, 0), '          {} # TODO the fields of the target', ...lines] : lines;
}

function isOpenMap({ properties, additional }: Pair['target']['schema']): boolean {
  return properties.size === 0 && additional !== undefined;
}

/** `source.address?.city`; what is no text becomes one where the target wants it. */
function express(path: string, target: Pair['target'], source: Pair['target']): string {
  const steps = path.replaceAll(/\[(\d+)\]/g, '.[$1]').split('.');
  const read = steps.map((step, index) => (index === 0 ? `.${step}` : `?.${step}`)).join('');
  const isText = source.schema.types.includes('string') || source.schema.types.length === 0;
  return target.schema.types.includes('string') && !isText ? `String(source${read})` : `source${read}`;
}

/** What the records of a side are called, in the singular. */
function nameSide({ operation, read: { documents } }: ChosenSide): string {
  const info = documents.map(({ value }) => value['info']).find(isObject);
  const title = isObject(info) ? info['title'] : undefined;
  return nameObject(operation, typeof title === 'string' ? title : undefined);
}

function bodyNames({ body }: Operation): string[] {
  return [...(body?.schema.properties.keys() ?? [])];
}

/** What an operation answers when it succeeds. */
export function findAnswer({ responses }: Operation): Operation['responses'][number]['schema'] {
  return responses.find(({ status }) => /^2/.test(status))?.schema;
}
