import Handlebars from 'handlebars';
import { invariant } from '../../diagnostics/invariant.ts';
import { comment, key, literal } from './code-literals.ts';

const KNOWN = { quote: true, key: true, comment: true, md: true, cell: true, code: true, codecell: true };

let shared: typeof Handlebars | undefined;

/** An environment of its own, made once: its templates know these helpers and no others. */
function createEngine(): typeof Handlebars {
  const engine = Handlebars.create();
  engine.registerHelper('quote', (value: string) => literal(value));
  engine.registerHelper('key', (value: string) => key(value));
  engine.registerHelper('comment', (value: string) => comment(value));
  engine.registerHelper('md', (value: string) => markdown(String(value)));
  engine.registerHelper('cell', (value: string) => markdown(String(value)).replaceAll('|', String.raw`\|`));
  engine.registerHelper('code', (value: string) => inlineCode(String(value)));
  engine.registerHelper('codecell', (value: string) => codeCell(String(value)));
  return engine;
}

/** Fills a template. The only importer of Handlebars. */
export function renderTemplate(template: string, view: object): string {
  shared ??= createEngine();
  const render = shared.compile(template, {
    noEscape: true,
    strict: true,
    knownHelpersOnly: true,
    knownHelpers: KNOWN,
  });
  const text = render(view);
  invariant(!text.includes('[object Object]'), 'a template printed an object');
  return text;
}

/** Outside text in a document: no markup, no links, no lines of its own, and no block where it begins a line. */
export function markdown(text: string): string {
  // A reader that makes links of addresses would take the backslash of a sign behind one into it.
  const address = text.includes('`') ? String.raw`\://` : '://';
  return text
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll(/[\\`*_[\]<>~]/g, String.raw`\$&`)
    .replaceAll('://', address)
    .replace(/^[#+=-]/, String.raw`\$&`)
    .replace(/^(\d+)([.)])/, String.raw`$1\$2`);
}

/** In a table, a stroke within code is written with a backslash; no code there can say that it has one itself. */
function codeCell(text: string): string {
  return text.includes(String.raw`\|`)
    ? markdown(text).replaceAll('|', String.raw`\|`)
    : inlineCode(text).replaceAll('|', String.raw`\|`);
}

/** Outside text as code in a line: its fence is longer than any that the text holds. */
function inlineCode(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([fence]) => fence.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${line}${fence}` : `${fence} ${line} ${fence}`;
}
