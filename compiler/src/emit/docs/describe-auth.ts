import type { OAuth2Input } from '../../model/auth-input.ts';
import type { SystemModel } from '../../model/integration-model.ts';
import type { SystemPlan } from '../../model/service-plan.ts';
import { listAuthSettings } from '../../plan/list-auth-settings.ts';
import { parseDurationMs, parseSetting } from '../../resolve/parse-units.ts';
import { formatDuration } from '../text/format-duration.ts';
import type { Effect } from './effect.ts';

export interface CredentialRow {
  readonly system: string;
  readonly how: string;
  /** Names of settings, as code. */
  readonly secrets: string;
}

const LEFT_ALONE =
  'for a minute at first, later for up to 15 minutes at a time; one alert, and records wait and do not age';

/** What becomes of a call whose credentials the system refuses. */
export function describeRefusal({ name, auth }: SystemModel): string {
  const resume = `the command "resume ${name}" ends the pause`;
  if (auth.kind === 'oauth2' || auth.kind === 'login') {
    const person =
      auth.kind === 'oauth2' && auth.grant === 'authorization_code'
        ? `a person logs in again with the command "auth ${name}"`
        : `a person has ${auth.kind === 'login' ? 'the login' : 'the token server'} accept it again, or corrects the settings and starts the service again; ${resume}`;
    return `${auth.kind === 'login' ? 'logs in again' : 'renews the token'} once and tries again, and once more 5 s later; if it is refused still, pauses the system ${LEFT_ALONE}; ${person}`;
  }
  const pauses = `pauses the system ${LEFT_ALONE}`;
  if (auth.kind === 'none')
    return `the rules give no credentials, so nothing can be renewed: ${pauses}; a person has the rules say how it is authenticated`;
  const mend =
    auth.kind === 'custom'
      ? 'a person corrects the settings or the function, and starts the service again'
      : 'a person corrects the settings and starts the service again';
  return `nothing can renew ${FIXED[auth.kind]}: ${pauses}; ${mend}; ${resume}`;
}

export function effectOfRefusal({ auth }: SystemModel): Effect {
  return { kind: 'refresh', renews: auth.kind === 'oauth2' || auth.kind === 'login' };
}

const FIXED = {
  bearer: 'a token that does not change',
  apiKey: 'an API key',
  basic: 'a user name and a password',
  hmac: 'the key of a signature',
  mtls: 'a client certificate',
  custom: 'what the hand-written function adds',
} as const;

/** A system that a person logs in to, by a command of the service. */
export function isLoggedInTo({ auth }: SystemModel): boolean {
  return auth.kind === 'oauth2' && auth.grant === 'authorization_code';
}

/** How a system learns who calls it, for whoever runs the service. */
export function describeAuth(plan: SystemPlan): CredentialRow {
  const { system } = plan;
  const secrets = listAuthSettings(system).flatMap((setting) => {
    const given = parseSetting(setting.value);
    return setting.kind === 'secret' && given.kind === 'environment' ? [`\`${given.name}\``] : [];
  });
  return {
    system: system.name,
    how: describe(plan),
    secrets: secrets.length === 0 ? 'nothing' : [...new Set(secrets)].join(', '),
  };
}

function describe({ system, customAuth }: SystemPlan): string {
  const { auth } = system;
  switch (auth.kind) {
    case 'none':
      return 'not at all';
    case 'bearer':
      return 'a token that does not change';
    case 'apiKey':
      return `an API key in the ${auth.in === 'query' ? 'query parameter' : auth.in} ${auth.name}`;
    case 'basic':
      return 'a user name and a password';
    case 'oauth2':
      return describeGrant(auth);
    case 'login':
      return `a token that ${auth.method} ${auth.path} gives, in the header ${auth.header}; it is asked for again ${auth.lasts === undefined ? '' : `after ${formatDuration(parseDurationMs(auth.lasts))} and `}when it is refused`;
    case 'hmac':
      return `a signature of each call (HMAC ${auth.hash} of ${auth.parts.join(', ')}) in the header ${auth.signature.header}`;
    case 'mtls':
      return 'a client certificate';
    case 'custom':
      return `what the function in ${customAuth?.file ?? 'custom/'} adds to each call; it is yours to write`;
  }
}

function describeGrant({ grant, scopes, grace }: OAuth2Input): string {
  const what = {
    client_credentials: 'OAuth 2 by client credentials',
    refresh_token:
      'OAuth 2 by a refresh token that changes with each use; the one in the settings is only the first',
    authorization_code: 'OAuth 2 by a login of a person; afterwards it is refreshed without one',
    jwt_bearer: 'OAuth 2 by an assertion that is signed for each token',
  }[grant];
  const wanted = scopes === undefined || scopes.length === 0 ? '' : `; scopes: ${scopes.join(' ')}`;
  const within =
    grace === undefined
      ? ''
      : `; a lost answer is asked for again within ${formatDuration(parseDurationMs(grace))}`;
  return `${what}${wanted}${within}`;
}
