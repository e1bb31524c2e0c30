/** The formats of bodies that are handled. */
export type MediaFormat = 'json' | 'form' | 'multipart' | 'xml' | 'csv' | 'ndjson' | 'text';

const PATTERNS: readonly (readonly [MediaFormat, RegExp])[] = [
  ['json', /^(?:application\/(?:[\w.-]+\+)?json|text\/json|\*\/\*)$/],
  ['form', /^application\/x-www-form-urlencoded$/],
  ['xml', /^(?:application|text)\/(?:[\w.-]+\+)?xml$/],
  ['csv', /^(?:text|application)\/(?:x-)?csv$/],
  ['ndjson', /^(?:application|text)\/(?:x-)?(?:ndjson|jsonl|jsonlines|json-lines)$/],
  ['multipart', /^multipart\/form-data$/],
  ['text', /^text\/plain$/],
];

/** Undefined for what is not handled: `application/pdf`. */
export function formatOf(mediaType: string): MediaFormat | undefined {
  const bare = stripParameters(mediaType);
  return PATTERNS.find(([, pattern]) => pattern.test(bare))?.[0];
}

/** `application/json; charset=utf-8` → `application/json`. */
export function stripParameters(mediaType: string): string {
  return (mediaType.split(';')[0] ?? '').trim().toLowerCase();
}

/** The one to use of several: JSON where it is offered, for it has types; else the first that is handled. */
export function chooseMediaType(offered: readonly string[]): string | undefined {
  return (
    offered.find((type) => formatOf(type) === 'json') ??
    offered.find((type) => formatOf(type) !== undefined) ??
    offered[0]
  );
}

/** What a call sends and takes where nothing else is said. */
export function isPlainJson(mediaType: string): boolean {
  return mediaType === 'application/json' || mediaType === '*/*';
}
