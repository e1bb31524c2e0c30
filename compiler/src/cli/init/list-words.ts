import type { Operation } from '../../model/api-model.ts';

/** `companies` of `company`. */
export function nameMany(word: string): string {
  if (/[^aeiou]y$/.test(word)) return word.replace(/y$/, 'ies');
  return /(?:s|x|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
}

/** The words of a name in any spelling, in the singular: `firstName`, `first_name` and `First-Names` alike. */
export function listWords(name: string): string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
    .map((word) => word.replace(/ies$/, 'y').replace(/([^s])s$/, '$1'));
}

/**
 * What an operation is about, in the singular: `/crm/v3/objects/contacts/search` is about a contact.
 * @param title of the description, which names what a path of numbers does not
 */
export function nameObject({ path }: Pick<Operation, 'path'>, title = ''): string {
  const nouns = path
    .replaceAll(/\{[^}]*\}/g, '')
    .replace(/\.json$/, '')
    .split('/')
    .flatMap((step) => listWords(step).slice(-1))
    .filter(isNoun);
  const titled = listWords(title);
  return nouns.at(-1) ?? (titled.length < 3 ? titled.filter(isNoun).at(-1) : undefined) ?? 'record';
}

function isNoun(word: string): boolean {
  return /^[a-z]{3,}$/.test(word) && !/^(?:search|query|list|api|rest|crm|object|create|update)$/.test(word);
}
