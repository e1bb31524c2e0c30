import { createAuthenticator } from '../auth/authenticator.ts';
import type { System } from '../flow.ts';
import { createApiClient } from '../http/api-client.ts';
import type { ApiClient } from '../http/api-client.ts';
import { createCallGate } from '../http/call-gate.ts';
import type { Transport } from '../http/transport.ts';
import { createTokenCipher } from '../auth/token-cipher.ts';
import { createScrubber } from '../log/scrub.ts';
import type { RunContext } from '../run-context.ts';

export const TEST_KEY = '0123456789abcdef'.repeat(4);

/** A client as a service makes one, without a quota. */
export function createTestClient(
  context: RunContext,
  transport: Transport,
  system: Partial<System> = {},
): ApiClient {
  const full: System = {
    name: 'target',
    server: 'https://target.example/api',
    auth: { kind: 'bearer', token: 'bearer-token' },
    ...system,
  };
  const options = {
    system: full.name,
    server: full.server,
    transport,
    cipher: createTokenCipher(TEST_KEY),
    scrubber: createScrubber(),
    context,
  };
  const gate = createCallGate(full.limits ?? {}, context.clock, { used: () => 0, add: () => undefined });
  return createApiClient({
    system: full,
    transport,
    authenticator: createAuthenticator(full.auth, options),
    gate,
    context,
  });
}
