import { CORE_SCHEMA, load } from 'js-yaml';
import type { Json } from '../model/workspace.ts';

/**
 * The value of a JSON or YAML text, fast and without positions: those are found only when a message needs them.
 * A full positional parse of Xero's description costs five times as much. The only importer of `js-yaml`.
 * @throws Error with the parser's own words where the text is malformed.
 */
export function parseDescription(text: string): Json {
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (/^\s*[{[]/.test(body)) return JSON.parse(body) as Json;
  return load(body, { schema: CORE_SCHEMA }) as Json;
}
