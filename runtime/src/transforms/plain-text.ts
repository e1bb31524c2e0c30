import type * as HtmlParser from 'htmlparser2';
import { onFirstUse } from '../on-first-use.ts';
import { failed, madeText } from './transform.ts';
import type { Transformed } from './transform.ts';

const html = onFirstUse((require) => require('htmlparser2') as typeof HtmlParser);

const BLOCKS = setOf(
  'address article aside blockquote dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6',
  'header hr li main nav ol p pre section table tr ul',
);
const CELLS = setOf('td th');
const UNREAD = setOf('head script style template title');
/** The parser looks through all open elements at each end tag, so a deep nest of them would take quadratic time. */
const DEEPEST = 200;

function setOf(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.join(' ').split(' '));
}

/**
 * The text of a piece of HTML: tags, comments and scripts removed, entities decoded, a block element or `<br>` made a line
 * break and other white space a blank. Fails where no text is left. It makes text, not safe HTML: `&lt;` becomes `<`.
 */
export function toPlainText(value: string): Transformed<string> {
  const lines = createLines();
  let depth = 0;
  let unread = 0;
  const parser = new (html().Parser)({
    onopentagname(name) {
      depth += 1;
      if (depth > DEEPEST) parser.pause();
      if (UNREAD.has(name)) unread += 1;
      lines.separate(name);
    },
    ontext(text) {
      if (unread === 0) lines.add(text);
    },
    onclosetag(name) {
      depth -= 1;
      if (UNREAD.has(name)) unread -= 1;
      if (name !== 'br') lines.separate(name);
    },
  });
  parser.write(value);
  if (depth > DEEPEST) return failed('the elements of this HTML are nested too deeply');
  parser.end();
  return madeText(lines.text(), 'this HTML holds no text');
}

/** Collects text; what separates two pieces is written once the second one comes. */
function createLines() {
  let text = '';
  let breaks = 0;
  let isApart = false;
  return {
    text: () => text,
    separate(name: string): void {
      if (name === 'br') breaks += 1;
      else if (BLOCKS.has(name)) breaks = Math.max(breaks, 1);
      else if (CELLS.has(name)) isApart = true;
    },
    add(piece: string): void {
      const words = piece.replaceAll(/\s+/g, ' ');
      const core = words.trim();
      isApart ||= words.startsWith(' ');
      if (core === '') return;
      if (text !== '') text += breaks > 0 ? '\n'.repeat(Math.min(breaks, 2)) : isApart ? ' ' : '';
      text += core;
      breaks = 0;
      isApart = words.endsWith(' ');
    },
  };
}
