import type { Operation, Schema } from '../model/api-model.ts';
import { nameOperation } from '../model/api-model.ts';
import { formatSteps } from '../model/field-path.ts';
import type { FieldStep } from '../model/field-path.ts';
import { listPageFields } from '../resolve/find-page-field.ts';

/** What a description shows of how a list is paged, as a line of rules; `…` stands where it shows nothing. */
export interface PagesSuggestion {
  /** `{ for: "GET /contacts", kind: cursor, next: paging.next.after, send: after }` */
  readonly line: string;
  /** What speaks for it, and what else it could be. */
  readonly why: string;
}

/** Parameters by what their names say, in words without signs: `page_token` and `pageToken` are one. */
const CURSORS =
  /^(?:cursor|after|aftercursor|pagetoken|nexttoken|nextpagetoken|continuation|continuationtoken|startingafter|nextcursor|pagecursor|scrollid|bookmark|marker)$/;
const NUMBERS = /^(?:page|pagenumber|pageno|pageindex|currentpage)$/;
const OFFSETS = /^(?:offset|skip|start|startindex|startat|startposition|firstresult)$/;
const SIZES =
  /^(?:limit|pagesize|perpage|count|take|top|maxresults|pagelimit|maxitems|size|resultsperpage|itemsperpage)$/;
/** Fields of an answer that lead on. */
const NEXT_CURSORS = new RegExp(String.raw`${CURSORS.source}|^next$|^nextpage$|^nextafter$`);
const NEXT_URLS =
  /^(?:next|nextlink|nexturl|nextpage|nextpageurl|nextpageuri|nextrecordsurl|nexthref|nexturi|odatanextlink)$/;
/** Words that say that more is to come, where nothing in the answer leads on. */
const MORE = /^(?:hasmore|more|hasnext|hasnextpage|hasmoreitems)$/;
const HOLDERS = /paging|pagination|page|meta|metadata|links|cursor|next|responsemetadata/;
const DEEPEST = 3;

/** The form that fits the operation's own parameters and answer best. @param hasLink the description knows a header `Link` */
export function suggestPages(
  operation: Operation,
  answer: Schema | undefined,
  hasLink: boolean,
): PagesSuggestion {
  const inputs = listInputs(operation);
  const find = (words: RegExp): string | undefined => inputs.find((input) => words.test(input.words))?.name;
  const size = inputs.find((input) => SIZES.test(input.words));
  const outputs = answer === undefined ? [] : listOutputs(answer, [], DEEPEST);
  const cursor = find(CURSORS) ?? find(/^next$/);
  const url = outputs.find(({ words, isUrl }) => isUrl && NEXT_URLS.test(words));
  const token = outputs.find(({ words, isUrl }) => !isUrl && NEXT_CURSORS.test(words));
  const say = (form: string, why: string): PagesSuggestion => ({
    line: `{ for: ${JSON.stringify(nameOperation(operation))}, ${form}${form.startsWith('kind: none') ? '' : describeSize(size)} }`,
    why,
  });
  if (cursor !== undefined && token !== undefined)
    return say(
      `kind: cursor, next: ${scalar(token.path)}, send: ${scalar(cursor)}`,
      `it takes ${cursor}, and its answer holds ${token.path}`,
    );
  if (url !== undefined)
    return say(`kind: next-url, next: ${scalar(url.path)}`, `its answer holds the address ${url.path}`);
  if (hasLink) return say('kind: link', 'its answer has a header Link');
  const [kind, send] = find(NUMBERS) === undefined ? ['offset', find(OFFSETS)] : ['page', find(NUMBERS)];
  // Where nothing says how long a whole page is, only an empty one is surely the last.
  const until = maximumOf(size) === undefined ? ', until: empty' : '';
  if (send !== undefined)
    return say(
      `kind: ${kind}, send: ${scalar(send)}${until}`,
      `it takes ${send}; see whether it counts from ${kind === 'page' ? '1, else add start: 0' : '0'}`,
    );
  const more = outputs.find(({ words }) => MORE.test(words));
  if (cursor !== undefined && more !== undefined)
    return say(
      `kind: cursor, last: id, next: ${scalar(more.path)}, send: ${scalar(cursor)}`,
      `it takes ${cursor}, and its answer holds ${more.path} and no cursor; "last" is the field of the last record that ${cursor} takes`,
    );
  if (cursor !== undefined)
    return say(
      `kind: cursor, next: …, send: ${scalar(cursor)}`,
      `it takes ${cursor}; "next" is the field of its answer that holds the next one, which is not described; or, where that is the last record itself, last: id`,
    );
  return say('kind: none, because: …', noneBecause(operation, size));
}

interface Input {
  /** `pagination.starting_after`: a field of the body may stand in an object of it. */
  readonly name: string;
  readonly words: string;
  readonly schema: Schema;
}

function listInputs({ parameters, body }: Operation): Input[] {
  const query = parameters.filter((parameter) => parameter.in === 'query');
  const inputs = [
    ...query.map(({ name, schema }) => ({ name, words: plain(name), schema })),
    ...listPageFields(body?.schema).map(({ steps, schema }) => ({
      name: steps.join('.'),
      words: plain(steps.at(-1) ?? ''),
      schema,
    })),
  ];
  // A moment is what a list is filtered by, however the parameter is called.
  return inputs.filter(
    ({ schema }) =>
      schema.items === undefined &&
      schema.properties.size === 0 &&
      schema.format?.startsWith('date') !== true,
  );
}

interface Output {
  readonly path: string;
  readonly words: string;
  readonly isUrl: boolean;
}

/** Single values near the root of an answer, and those in what is named like an envelope of pages. */
function listOutputs(schema: Schema, above: readonly FieldStep[], depth: number): Output[] {
  return [...schema.properties].flatMap(([name, property]): Output[] => {
    const steps: FieldStep[] = [...above, { kind: 'name', name }];
    const words = plain(name);
    const inner = property.schema;
    if (inner.items !== undefined) return [];
    if (inner.properties.size > 0)
      return depth > 0 && HOLDERS.test(words) ? listOutputs(inner, steps, depth - 1) : [];
    const isUrl = inner.format === 'uri' || /url|uri|link|href/.test(words) || steps.some(isLinks);
    return [{ path: formatSteps(steps), words, isUrl }];
  });
}

function isLinks(step: FieldStep): boolean {
  return step.kind === 'name' && plain(step.name) === 'links';
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

/** A size is only asked for where the description says how much a page can hold. */
function describeSize(size: Input | undefined): string {
  const maximum = maximumOf(size);
  return size === undefined || maximum === undefined ? '' : `, size: { ${scalar(size.name)}: ${maximum} }`;
}

function maximumOf(size: Input | undefined): number | undefined {
  const maximum = size?.schema.maximum;
  return maximum === undefined || !Number.isInteger(maximum) || maximum < 1 ? undefined : maximum;
}

/** A plain word stands as it is; anything else would mean something in YAML. */
function scalar(text: string): string {
  return /^[A-Za-z_][\w.-]*$/.test(text) ? text : JSON.stringify(text);
}

function noneBecause(operation: Operation, size: Input | undefined): string {
  const what = operation.method === 'GET' ? 'no parameter' : 'no parameter and no field';
  return size === undefined
    ? `it takes ${what} that asks for a page; if it is paged all the same: cursor, page, offset, link or next-url`
    : `it takes ${size.name} but ${what} that asks for another page; if it is paged all the same: cursor, page, offset, link or next-url`;
}
