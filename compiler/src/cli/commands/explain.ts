import { fileURLToPath } from 'node:url';
import { catalog, isCode } from '../../diagnostics/catalog.ts';
import { didYouMean } from '../../diagnostics/suggest.ts';
import { describeLanguage } from '../../load/describe-language.ts';
import type { LanguageKey, LanguageSection } from '../../load/describe-language.ts';
import type { Host } from '../../source/host.ts';
import { renderKey, renderReference, titleOf } from '../render-reference.ts';

/** `mortise explain <what>`: the page of a code, a key of the rules language, or `rules`: all of it. @returns the exit code */
export function explain(host: Host, what: string, print: (text: string) => void): number {
  if (isCode(what)) {
    const page = fileURLToPath(new URL(`../../diagnostics/docs/${what}.md`, import.meta.url));
    print(host.readFile(page) ?? '');
  }
  const language = describeLanguage();
  if (what === 'rules') {
    print(renderReference(language));
    return 0;
  }
  const keys = findKeys(language, what);
  // A code may bear the name of a key: then both are meant.
  if (keys.length > 0) print(`${isCode(what) ? '\n' : ''}${keys.map(renderFound).join('\n')}`);
  if (keys.length > 0 || isCode(what)) return 0;
  const mentions = findMentions(language, what);
  if (mentions.length > 0) {
    print(`"${what}" is a word that stands here:\n\n${mentions.map(renderFound).join('\n')}`);
    return 0;
  }
  const known = [
    ...Object.keys(catalog),
    ...new Set(language.flatMap((section) => section.keys.map(({ name }) => name))),
  ];
  print(
    `There is no code and no key "${what}".${didYouMean(what, known)} Keys are named by their path, like flows.*.from.pages; "mortise explain rules" prints the whole language. Codes: ${Object.keys(catalog).join(', ')}\n`,
  );
  return 2;
}

interface Found {
  readonly section: LanguageSection;
  readonly key: LanguageKey | undefined;
}

/** A path with names, with `*`, or only its end: `flows.invoices.from.pages`, `flows.*.from.pages`, `pages.until`, `until`. */
function findKeys(language: readonly LanguageSection[], path: string): readonly Found[] {
  const asked = path.split('.').filter((step) => step !== '');
  const all: Found[] = language.flatMap((section) => [
    { section, key: undefined },
    ...section.keys.map((key) => ({ section, key })),
  ]);
  const exact = all.filter((found) => isSamePath(stepsOf(found), asked));
  return exact.length > 0 ? exact : all.filter((found) => isEndOf(stepsOf(found), asked));
}

const MOST_MENTIONS = 4;

/** Keys whose meaning names this word as one that the rules may say: `upsert`, `defer`. */
function findMentions(language: readonly LanguageSection[], word: string): readonly Found[] {
  return language
    .flatMap((section) => section.keys.map((key) => ({ section, key })))
    .filter(({ section, key }) => section.section.endsWith(`(${word})`) || key.means.includes(`\`${word}\``))
    .slice(0, MOST_MENTIONS);
}

/** `flows.*.to[].once(key)` and its key `lasts`: flows, *, to, once, lasts. */
function stepsOf({ section, key }: Found): string[] {
  const above = section.section.replaceAll(/\[\]|\(.*\)/g, '').split('.');
  return [...above, ...(key === undefined ? [] : [key.name])].filter((step) => step !== '');
}

function isSamePath(steps: readonly string[], asked: readonly string[]): boolean {
  return steps.length === asked.length && steps.every((step, index) => step === '*' || step === asked[index]);
}

function isEndOf(steps: readonly string[], asked: readonly string[]): boolean {
  const named = asked.filter((step) => step !== '*' && !/^\d+$/.test(step));
  const end = steps.filter((step) => step !== '*').slice(-Math.min(named.length, 2));
  return named.length > 0 && end.join('.') === named.slice(-end.length).join('.');
}

function renderFound({ section, key }: Found): string {
  if (key !== undefined) return `${titleOf(section)}\n\n${renderKey(key)}`;
  const lines = section.keys.map(
    ({ name, means, otherwise }) =>
      `- \`${name}\`: ${means}${otherwise === undefined ? ' Required.' : ` Left out: ${otherwise}.`}`,
  );
  return `${titleOf(section)}: ${section.about}\n\n${lines.join('\n')}\n`;
}
