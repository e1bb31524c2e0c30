import { parseExactJson, stringifyExactJson } from '../exact-json.ts';
import { saysNothing } from './body-format.ts';
import type { BodyFormat } from './body-format.ts';

/** JSON under its own name or another: `application/merge-patch+json`, `application/vnd.api+json`. */
export function jsonFormat(type = 'application/json'): BodyFormat {
  return {
    type,
    write: (value) => ({ text: stringifyExactJson(value) ?? 'null', contentType: type }),
    read: parseExactJson,
    accepts: (given) =>
      saysNothing(given) || /^[\w.+-]+\/(?:[\w.-]+\+)?(?:json|javascript|x-json|x-javascript)$/.test(given),
  };
}

export const JSON_FORMAT: BodyFormat = jsonFormat();
