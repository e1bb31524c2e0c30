import { listForms } from '../log/scrub.ts';
import { chooseKind } from './field-kind.ts';
import type { FieldKind, ReplaceNamed } from './field-kind.ts';
import type { Pseudonyms } from './pseudonym.ts';
import { redactBody } from './redact-body.ts';
import { redactHeaders } from './redact-headers.ts';
import { redactTarget, redactUrl } from './redact-target.ts';
import { findHeader, writeBody } from './recording.ts';
import type { Recording, RecordedHeader, Redacted } from './recording.ts';
import { summarizeSlice } from './slice.ts';
import type { CallSlice, FieldFacts } from './slice.ts';

/** An exchange as it was; it never leaves the memory. */
export interface RawExchange {
  readonly role: Recording['role'];
  readonly flow: string;
  readonly name: string | undefined;
  readonly key: string | undefined;
  readonly system: string;
  /** The system's base URL: an address below it may be kept. */
  readonly server: string;
  readonly operation: { readonly method: string; readonly path: string };
  readonly slice: CallSlice | undefined;
  readonly item: string | undefined;
  /** ISO 8601. */
  readonly at: string;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: readonly RecordedHeader[];
    readonly body: string | undefined;
  };
  readonly response: {
    readonly status: number;
    readonly headers: readonly RecordedHeader[];
    readonly body: Buffer;
  };
}

export interface RedactorOptions {
  readonly pseudonyms: Pseudonyms;
  /** A text without the credentials that are known by their value. */
  readonly hide: (text: string) => string;
}

/** Copies of exchanges without what is secret or personal. All are learned before the first is redacted. */
export interface Redactor {
  learn(exchange: RawExchange): void;
  redact(exchange: RawExchange): Recording;
}

/** Values of these kinds are replaced wherever they stand, whatever the field is called. */
const SENSITIVE: ReadonlySet<FieldKind> = new Set<FieldKind>(['secret', 'email', 'phone']);
const SHORTEST_QUOTED = 6;

/**
 * What was replaced in one place is replaced in the others: a token that one call brings and the next one sends, an
 * address that stands in a body and in a query. What was kept because it is an id is kept where it is a part of a path.
 */
export function createRedactor({ pseudonyms, hide }: RedactorOptions): Redactor {
  const replaced = new Map<string, { readonly by: string; readonly isSensitive: boolean }>();
  const kept = new Set<string>();
  let quoted: readonly (readonly [form: string, by: string])[] | undefined;

  const swapQuoted = (text: string): string => {
    quoted ??= listQuoted(replaced);
    return quoted.reduce((whole, [form, by]) => whole.replaceAll(form, by), text);
  };
  const replaceNamed: ReplaceNamed = (text, name, facts) => {
    const known = replaced.get(text);
    if (known?.isSensitive === true) return known.by;
    const hidden = hideSecrets(text, hide, pseudonyms);
    if (hidden !== undefined) return hidden;
    const kind = chooseKind(name, text, facts);
    if (kind === 'keep') {
      if (facts?.use !== undefined || /id$/i.test(name)) kept.add(text);
      return undefined;
    }
    if (kind !== 'secret' && kept.has(text)) return undefined;
    const by = known?.by ?? pseudonyms[kind](text);
    replaced.set(text, { by, isSensitive: SENSITIVE.has(kind) || facts?.use === 'cursor' });
    quoted = undefined;
    return by;
  };

  return {
    learn: (exchange) => void redactExchange(exchange, replaceNamed, (text) => text),
    redact: (exchange) => redactExchange(exchange, replaceNamed, swapQuoted),
  };
}

/** A credential that stands in a longer text takes the whole text with it: what is around it may be a part of it. */
function hideSecrets(
  text: string,
  hide: RedactorOptions['hide'],
  pseudonyms: Pseudonyms,
): string | undefined {
  return hide(text) === text ? undefined : pseudonyms.secret(text);
}

function listQuoted(
  replaced: ReadonlyMap<string, { readonly by: string; readonly isSensitive: boolean }>,
): (readonly [string, string])[] {
  return [...replaced]
    .filter(([text, { isSensitive }]) => isSensitive && text.length >= SHORTEST_QUOTED)
    .flatMap(([text, { by }]) => listForms(text).map((form) => [form, by] as const))
    .toSorted(([left], [right]) => right.length - left.length);
}

