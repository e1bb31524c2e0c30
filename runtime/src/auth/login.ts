import type { WireOutcome } from '../http/transport.ts';
import type { Authenticator, AuthenticatorOptions } from './credentials.ts';
import { planLife, readFailure, readObject } from './read-token-answer.ts';
import type { TokenAnswer } from './read-token-answer.ts';
import type { LoginAuth } from './system-auth.ts';
import { createTokenKeeper } from './token-keeper.ts';

const LOGIN_TIMEOUT_MS = 20_000;
const LOGIN_MAX_BYTES = 1_000_000;

/**
 * A call that gives a token for the others. Kept like every other token, so that two processes of one service do not
 * throw each other out where a vendor allows one session.
 * @throws OperatorError where there is no key to seal tokens with
 */
export function createLogin(auth: LoginAuth, options: AuthenticatorOptions): Authenticator {
  for (const secret of auth.secrets) options.scrubber.add(secret);
  const url = `${options.server}${auth.path}`;
  const source = {
    seed: JSON.stringify([auth.method, url, auth.fields]),
    present: (access: string) => ({ [auth.header.toLowerCase()]: `${auth.prefix ?? ''}${access}` }),
    async obtain(): Promise<TokenAnswer> {
      const first = await tryOnce(auth, url, options);
      // Logging in once more uses nothing up.
      return first.kind === 'failed' && first.lost !== undefined ? tryOnce(auth, url, options) : first;
    },
  };
  return createTokenKeeper(source, options);
}

async function tryOnce(auth: LoginAuth, url: string, options: AuthenticatorOptions): Promise<TokenAnswer> {
  const { clock } = options.context;
  const outcome = await options.transport.send({
    method: auth.method,
    url,
    ...encodeFields(auth),
    timeoutMs: LOGIN_TIMEOUT_MS,
    maxBytes: LOGIN_MAX_BYTES,
  });
  const failure = readFailure(outcome, clock.now(), 'the login');
  if (failure !== undefined) return failure;
  const access = takeToken(auth, outcome);
  if (access === undefined)
    return {
      kind: 'failed',
      reason: 'the login was answered without a token where the rules say that it stands',
      // A page of a proxy in front of the system passes; an answer in JSON is what the system says.
      needsPerson: readObject(outcome) !== undefined,
    };
  const tokens = { access, refresh: undefined, ...planLife(auth.lastsMs, clock.now()) };
  return { kind: 'tokens', tokens, scope: undefined };
}

function encodeFields(auth: LoginAuth): {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
} {
  const accept = { accept: 'application/json' };
  const entries = Object.entries(auth.fields);
  if (entries.length === 0) return { headers: accept, body: undefined };
  if (auth.send === 'json')
    return {
      headers: { ...accept, 'content-type': 'application/json' },
      body: JSON.stringify(auth.fields),
    };
  const form = new URLSearchParams(entries.map(([name, value]): [string, string] => [name, String(value)]));
  return {
    headers: { ...accept, 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  };
}

function takeToken(auth: LoginAuth, outcome: WireOutcome): string | undefined {
  if (outcome.kind !== 'response') return undefined;
  try {
    const token = auth.token(JSON.parse(outcome.body.toString('utf8')));
    return (typeof token === 'string' && token !== '') || typeof token === 'number'
      ? String(token)
      : undefined;
  } catch {
    return undefined;
  }
}
