import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { AuthInput } from '../model/auth-input.ts';
import { isSecretName } from '../model/secret-name.ts';
import type { RulesInput } from '../model/rules-input.ts';
import { valueAt } from '../source/source-ref.ts';
import type { PathStep } from '../source/source-ref.ts';

const SECRET_KEYS = ['token', 'value', 'password', 'secret', 'refresh', 'key', 'passphrase'];
const SECRET_HEADER = /authorization|cookie|token|secret|api-?key|password/i;

/** A secret belongs in the environment; a rules file is committed. */
export function findSecrets(file: string, rules: RulesInput): Diagnostic[] {
  return [...findSystemSecrets(file, rules), ...findChannelSecrets(file, rules)];
}

function findSystemSecrets(file: string, rules: RulesInput): Diagnostic[] {
  return Object.entries(rules.systems).flatMap(([name, system]) => {
    const found: Diagnostic[] = [];
    const check = (key: string, given: unknown, path: PathStep[]): void => {
      if (typeof given !== 'string' || isName(given)) return;
      const fix = `${key}: $${constantCase(`${name}_${key}`)}`;
      found.push(createDiagnostic('literal-secret', { key }, valueAt(file, path), { fix }));
    };
    for (const { key, given, path } of listAuthSecrets(system.auth))
      check(key, given, ['systems', name, 'auth', ...path]);
    for (const [key, given, path] of [
      ['server', system.server, ['systems', name, 'server']],
      [
        'tokenUrl',
        'tokenUrl' in system.auth ? system.auth.tokenUrl : '',
        ['systems', name, 'auth', 'tokenUrl'],
      ],
      [
        'authorizeUrl',
        'authorizeUrl' in system.auth ? (system.auth.authorizeUrl ?? '') : '',
        ['systems', name, 'auth', 'authorizeUrl'],
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

interface AuthSecret {
  readonly key: string;
  readonly given: unknown;
  readonly path: readonly string[];
}

/** Keys whose value is a secret by what they mean, and fields of a login and of `settings` that are named like one. */
function listAuthSecrets(auth: AuthInput): AuthSecret[] {
  const plain = Object.entries(auth)
    .filter(([key]) => SECRET_KEYS.includes(key))
    .map(([key, given]) => ({ key, given: given as unknown, path: [key] }));
  return [...plain, ...(['body', 'form', 'settings'] as const).flatMap((group) => listNamed(auth, group))];
}

function listNamed(auth: AuthInput, group: 'body' | 'form' | 'settings'): AuthSecret[] {
  const fields = (auth as { readonly [key: string]: unknown })[group] ?? {};
  return Object.entries(fields)
    .filter(([key]) => isSecretName(key))
    .map(([key, given]) => ({
      key,
      given: typeof given === 'number' ? String(given) : given,
      path: [group, key],
    }));
}

/** Whoever has the address of a webhook can write to it, and that of a mail server holds its password. */
const CHANNEL_SECRETS = { slack: ['url'], email: ['smtp'], webhook: ['url', 'secret'] } as const;

function findChannelSecrets(file: string, rules: RulesInput): Diagnostic[] {
  return Object.entries(rules.alerts?.channels ?? {}).flatMap(([name, channel]) =>
    CHANNEL_SECRETS[channel.kind].flatMap((key) => {
      const given = (channel as unknown as Readonly<Record<string, string>>)[key];
      if (given === undefined || isName(given)) return [];
      const fix = `${key}: $${constantCase(`${name}_${key}`)}`;
      return [
        createDiagnostic('literal-secret', { key }, valueAt(file, ['alerts', 'channels', name, key]), {
          fix,
        }),
      ];
    }),
  );
}

function isName(given: string): boolean {
  return /^\$[A-Z][A-Z0-9_]*$/.test(given);
}

function constantCase(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9]+/g, '_').toUpperCase();
}

/** `https://user:password@host`. */
function holdsCredentials(url: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*@/i.test(url);
}