function redactExchange(
  exchange: RawExchange,
  replaceNamed: ReplaceNamed,
  swapQuoted: (text: string) => string,
): Recording {
  const { request, response, slice, server } = exchange;
  const notes = createNotes();
  const note =
    (place: string): ReplaceNamed =>
    (text, name, facts) => {
      const own = isOwnUrl(text, server) ? redactUrl(text, replaceNamed) : undefined;
      const by = own ?? replaceNamed(text, name, facts);
      if (by !== undefined && by !== text) notes.add(place === '' ? name : `${place}.${name}`);
      return by;
    };
  const target = swapQuoted(redactTarget(request.url, exchange.operation.path, note('request.target')));
  const asked = redactMessage(
    { headers: request.headers, body: Buffer.from(request.body ?? '') },
    { fields: slice?.body, constants: slice?.constants },
    { note: (place) => note(`request.${place}`), swapQuoted },
  );
  const answered = redactMessage(
    response,
    { fields: slice?.answer },
    {
      note: (place) => note(`response.${place}`),
      swapQuoted,
    },
  );
  const key =
    exchange.key === undefined
      ? undefined
      : (replaceNamed(exchange.key, 'key', { types: [], use: 'key' }) ?? exchange.key);
  const requestBody = writeBody(asked.body);
  const responseBody = writeBody(answered.body);
  return {
    role: exchange.role,
    ...(exchange.name === undefined ? {} : { name: exchange.name }),
    system: exchange.system,
    operation: exchange.operation,
    ...(exchange.item === undefined ? {} : { item: exchange.item }),
    ...(key === undefined ? {} : { key }),
    recordedAt: exchange.at,
    ...(slice === undefined ? {} : { slice: summarizeSlice(slice) }),
    request: {
      method: request.method,
      target,
      headers: asked.headers,
      ...(requestBody === undefined ? {} : { body: requestBody }),
    },
    response: {
      status: response.status,
      headers: answered.headers,
      ...(responseBody === undefined ? {} : { body: responseBody }),
    },
    redacted: notes.list(),
  };
}

interface MessageFacts {
  readonly fields: CallSlice['answer'] | undefined;
  /** Texts of the rules. */
  readonly constants?: readonly string[] | undefined;
}

interface Message {
  readonly headers: readonly RecordedHeader[];
  readonly body: Buffer;
}

function redactMessage(
  { headers, body }: Message,
  facts: MessageFacts,
  {
    note,
    swapQuoted,
  }: { readonly note: (place: string) => ReplaceNamed; readonly swapQuoted: (text: string) => string },
): Message {
  const factsOf = createFactsFinder(facts);
  const replaceField = note('body');
  const redacted = redactBody(
    body,
    {
      type: findHeader(headers, 'content-type') ?? '',
      coding: findHeader(headers, 'content-encoding'),
    },
    (text, path) => {
      if (path.endsWith('{}')) return replaceMemberName(text, replaceField);
      const by = replaceField(text, path, factsOf(path));
      const quoted = swapQuoted(by ?? text);
      return quoted === text ? undefined : quoted;
    },
  );
  const list = redactHeaders(headers, note('headers')).map(([name, value]): RecordedHeader => [
    name,
    // What is replaced may have another length, and a reader goes by it.
    name.toLowerCase() === 'content-length' && redacted.length !== body.length
      ? String(redacted.length)
      : swapQuoted(value),
  ]);
  return { headers: list, body: redacted };
}

/** The name of a member is data where it is somebody's address or number; what is about a member is none. */
function replaceMemberName(text: string, replace: ReplaceNamed): string | undefined {
  const isPersonal =
    (/\S@\S+\.\S/.test(text) && !text.includes('odata.')) || /^\+?\d[\d ()-]{6,}$/.test(text);
  return replace(text, 'member', isPersonal ? undefined : { types: ['string'], known: [text] });
}

/** By path; where a format writes paths otherwise, by the name of the field. */
function createFactsFinder({
  fields = {},
  constants = [],
}: MessageFacts): (path: string) => FieldFacts | undefined {
  const byName = new Map(Object.entries(fields).map(([path, entry]) => [lastName(path), entry]));
  return (path) => {
    const found = fields[path] ?? byName.get(lastName(path));
    if (constants.length === 0) return found;
    return { types: [], ...found, known: [...(found?.known ?? []), ...constants] };
  };
}

function lastName(path: string): string {
  return /([^.[\]]+)(?:\[\])?$/.exec(path)?.[1] ?? path;
}

function isOwnUrl(text: string, server: string): boolean {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text) || !URL.canParse(server)) return false;
  return new URL(text).origin === new URL(server).origin;
}

function createNotes(): { add(at: string): void; list(): Redacted[] } {
  const counts = new Map<string, number>();
  return {
    add: (at) => void counts.set(at, (counts.get(at) ?? 0) + 1),
    list: () => [...counts].map(([at, count]) => ({ at, count })),
  };
}
