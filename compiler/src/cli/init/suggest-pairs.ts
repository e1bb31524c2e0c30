import type { Schema } from '../../model/api-model.ts';
import type { TargetField } from '../list-target-fields.ts';
import { listWords } from './list-words.ts';

/** A field of the target, and the field of the source that it most likely comes from. */
export interface Pair {
  readonly target: TargetField;
  readonly source: TargetField | undefined;
  /** The transform that makes the one of the other. */
  readonly as: string | undefined;
}

/** Words that say the same; each line is one meaning. */
const SYNONYMS = [
  ['email', 'mail', 'emailaddress'],
  ['phone', 'telephone', 'mobile', 'phonenumber', 'mobilephone'],
  ['firstname', 'givenname', 'forename'],
  ['lastname', 'surname', 'familyname'],
  ['company', 'organisation', 'organization', 'companyname', 'businessname'],
  ['zip', 'postalcode', 'postcode', 'zipcode'],
  ['street', 'address1', 'addressline1', 'streetaddress', 'line1'],
  ['state', 'region', 'province'],
  ['website', 'url', 'homepage', 'domain'],
  ['name', 'displayname', 'fullname', 'title', 'friendlyname'],
  ['description', 'note', 'body', 'comment'],
  ['amount', 'total', 'price', 'value'],
];
/** Below this, a pair is chance. */
const FEWEST = 0.6;
const FEWEST_INSIDE = 0.7;
const MOST_OPTIONAL = 25;

/** What targets tell of an object and take from nobody, though descriptions seldom call it read-only. */
const TOLD =
  /(?:^|\.)_?(?:warnings?|validationErrors|errors|hasErrors|hasValidationErrors|attachments|hasAttachments|links)\b/i;

export function isTold(path: string): boolean {
  return TOLD.test(path);
}

/** Names under which a target keeps the number that another system has for an object. */
const FOREIGN = /external|foreign|source|reference|client|partner|number$/i;

/**
 * Every required field, and each optional one that a field of the source fits; a source field is used once.
 * @param known the field that names a record, which goes where the target keeps other systems' numbers, and what the
 * target calls its objects
 */
export function suggestPairs(
  targets: readonly TargetField[],
  sources: readonly TargetField[],
  { key, noun }: { readonly key: string | undefined; readonly noun: string },
): readonly Pair[] {
  const free = new Set(sources);
  const writable = targets.filter(
    ({ path, schema, required }) => !schema.readOnly && (required || !isTold(path)),
  );
  const ranked = writable
    .flatMap((target) => sources.map((source) => ({ target, source, likeness: compare(target, source) })))
    .filter(({ likeness }) => likeness >= FEWEST)
    .toSorted(
      (left, right) => right.likeness - left.likeness || left.target.path.length - right.target.path.length,
    );
  const chosen = new Map<TargetField, TargetField>();
  for (const { target, source } of ranked) {
    if (chosen.has(target) || !free.has(source)) continue;
    chosen.set(target, source);
    free.delete(source);
  }
  const named = sources.find(({ path }) => path === key);
  const keeper = findKeeper(
    writable.filter((target) => !chosen.has(target)),
    noun,
  );
  if (named !== undefined && keeper !== undefined && free.has(named)) chosen.set(keeper, named);
  const pairs = writable
    .filter((target) => target.required || chosen.has(target))
    .map((target): Pair => {
      const source = chosen.get(target);
      return {
        target,
        source,
        as: source === undefined ? undefined : findTransform(target.schema, source.schema),
      };
    });
  const required = pairs.filter(({ target }) => target.required);
  return [...required, ...pairs.filter(({ target }) => !target.required).slice(0, MOST_OPTIONAL)];
}

/** From 0, nothing in common, to 1, the same name. */
function compare(target: TargetField, source: TargetField): number {
  if (canBecome(target.schema, source.schema) === false) return 0;
  const [one, other] = [lastWords(target.path), lastWords(source.path)];
  const [left, right] = [one.join(''), other.join('')];
  // The target gives its objects their ids itself, and knows none of those of the source.
  if (one.at(-1) === 'id' && !FOREIGN.test(target.path)) return 0;
  if (left === right) return 1;
  if (SYNONYMS.some((line) => line.includes(left) && line.includes(right))) return 0.9;
  const shared = one.filter((word) => other.includes(word)).length;
  const likeness = (2 * shared) / (one.length + other.length);
  // Deeper inside, half a name is chance: the address of a logo is no website.
  if (target.path.includes('.') && likeness < FEWEST_INSIDE) return 0;
  return target.schema.format !== undefined && target.schema.format === source.schema.format
    ? Math.min(1, likeness + 0.1)
    : likeness;
}

/**
 * Where the target keeps the number that another system has for an object: `externalId`, `ContactNumber`, or what is
 * called a reference; no number of an account, of a tax or of a phone.
 */
export function findKeeper(targets: readonly TargetField[], noun: string): TargetField | undefined {
  const [likely] = targets
    .map((target) => ({ target, score: scoreKeeper(target, noun) }))
    .toSorted((left, right) => right.score - left.score);
  return likely === undefined || likely.score === 0 ? undefined : likely.target;
}

function scoreKeeper({ path, schema }: TargetField, noun: string): number {
  if (!/^\w+$/.test(path) || schema.enum !== undefined || !schema.types.includes('string')) return 0;
  if (/external|foreign|source/i.test(path)) return 3;
  const words = listWords(path);
  if (words.at(-1) === 'number') return words.length === 1 || words[0] === noun ? 2 : 0;
  return words.at(-1) === 'reference' ? 1 : 0;
}

function lastWords(path: string): string[] {
  return listWords(
    path
      .replaceAll(/\[\d*\]/g, '')
      .split('.')
      .at(-1) ?? '',
  );
}

/** Whether a value of the one can be made of the other at all. */
function canBecome(target: Schema, source: Schema): boolean {
  if (source.properties.size > 0 || source.items !== undefined) return false;
  const [accepted, given] = [target.enum, source.enum];
  if (accepted !== undefined && given !== undefined && !given.some((member) => accepted.includes(member)))
    return false;
  const [wanted] = target.types;
  if (wanted === undefined || target.types.includes('string')) return true;
  if (source.types.includes('string')) return true;
  return source.types.some((type) => type === wanted || (wanted === 'number' && type === 'integer'));
}

function findTransform(target: Schema, source: Schema): string | undefined {
  const isText = source.types.includes('string');
  if (target.format === 'date' || target.format === 'date-time')
    return target.format === source.format ? undefined : target.format === 'date' ? 'date' : 'instant';
  if (target.format === 'email') return 'email';
  if (target.types.includes('string') || !isText) return undefined;
  if (target.types.includes('integer')) return 'integer';
  if (target.types.includes('number')) return 'decimal';
  return target.types.includes('boolean') ? 'boolean' : undefined;
}
