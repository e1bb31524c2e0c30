import type { OAuth2Auth } from '../../runtime/src/auth/system-auth.ts';
import { systemClock } from '../../runtime/src/clock.ts';
import { createService } from '../../runtime/src/engine/create-service.ts';
import { createUndiciTransport } from '../../runtime/src/http/undici-transport.ts';
import { createLog } from '../../runtime/src/log/create-log.ts';
import { createScrubber } from '../../runtime/src/log/scrub.ts';
import { COMMANDS } from '../../runtime/src/ops/commands/index.ts';
import type { Store } from '../../runtime/src/store/store.ts';
import { TEST_KEY } from './start-service-process.ts';

export interface LoginReport {
  readonly code: number | undefined;
  readonly text: string;
  /** What the browser saw. */
  readonly seen: readonly unknown[];
}

/** What a person does: the command, and the login in a browser. @param visit the browser, which goes to the address that was shown */
export async function runAuthCommand(
  server: string,
  auth: OAuth2Auth,
  store: Store,
  visit: (url: string) => Promise<unknown>,
): Promise<LoginReport> {
  const scrubber = createScrubber();
  const lines: string[] = [];
  const stopping = new AbortController();
  const service = await createService(
    { integration: 'test', systems: [{ name: 'crm', server, auth }], flows: [] },
    {
      clock: systemClock,
      random: () => 0.5,
      log: createLog(scrubber, 'silent'),
      scrubber,
      store: { ...store, close: () => Promise.resolve() },
      key: TEST_KEY,
      signal: stopping.signal,
      createTransport: () => createUndiciTransport({ connections: 1 }),
      createAlertTransport: () => createUndiciTransport({ connections: 1 }),
    },
  );
  const visits: Promise<unknown>[] = [];
  const command = COMMANDS.find(({ name }) => name === 'auth');
  const code = await command?.run({
    service,
    settings: { store: ':memory:', key: TEST_KEY, host: '127.0.0.1', port: 0, logLevel: 'silent' },
    args: ['crm'],
    options: {},
    json: false,
    actor: 'ada',
    scrubber,
    print: (text) => {
      lines.push(scrubber.scrub(text));
      const url = /^ {2}(http\S+)$/m.exec(text)?.[1];
      if (url !== undefined) visits.push(visit(url));
    },
    stop: () => stopping.abort(),
  });
  const seen = await Promise.all(visits);
  await service.close();
  return { code, text: lines.join('\n'), seen };
}
