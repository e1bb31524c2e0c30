import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { RulesInput } from '../model/rules-input.ts';
import { valueAt } from '../source/source-ref.ts';
import type { PathStep } from '../source/source-ref.ts';

const SECRET_KEYS = ['token', 'value', 'password', 'secret', 'refresh'];
const SECRET_HEADER = /authorization|cookie|token|secret|api-?key|password/i;

/** A secret belongs in the environment; a rules file is committed. */
export function findSecrets(file: string, rules: RulesInput): Diagnostic[] {
  return Object.entries(rules.systems).flatMap(([name, system]) => {
    const found: Diagnostic[] = [];
    const check = (key: string, given: unknown, path: PathStep[]): void => {
      if (typeof given !== 'string' || /^\$[A-Z][A-Z0-9_]*$/.test(given)) return;
      const fix = `${key}: $${constantCase(`${name}_${key}`)}`;
      found.push(createDiagnostic('literal-secret', { key }, valueAt(file, path), { fix }));
    };
    for (const key of SECRET_KEYS) {
      const given = (system.auth as unknown as Record<string, unknown>)[key];
      if (given !== undefined) check(key, given, ['systems', name, 'auth', key]);
    }
    for (const [key, given, path] of [
      ['server', system.server, ['systems', name, 'server']],
      [
        'tokenUrl',
        'tokenUrl' in system.auth ? system.auth.tokenUrl : '',
        ['systems', name, 'auth', 'tokenUrl'],
      ],
    ] as const) {
      if (holdsCredentials(given)) check(key, given, [...path]);
    }
    for (const [header, given] of Object.entries(system.headers ?? {})) {
      if (SECRET_HEADER.test(header)) check(header, given, ['systems', name, 'headers', header]);
    }
    return found;
  });
}

function constantCase(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9]+/g, '_').toUpperCase();
}

/** `https://user:password@host`. */
function holdsCredentials(url: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*@/i.test(url);
}
