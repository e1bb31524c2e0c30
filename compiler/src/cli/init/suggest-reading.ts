import type { Operation, Parameter, Schema } from '../../model/api-model.ts';
import { findKey, findVersion } from './find-identity.ts';
import { nameObject } from './list-words.ts';
import { findList } from './find-list.ts';
import type { AnswerList } from './find-list.ts';
import { SINCE } from './rank-operations.ts';

/** How a list is most likely read. */
export interface ReadingSuggestion {
  readonly list: AnswerList;
  readonly key: string | undefined;
  readonly version: string | undefined;
  /** Lines below `with:`. */
  readonly inputs: readonly string[];
  /** Settings that the inputs take from `config`. */
  readonly settings: readonly string[];
  /** It asks only for what has changed; else every pass reads everything. */
  readonly asksForChanges: boolean;
}

/** @param filled parameters and fields that the paging fills */
export function suggestReading(
  operation: Operation,
  filled: readonly string[],
): ReadingSuggestion | undefined {
  const list = findList(operation);
  if (list === undefined) return undefined;
  const version = findVersion(list.record);
  const free = operation.parameters.filter(({ name }) => !filled.includes(name));
  const since = version === undefined ? undefined : findSince(free);
  const required = suggestRequired(
    operation,
    free.filter((parameter) => parameter !== since),
    filled,
  );
  return {
    list,
    key: findKey(list.record, nameObject(operation)),
    version,
    inputs: [
      ...(since === undefined ? [] : [`${quoteKey(since.name)}: =since.${unitOf(since)}`]),
      ...required.inputs,
    ],
    settings: required.settings,
    asksForChanges: since !== undefined,
  };
}

/** Beside `DateUpdated>`, `DateUpdated` asks for that very moment. */
function findSince(parameters: readonly Parameter[]): Parameter | undefined {
  const asking = parameters.filter(({ name }) => SINCE.test(name) && !/<=?$/.test(name));
  return asking.find(({ name }) => !parameters.some((other) => /^>=?$/.test(other.name.replace(name, ''))));
}

/** A value for all that a call cannot do without: a setting, or nothing of its kind. */
export function suggestRequired(
  operation: Operation,
  parameters: readonly Parameter[],
  filled: readonly string[],
  /** The field that names a record, which names its object in the path of a write. */
  key?: string,
): { readonly inputs: readonly string[]; readonly settings: readonly string[] } {
  const body = [...(operation.method === 'GET' ? [] : (operation.body?.schema.properties ?? []))];
  const fields = body
    .filter(([name, { required }]) => required && !filled.includes(name))
    .map(([name, { schema }]) => ({ name, schema }));
  const wanted = [...parameters.filter(({ required }) => required), ...fields];
  const settings: string[] = [];
  const inputs = wanted.map(({ name, schema }) => {
    const plain = plainValue(schema);
    if (plain === '[]' || plain === '{}')
      return `${quoteKey(name)}: ${plain} # TODO required, and sent empty like this: which fields, which filters`;
    if (plain !== undefined) return `${quoteKey(name)}: ${plain}`;
    const forms = schema.variants.flatMap((variant) => variant.name ?? []);
    if (schema.variants.some(({ properties }) => properties.size > 0))
      return `# TODO ${quoteKey(name)}: { … }   # required${forms.length === 0 ? '' : `; of the form ${forms.join(' or ')}`}`;
    const make = schema.types.includes('integer') || schema.types.includes('number') ? 'Number' : 'String';
    if (key !== undefined && operation.path.endsWith(`{${name}}`))
      return `${quoteKey(name)}: =${make}(source.${key}) # TODO what the target calls the object; where it makes its own ids: create and update, in place of write`;
    const setting = nameSetting(name);
    settings.push(setting);
    return `${quoteKey(name)}: =${make}(config.${setting})`;
  });
  return { inputs, settings };
}

function plainValue({ items, properties, types, enum: members }: Schema): string | undefined {
  if (items !== undefined) return '[]';
  if (properties.size > 0) return '{}';
  if (members?.[0] !== undefined) return JSON.stringify(members[0]);
  return types.includes('boolean') ? 'false' : undefined;
}

function unitOf({ schema }: Parameter): string {
  if (schema.format === 'date') return 'date';
  return schema.types.includes('integer') || schema.types.includes('number') ? 'epochS' : 'iso';
}

/** `AccountSid` is read as `config.accountSid`. */
function nameSetting(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const joined = words
    .map((word, index) => (index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('');
  return /^[A-Za-z]/.test(joined) ? joined.charAt(0).toLowerCase() + joined.slice(1) : `value${joined}`;
}

/** A key as YAML takes it. */
export function quoteKey(key: string): string {
  return /^[A-Za-z_$][\w$.[\]-]*$/.test(key) ? key : JSON.stringify(key);
}
