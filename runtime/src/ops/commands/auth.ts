import { authorizeSystem } from '../../auth/authorize-system.ts';
import type { AuthorizationCodeAuth, SystemAuth } from '../../auth/system-auth.ts';
import { createTokenCipher } from '../../auth/token-cipher.ts';
import { operatorError } from '../../errors.ts';
import { createUndiciTransport } from '../../http/undici-transport.ts';
import type { Command, CommandContext } from '../command.ts';

const USAGE = 'auth <system>';

/** A person logs in to a system in a browser on this machine; the service goes on with the tokens. */
export const authCommand: Command = {
  name: 'auth',
  usage: USAGE,
  summary: 'log in to a system in the browser and store its tokens',
  engine: 'none',
  needsStore: false,
  options: {},
  async run({ service, settings, args, actor, scrubber, json, print }) {
    const { system, auth } = findLogin(service, args[0]);
    const { context } = service;
    const transport = createUndiciTransport({ connections: 1 });
    const cipher = settings.key === undefined ? undefined : createTokenCipher(settings.key);
    try {
      const options = { system, transport, cipher, scrubber, context };
      const result = await authorizeSystem(auth, options, (url) =>
        print(
          json
            ? JSON.stringify({ system, open: url })
            : `Open this address in a browser on this machine, and log in to ${system}:\n\n  ${url}\n`,
        ),
      );
      if (result.kind === 'failed') {
        print(
          json
            ? JSON.stringify({ system, done: false, reason: result.reason })
            : `${system}: not logged in: ${result.reason}`,
        );
        return 1;
      }
      await context.store.clearPause(`system:${system}`, actor, context.clock.now());
      print(
        json
          ? JSON.stringify({ system, done: true })
          : `${system}: logged in; the tokens are stored, and a running service takes them up when its pause ends, within 15 minutes`,
      );
      return 0;
    } finally {
      await transport.close();
    }
  },
};

function findLogin(
  { definition }: CommandContext['service'],
  name: string | undefined,
): { readonly system: string; readonly auth: AuthorizationCodeAuth } {
  const logins = definition.systems.flatMap(({ name: system, auth }) =>
    isLogin(auth) ? [{ system, auth }] : [],
  );
  const found = logins.find(({ system }) => system === name);
  if (found !== undefined) return found;
  const systems = logins.map(({ system }) => system).join(', ');
  throw operatorError(
    systems === ''
      ? 'No system of this service is logged in to by a person: their credentials are all in the settings.'
      : `Usage: ${USAGE}. A person logs in to: ${systems}.`,
  );
}

function isLogin(auth: SystemAuth): auth is AuthorizationCodeAuth {
  return auth.kind === 'oauth2' && auth.grant === 'authorization_code';
}
