import type { HmacInput, OAuth2Input } from '../../model/auth-input.ts';
import type { LoginModel } from '../../model/integration-model.ts';
import { isSecretName } from '../../model/secret-name.ts';
import type { SystemPlan } from '../../model/service-plan.ts';
import { parseDurationMs, parseSetting } from '../../resolve/parse-units.ts';
import { key, literal, quote } from '../text/code-literals.ts';
import { formatNumber } from '../text/format-number.ts';
import { printPath } from '../text/print-path.ts';
import { emitSetting } from './emit-setting.ts';

/** How the system learns who calls it. */
export function emitAuth({ system, customAuth }: SystemPlan): string {
  const { auth } = system;
  switch (auth.kind) {
    case 'none':
      return "{ kind: 'none' }";
    case 'bearer':
      return `{ kind: 'bearer', token: ${of(auth.token)} }`;
    case 'apiKey':
      return `{ kind: 'apiKey', in: ${quote(auth.in)}, name: ${quote(auth.name)}, value: ${of(auth.value)} }`;
    case 'basic':
      return `{ kind: 'basic', user: ${of(auth.user)}, password: ${of(auth.password)} }`;
    case 'oauth2':
      return emitOAuth2(auth);
    case 'login':
      return emitLogin(auth);
    case 'hmac':
      return emitHmac(auth);
    case 'mtls':
      return `{ kind: 'mtls', certificate: ${of(auth.certificate)}, key: ${of(auth.key)}, ${join(
        optional('passphrase', auth.passphrase),
        optional('ca', auth.ca),
      )} }`;
    case 'custom':
      return emitCustom(customAuth?.functionName ?? '', auth.settings ?? {});
  }
}

function of(text: string): string {
  return emitSetting(parseSetting(text));
}

function optional(name: string, text: string | undefined): string {
  return text === undefined ? '' : `${name}: ${of(text)},`;
}

function join(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}

function emitOAuth2(auth: OAuth2Input): string {
  return `{ kind: 'oauth2', grant: ${quote(auth.grant)}, ${join(
    optional('authorizeUrl', auth.authorizeUrl),
    `tokenUrl: ${of(auth.tokenUrl)},`,
    optional('client', auth.client),
    optional('secret', auth.secret),
    optional('refresh', auth.refresh),
    auth.redirect === undefined ? '' : `redirect: ${quote(auth.redirect)},`,
    optional('key', auth.key),
    auth.alg === undefined ? '' : `algorithm: ${quote(auth.alg)},`,
    optional('keyId', auth.keyId),
    optional('issuer', auth.issuer),
    optional('subject', auth.subject),
    optional('audience', auth.audience),
    auth.grace === undefined ? '' : `graceMs: ${formatNumber(parseDurationMs(auth.grace))},`,
    auth.scopes === undefined ? '' : `scopes: [${auth.scopes.map(quote).join(', ')}],`,
    auth.send === undefined ? '' : `send: ${quote(auth.send)},`,
  )} }`;
}

function emitLogin(auth: LoginModel): string {
  const fields = Object.entries(auth.body ?? auth.form ?? {});
  const secrets = fields.filter(([name, value]) => typeof value === 'string' && isSecretName(name));
  const value = (given: string | number | boolean): string =>
    typeof given === 'string' ? of(given) : literal(given);
  return `{
    kind: 'login',
    method: ${quote(auth.method)},
    path: ${quote(auth.path)},
    send: ${quote(auth.form === undefined ? 'json' : 'form')},
    fields: { ${fields.map(([name, given]) => `${key(name)}: ${value(given)}`).join(', ')} },
    secrets: [${secrets.map(([, given]) => value(given)).join(', ')}],
    token: (body) => ${printPath('body', auth.take)},
    header: ${quote(auth.header)},
    ${auth.prefix === undefined ? '' : `prefix: ${quote(auth.prefix)},`}
    ${auth.lasts === undefined ? '' : `lastsMs: ${formatNumber(parseDurationMs(auth.lasts))},`}
  }`;
}

function emitHmac({ secret, hash, encoding, parts, separator, signature, timestamp }: HmacInput): string {
  const prefix = signature.prefix === undefined ? '' : `, prefix: ${quote(signature.prefix)}`;
  return `{
    kind: 'hmac',
    secret: ${of(secret)},
    hash: ${quote(hash)},
    encoding: ${quote(encoding)},
    parts: [${parts.map(quote).join(', ')}],
    separator: ${quote(separator)},
    signature: { header: ${quote(signature.header)}${prefix} },
    ${timestamp === undefined ? '' : `timestamp: { header: ${quote(timestamp.header)}, unit: ${quote(timestamp.unit)} },`}
  }`;
}

function emitCustom(functionName: string, settings: Readonly<Record<string, string>>): string {
  const entries = Object.entries(settings);
  const secrets = entries.filter(([name]) => isSecretName(name)).map(([, given]) => of(given));
  const values = entries.map(([name, given]) => `${key(name)}: ${of(given)}`).join(', ');
  const authenticate =
    entries.length === 0 ? functionName : `(request) => ${functionName}(request, { ${values} })`;
  return `{ kind: 'custom', secrets: [${secrets.join(', ')}], authenticate: ${authenticate} }`;
}
