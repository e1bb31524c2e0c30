import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { join } from 'node:path';
import { ROOT } from '../demo/demo-world.ts';
import { inheritEnvironment } from '../inherited-environment.ts';

export interface RunningService {
  /** Where it says how it is. */
  readonly url: string;
  readonly exit: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  stop(): void;
  /** Nobody reads its log any more. */
  closeLog(): void;
}

/** The generated service as `run` keeps it, once it has said that it is ready. */
export async function startRunningService(
  environment: Readonly<Record<string, string>>,
): Promise<RunningService> {
  const child = spawn(process.execPath, [join(ROOT, 'generated/crm-to-ledger/src/main.ts'), 'run'], {
    env: { ...inheritEnvironment(), ...environment },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const exit = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
  const port = await findPort(child.stdout);
  child.stdout.resume();
  return {
    url: `http://127.0.0.1:${port}`,
    exit,
    stop: () => void child.kill('SIGTERM'),
    closeLog: () => void child.stdout.destroy(),
  };
}

async function findPort(log: Readable): Promise<string> {
  let text = '';
  for (;;) {
    const [chunk] = (await once(log, 'data')) as [Buffer];
    text += chunk.toString('utf8');
    const [, port] = /"port":(\d+)/.exec(text) ?? [];
    if (port !== undefined) return port;
  }
}
