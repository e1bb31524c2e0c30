import type { XmlHint } from '../model/api-model.ts';
import type { Json } from '../model/workspace.ts';
import { isObject } from './follow-reference.ts';

export function readXmlHint(given: Json | undefined): XmlHint | undefined {
  if (!isObject(given)) return undefined;
  const text = (key: string): string | undefined =>
    typeof given[key] === 'string' ? (given[key] as string) : undefined;
  return {
    name: text('name'),
    namespace: text('namespace'),
    prefix: text('prefix'),
    nodeType: given['attribute'] === true ? 'attribute' : (text('nodeType') ?? 'element'),
    // Of a list, 3.2 says so with a node of its own.
    wrapped: given['wrapped'] === true || given['nodeType'] === 'element',
  };
}
