import { createAuthenticator } from '../../runtime/src/auth/authenticator.ts';
import type { SystemAuth } from '../../runtime/src/auth/system-auth.ts';
import { createTokenCipher } from '../../runtime/src/auth/token-cipher.ts';
import type { Clock } from '../../runtime/src/clock.ts';
import { createApiClient } from '../../runtime/src/http/api-client.ts';
import type { ApiClient } from '../../runtime/src/http/api-client.ts';
import type { CallOutcome } from '../../runtime/src/http/call-outcome.ts';
import { createCallGate } from '../../runtime/src/http/call-gate.ts';
import { createUndiciTransport } from '../../runtime/src/http/undici-transport.ts';
import { createLog } from '../../runtime/src/log/create-log.ts';
import { createScrubber } from '../../runtime/src/log/scrub.ts';
import { createMetrics } from '../../runtime/src/ops/metrics.ts';
import type { Store } from '../../runtime/src/store/store.ts';

export const TEST_KEY = '0123456789abcdef'.repeat(4);
const REQUEST = { operation: 'GET /me', method: 'GET', target: '/api/me', headers: {}, body: undefined };

/** What one process of a service has of a system. */
export interface ServiceProcess {
  readonly client: ApiClient;
  /** Lines of the log. */
  readonly lines: readonly string[];
  call(): Promise<CallOutcome>;
  /** The access token that a call would carry now. */
  token(): Promise<string>;
}

/** A process of a service, as far as calls go: two of them share a store. */
export function startServiceProcess(
  server: string,
  auth: SystemAuth,
  store: Store,
  clock: Clock,
): ServiceProcess {
  const lines: string[] = [];
  const scrubber = createScrubber();
  const context = {
    integration: 'test',
    clock,
    random: () => 0.5,
    log: createLog(scrubber, 'debug', { write: (line) => void lines.push(line) }),
    store,
    scrubber,
    metrics: createMetrics(),
    signal: new AbortController().signal,
  };
  const transport = createUndiciTransport({ connections: 4 });
  const cipher = createTokenCipher(TEST_KEY);
  const options = { system: 'crm', server, transport, cipher, scrubber, context };
  const authenticator = createAuthenticator(auth, options);
  const gate = createCallGate({}, clock, { used: () => 0, add: () => undefined });
  const system = { name: 'crm', server, auth };
  const client = createApiClient({ system, transport, authenticator, gate, context });
  return {
    client,
    lines,
    call: () => client.call(REQUEST, { role: 'read', flow: 'f' }),
    async token() {
      const result = await authenticator.get();
      if (result.kind === 'failed') throw new Error(result.reason);
      return result.credentials.headers['authorization']?.slice('Bearer '.length) ?? '';
    },
  };
}
