import { decodePart, redactForm } from './redact-body.ts';
import type { ReplaceNamed } from './field-kind.ts';

/**
 * Path and query of an address, with the values of parameters looked at under their names.
 * @param template as the description writes it: `/Contacts/{ContactNumber}`
 */
export function redactTarget(address: string, template: string, replace: ReplaceNamed): string {
  const url = new URL(address);
  const own = template.split('/');
  const given = url.pathname.split('/');
  const offset = given.length - own.length;
  const path = given.map((segment, index) => {
    const name = /\{([^}]+)\}/.exec(own[index - offset] ?? '')?.[1];
    return redactSegment(segment, name, replace);
  });
  return `${path.join('/')}${redactQuery(url.search, replace)}`;
}

/** An address of the system itself: where it leads stays, what it says of somebody does not. */
export function redactUrl(address: string, replace: ReplaceNamed): string {
  const url = new URL(address);
  const path = url.pathname.split('/').map((segment) => redactSegment(segment, undefined, replace));
  return `${url.origin}${path.join('/')}${redactQuery(url.search, replace)}`;
}

/** What is no parameter is a word of the API, unless it is somebody's address. */
function redactSegment(segment: string, name: string | undefined, replace: ReplaceNamed): string {
  const text = decodePart(segment);
  const replaced = replace(text, name ?? (text.includes('@') ? 'email' : 'path_segment_id'));
  return replaced === undefined || replaced === text ? segment : encodeURIComponent(replaced);
}

function redactQuery(search: string, replace: ReplaceNamed): string {
  return search === '' ? '' : `?${redactForm(search.slice(1), (text, name) => replace(text, name))}`;
}
