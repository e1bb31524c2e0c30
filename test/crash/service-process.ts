import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleService, CHILD_SERVICE } from './bundle-service.ts';
import type { Tier } from '../faults/fault.ts';
import type { PointKind } from './kill-points.ts';

/** What a service is to do until it ends or dies. */
export interface LifeOrder {
  readonly story: string;
  readonly tier: Tier;
  readonly url: string;
  readonly store: string;
  readonly startMs: number;
  /** The point at which it dies: 1, 2, …; it lives where this is left out. */
  readonly killAt?: number | undefined;
  readonly points: PointKind;
}

export interface LifeEnd {
  /** How many points it passed. */
  readonly points: number;
  /** Records that still wait. */
  readonly waiting: number;
  readonly nowMs: number;
}

export type Life =
  | ({ readonly kind: 'ended' } & LifeEnd)
  | { readonly kind: 'killed' }
  | { readonly kind: 'failed'; readonly message: string };

/** A process of services: one at a time, a new process after each death. */
export interface ServiceProcess {
  live(order: LifeOrder): Promise<Life>;
  /** What was written to its standard output and error since it was last asked for. */
  takeOutput(): string;
  close(): Promise<void>;
}

let cache: string | undefined;

/** Of this process alone: the files of sabotaged builds have new names each time. */
function createCache(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-crash-cache-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** @param file the service; another than the committed one for a sabotaged build @param execArgv options of Node */
export function createServiceProcess(file = CHILD_SERVICE, execArgv: readonly string[] = []): ServiceProcess {
  let output = '';
  let child: ChildProcess | undefined;
  const ready = bundleService(file);
  const start = async (): Promise<ChildProcess> => {
    const started = fork(await ready, [], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: [...execArgv],
      env: {
        PATH: process.env['PATH'] ?? '',
        // Loading is most of the work of a process that soon dies.
        NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? (cache ??= createCache()),
      },
    });
    for (const stream of [started.stdout, started.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    return started;
  };
  return {
    async live(order) {
      const running = (child ??= await start());
      return new Promise((resolve) => {
        const finish = (life: Life): void => {
          running.off('message', onMessage);
          running.off('close', onClose);
          resolve(life);
        };
        const onMessage = (message: LifeEnd | { readonly failed: string }): void =>
          finish(
            'failed' in message ? { kind: 'failed', message: message.failed } : { kind: 'ended', ...message },
          );
        const onClose = (code: number | null, signal: string | null): void => {
          child = undefined;
          const message = `the process ended with ${code ?? signal}: ${output.slice(-2000)}`;
          finish(signal === 'SIGKILL' ? { kind: 'killed' } : { kind: 'failed', message });
        };
        running.on('message', onMessage);
        running.on('close', onClose);
        running.send(order);
      });
    },
    takeOutput() {
      const taken = output;
      output = '';
      return taken;
    },
    close: () =>
      new Promise((resolve) => {
        if (child === undefined) return resolve();
        // After a disconnect from this side, Node emits no `close`.
        child.once('exit', () => resolve());
        child.disconnect();
      }),
  };
}
