import { parseExactJson, stringifyExactJson } from '../exact-json.ts';
import { saysNothing } from './body-format.ts';
import type { BodyFormat } from './body-format.ts';

const NAMES = /^(?:application|text)\/(?:x-)?(?:ndjson|jsonl|jsonlines|json-lines|json-seq-lines)$/;

/**
 * One JSON value a line (https://github.com/ndjson/ndjson-spec). A broken line concerns its own record alone; one at the
 * end that no line break closes means that the rest is missing, and with it records that nobody has seen.
 */
export function ndjsonFormat(type = 'application/x-ndjson'): BodyFormat {
  return {
    type,
    write(value) {
      const lines = Array.isArray(value) ? value : [value];
      return {
        text: lines.map((line) => `${stringifyExactJson(line) ?? 'null'}\n`).join(''),
        contentType: type,
      };
    },
    read: readLines,
    accepts: (given) => saysNothing(given) || NAMES.test(given) || given === 'application/json',
  };
}

function readLines(text: string, hasBrokenBytes: boolean): unknown[] {
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return [];
    try {
      return [parseExactJson(line, hasBrokenBytes)];
    } catch (error) {
      if (index === lines.length - 1) throw error;
      return [{ $damage: `line ${index + 1} is no JSON` }];
    }
  });
}
