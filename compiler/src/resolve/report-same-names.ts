import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import { toConstantCase, toKebabCase } from '../model/name-case.ts';
import { keyAt, valueAt } from '../source/source-ref.ts';
import type { PathStep } from '../source/source-ref.ts';
import type { ResolveContext } from './resolve-context.ts';

/** Names of which two would come to the same: progress, ids and documents go by them, and files are called by them. */
export function reportSameNames(context: ResolveContext): void {
  reportTargets(context);
  reportFiles(context);
  reportSettings(context);
}

function reportTargets({ workspace: { rules, rulesFile }, found }: ResolveContext): void {
  for (const [flow, { to }] of Object.entries(rules.flows))
    to.forEach(({ name }, index) => {
      if (to.findIndex((entry) => entry.name === name) === index) return;
      const problem = `Another target of this flow is called "${name}". Give each a name of its own.`;
      const at = valueAt(rulesFile, ['flows', flow, 'to', index, 'name']);
      found.push(createDiagnostic('invalid-value', { problem }, at));
    });
}

interface NamedFile {
  readonly file: string;
  readonly what: string;
  readonly path: readonly PathStep[];
}

function reportFiles({ workspace: { rules, rulesFile }, found }: ResolveContext): void {
  const files = Object.entries(rules.flows).flatMap(([flow, { to }]): NamedFile[] => [
    { file: toKebabCase(flow), what: `the flow "${flow}"`, path: ['flows', flow] },
    ...to.flatMap(({ name, create, update }, index): NamedFile[] => {
      const path = ['flows', flow, 'to', index, 'name'];
      const file = `mappings/${toKebabCase(`${flow}-${name}`)}`;
      const what = `the target "${flow}.${name}"`;
      const changes = { file: `${file}-update`, what: `the update of ${what}`, path };
      return [{ file, what, path }, ...(create !== undefined && update !== undefined ? [changes] : [])];
    }),
  ]);
  files.forEach(({ file, what, path }, index) => {
    const other = files.slice(0, index).find((entry) => entry.file === file);
    // Two targets of one name have a message of their own.
    if (other === undefined || other.what === what) return;
    const problem = `The file of ${what} would be that of ${other.what}. Give one of them another name.`;
    found.push(createDiagnostic('invalid-value', { problem }, keyAt(rulesFile, path)));
  });
}

/** Limits that the environment may change. */
const LIMITS = ['RATE', 'CONCURRENCY', 'DAILY'];

/** What the rules read from the environment under two names: a credential would be sent as a text, or a text be a limit. */
function reportSettings({ workspace: { rules, rulesFile }, found }: ResolveContext): void {
  const { config = {}, ...others } = rules;
  const taken = new Map<string, string>([
    ...listVariables(others).flatMap((name) => [
      [name, `$${name}`] as const,
      [`${name}_FILE`, `the file of $${name}`] as const,
    ]),
    ...Object.keys(rules.systems).flatMap((system) =>
      LIMITS.map((limit) => [`${toConstantCase(system)}_${limit}`, `a limit of ${system}`] as const),
    ),
  ]);
  for (const key of Object.keys(config)) {
    const name = toConstantCase(key);
    const other = taken.get(name) ?? findOwner(name);
    if (other !== undefined) {
      const problem = `"config.${key}" would be read from ${name}, which is ${other} already. Give it another name.`;
      found.push(createDiagnostic('invalid-value', { problem }, keyAt(rulesFile, ['config', key])));
    }
    taken.set(name, `config.${key}`);
  }
}

/** Variables that are there on any machine, or change Node itself (`node --help`, environment variables). */
const OF_SYSTEM =
  /^(?:PATH|HOME|USER|LOGNAME|SHELL|PWD|OLDPWD|LANG|LC_\w+|LANGUAGE|TZ|TERM|TMPDIR|TMP|TEMP|HOSTNAME|EDITOR|DISPLAY|SHLVL|NODE|NODE_\w+|NPM_\w+|SSL_\w+|OPENSSL_\w+|LD_\w+|UV_\w+|(?:HTTP|HTTPS|NO|ALL)_PROXY)$/;

function findOwner(name: string): string | undefined {
  if (name.startsWith('MORTISE_')) return 'a setting of every service';
  return OF_SYSTEM.test(name) ? 'a variable of the system or of Node' : undefined;
}

/** The names of `$CRM_TOKEN` and its like, wherever they stand. */
function listVariables(value: unknown): string[] {
  if (typeof value === 'string') return /^\$[A-Z][A-Z0-9_]*$/.test(value) ? [value.slice(1)] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(listVariables);
}
