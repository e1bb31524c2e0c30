import type { SpecDocument } from '../model/workspace.ts';
import { isObject } from './follow-reference.ts';

/** What a fact's `schema` names: `Contact`, `contacts.yaml#Contact`, `SimplePublicObject.properties`. */
export interface FactTarget {
  readonly file: string | undefined;
  readonly name: string;
  readonly below: readonly string[];
}

/** A component's name may hold dots, so the longest name that is known wins. */
export function parseFactTarget(text: string, known: readonly string[]): FactTarget {
  const [, file, path = text] = /^(?:([^#]+)#)?(.*)$/.exec(text) ?? [];
  const name = known
    .filter((entry) => path === entry || path.startsWith(`${entry}.`))
    .toSorted((left, right) => right.length - left.length)[0];
  if (name === undefined) {
    const [first = '', ...below] = path.split('.');
    return { file, name: first, below };
  }
  return { file, name, below: path === name ? [] : path.slice(name.length + 1).split('.') };
}

/** `contacts.yaml` names `/specs/hubspot/contacts.yaml`. */
export function isFileNamed(file: string, typed: string | undefined): boolean {
  return typed === undefined || file === typed || file.endsWith(`/${typed.replace(/^\.\//, '')}`);
}

/** Places that define a name differently; fewer than two where there is nothing to choose. */
export function listDefinitions(documents: readonly SpecDocument[], name: string): readonly SpecDocument[] {
  const holders = documents.filter((document) => Object.hasOwn(listSchemas(document), name));
  const texts = new Set(holders.map((document) => JSON.stringify(listSchemas(document)[name])));
  return texts.size > 1 ? holders : holders.slice(0, 1);
}

export function listSchemas(document: SpecDocument): Readonly<Record<string, unknown>> {
  const components = document.value['components'];
  const schemas = isObject(components) ? components['schemas'] : undefined;
  return isObject(schemas) ? (schemas as Record<string, unknown>) : {};
}
