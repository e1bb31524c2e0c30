import { fork } from 'node:child_process';
import { join } from 'node:path';
import { LIMIT_MB } from './bounds.ts';

export interface BombResult {
  readonly name: string;
  readonly kind: 'refused' | 'emitted' | 'crashed' | 'died';
  readonly said: string;
  readonly problems: readonly string[];
  /** Of the processor, which does not depend on who else uses the machine. */
  readonly cpuMs: number;
  readonly sockets: number;
}

/** Nothing that ends takes so long on the slowest machine. */
const LONGEST_MS = 60_000;

/** Sets bombs off one after the other; a process that one of them has killed is replaced. */
export async function setOffBombs(names: readonly string[]): Promise<BombResult[]> {
  const waiting = [...names];
  const results: BombResult[] = [];
  while (waiting.length > 0) await workOff(waiting, (result) => void results.push(result));
  return results;
}

function workOff(waiting: string[], note: (result: BombResult) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, 'run-bombs.ts'), {
      execArgv: [`--max-old-space-size=${LIMIT_MB}`],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    let running: string | undefined;
    let timer: NodeJS.Timeout | undefined;
    child.on('message', (message) => {
      clearTimeout(timer);
      if (message !== 'ready') note(message as BombResult);
      running = waiting.shift();
      if (running === undefined) return child.disconnect();
      timer = setTimeout(() => child.kill('SIGKILL'), LONGEST_MS);
      child.send(running);
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      if (running !== undefined)
        note({
          name: running,
          kind: 'died',
          said: String(signal ?? code),
          problems: [],
          cpuMs: LONGEST_MS,
          sockets: 0,
        });
      resolve();
    });
  });
}
