import type { BodyFormat } from './body-format.ts';
import { saysNothing } from './body-format.ts';
import { writeScalar } from './wire-shape.ts';

/** Text as it is. */
export function textFormat(type = 'text/plain'): BodyFormat {
  return {
    type,
    write: (value) => ({ text: writeScalar(value, 'body'), contentType: `${type}; charset=utf-8` }),
    read(text, hasBrokenBytes) {
      if (hasBrokenBytes) throw new SyntaxError('the text holds bytes that are not of its charset');
      return text;
    },
    accepts: (given) => saysNothing(given) || given === type,
  };
}
