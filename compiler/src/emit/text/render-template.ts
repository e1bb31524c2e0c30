import Handlebars from 'handlebars';
import { invariant } from '../../diagnostics/invariant.ts';
import { comment, key, literal } from './code-literals.ts';

/** Fills a template. The only importer of Handlebars; its templates know these helpers and no others. */
export function renderTemplate(template: string, view: object): string {
  const engine = Handlebars.create();
  engine.registerHelper('quote', (value: string) => literal(value));
  engine.registerHelper('key', (value: string) => key(value));
  engine.registerHelper('comment', (value: string) => comment(value));
  engine.registerHelper('md', (value: string) => markdown(String(value)));
  engine.registerHelper('cell', (value: string) => markdown(String(value)).replaceAll('|', String.raw`\|`));
  const render = engine.compile(template, {
    noEscape: true,
    strict: true,
    knownHelpersOnly: true,
    knownHelpers: { quote: true, key: true, comment: true, md: true, cell: true },
  });
  const text = render(view);
  invariant(!text.includes('[object Object]'), 'a template printed an object');
  return text;
}

/** Outside text in a document: no markup, no links, no lines of its own. */
export function markdown(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\\`*_[\]<>]/g, String.raw`\$&`)
    .trim();
}
