import type { OAuth2Input } from '../model/auth-input.ts';
import type { SystemModel } from '../model/integration-model.ts';
import { isSecretName } from '../model/secret-name.ts';
import type { SettingPlan } from '../model/service-plan.ts';

export interface AuthSetting {
  /** Below `auth`: `secret`, `body.password`. */
  readonly key: string;
  readonly value: string;
  readonly kind: SettingPlan['kind'];
  readonly summary: string;
}

/** What the rules' `auth` names that may come from the environment. */
export function listAuthSettings({ auth, name }: SystemModel): AuthSetting[] {
  const of = (key: string, value: unknown, kind: SettingPlan['kind'], what: string): AuthSetting[] =>
    typeof value === 'string' ? [{ key, value, kind, summary: `${what} of ${name}` }] : [];
  const listGroup = (group: string, fields: object | undefined, what: string): AuthSetting[] =>
    Object.entries(fields ?? {}).flatMap(([field, value]) =>
      of(`${group}.${field}`, value, isSecretName(field) ? 'secret' : 'text', `${what} ${field}`),
    );
  switch (auth.kind) {
    case 'none':
      return [];
    case 'bearer':
      return of('token', auth.token, 'secret', 'access token');
    case 'apiKey':
      return of('value', auth.value, 'secret', 'API key');
    case 'basic':
      return [
        ...of('user', auth.user, 'text', 'user name'),
        ...of('password', auth.password, 'secret', 'password'),
      ];
    case 'oauth2':
      return OAUTH2_SETTINGS.flatMap(([key, kind, what]) => of(key, auth[key], kind, what));
    case 'login':
      return [...listGroup('body', auth.body, 'login field'), ...listGroup('form', auth.form, 'login field')];
    case 'hmac':
      return of('secret', auth.secret, 'secret', 'secret for the signatures');
    case 'mtls':
      return [
        ...of('certificate', auth.certificate, 'text', 'client certificate (PEM), shown to the server'),
        ...of('key', auth.key, 'secret', 'private key (PEM) to the client certificate'),
        ...of('passphrase', auth.passphrase, 'secret', 'passphrase of the private key'),
        ...of('ca', auth.ca, 'text', 'certificate (PEM) of whoever signed the server certificate'),
      ];
    case 'custom':
      return listGroup('settings', auth.settings, 'setting for custom/:');
  }
}

const OAUTH2_SETTINGS = [
  ['authorizeUrl', 'url', 'login address'],
  ['tokenUrl', 'url', 'token address'],
  ['client', 'text', 'OAuth client id'],
  ['secret', 'secret', 'OAuth client secret'],
  ['refresh', 'secret', 'first refresh token, used until the service has stored one of its own,'],
  ['key', 'secret', 'key (private, in PEM; or shared) that signs assertions'],
  ['keyId', 'text', 'id of the key that signs assertions'],
  ['issuer', 'text', 'issuer of assertions'],
  ['subject', 'text', 'subject of assertions'],
  ['audience', 'text', 'audience of assertions'],
] as const satisfies readonly (readonly [keyof OAuth2Input, SettingPlan['kind'], string])[];
