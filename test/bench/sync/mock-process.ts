import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { MockMessage, Write } from './mock-server.ts';

export interface MockProcess {
  readonly url: string;
  /** What was written since the last time. */
  takeWrites(): Promise<readonly Write[]>;
  close(): void;
}

export async function startMockProcess(): Promise<MockProcess> {
  const child = fork(fileURLToPath(new URL('./mock-server.ts', import.meta.url)), { execArgv: [] });
  const next = async (): Promise<MockMessage> => ((await once(child, 'message')) as [MockMessage])[0];
  const first = await next();
  if (first.kind !== 'listening') throw new Error('The mock server did not start.');
  return {
    url: `http://127.0.0.1:${first.port}`,
    async takeWrites() {
      child.send('writes');
      const message = await next();
      return message.kind === 'writes' ? message.writes : [];
    },
    close: () => child.disconnect(),
  };
}
