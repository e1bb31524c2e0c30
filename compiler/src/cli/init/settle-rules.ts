import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { checkIntegration } from '../../pipeline.ts';
import type { Host } from '../../source/host.ts';
import { renderRules } from './render-rules.ts';
import type { InitChoices } from './render-rules.ts';

/** What only a person can decide. */
const DECISIONS: ReadonlySet<string> = new Set([
  'blank',
  'invalid',
  'enum',
  'unmapped',
  'success',
  'once',
  'pages',
  'status',
  'found',
  'changes',
  'first',
  'later',
  'quota',
  'alert',
  'required-unstated',
  'replaces-unstated',
  'zone-missing',
  'unsafe-retry',
]);

export interface SettledRules {
  readonly text: string;
  /** Findings that are decisions, by code. */
  readonly open: ReadonlyMap<string, number>;
  /** What is wrong beside them, in words. */
  readonly wrong: readonly string[];
}

const MOST_TRIES = 6;

/** Renders the rules, checks them, and leaves out what proved not to fit, until only decisions are left. */
export async function settleRules(host: Host, file: string, choices: InitChoices): Promise<SettledRules> {
  const without = new Set(choices.without);
  for (let attempt = 1; ; attempt += 1) {
    const text = renderRules({ ...choices, without });
    const [, found] = await checkIntegration(overlay(host, file, text), file);
    // What the paging would fill stays open with it, and what stands there as TODO is one.
    const isOpen = ({ code, fix = '' }: Diagnostic): boolean =>
      DECISIONS.has(code) ||
      (code === 'missing-parameter' &&
        (choices.pages === 'later' || isMarked(text, fix.replace(/^with:\s*/, '').replace(/:.*$/s, ''))));
    const errors = found.filter(({ severity }) => severity === 'error');
    const unfit = errors.filter((error) => !isOpen(error)).flatMap(findField);
    if (unfit.length === 0 || attempt === MOST_TRIES) return summarise(text, errors, isOpen);
    for (const field of unfit) without.add(field);
  }
}

function isMarked(text: string, name: string): boolean {
  return text.split('\n').some((line) => /^\s*#/.test(line) && line.includes(`${name}: {`));
}

function summarise(
  text: string,
  errors: readonly Diagnostic[],
  isOpen: (error: Diagnostic) => boolean,
): SettledRules {
  const open = new Map<string, number>();
  for (const error of errors) if (isOpen(error)) open.set(error.code, (open.get(error.code) ?? 0) + 1);
  const wrong = errors.filter((error) => !isOpen(error));
  return { text, open, wrong: wrong.map(({ code, message }) => `${code}: ${message}`) };
}

/** The line of the mapping that a finding is about. */
function findField({ at }: Diagnostic): string[] {
  const index = at.path.indexOf('map');
  const field = at.path[index + 1];
  return at.path[0] === 'flows' && index > 0 && typeof field === 'string' ? [field] : [];
}

/** The file as it would be, without writing it. */
function overlay(host: Host, file: string, text: string): Host {
  return {
    ...host,
    readFile: (path) => (path === file ? text : host.readFile(path)),
    realPath: (path) => (path === file ? file : host.realPath(path)),
  };
}
