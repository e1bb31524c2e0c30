import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { LIMIT_MB } from './bounds.ts';
import type { HostileOutcome } from './compile-hostile.ts';
import type { HostileProject } from './hostile-project.ts';

export interface LimitedOutcome extends HostileOutcome {
  /** What the heap of the thread held behind it, that of no use any more included. */
  readonly heldMb: number;
}

export interface LimitedCompiler {
  compile(project: HostileProject): Promise<LimitedOutcome>;
  close(): Promise<void>;
}

/** Compiles in a thread of its own; one that needs more memory than it may ends, which counts as a crash, and is replaced. */
export function createLimitedCompiler(): LimitedCompiler {
  let worker: Worker | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  let settle: (outcome: LimitedOutcome) => void = () => undefined;
  const die = (said: string): void => {
    worker = undefined;
    settle({ kind: 'crashed', files: new Map(), problems: [], said, tookMs: 0, heldMb: LIMIT_MB });
  };
  const start = (): Worker => {
    const started = new Worker(join(import.meta.dirname, 'compile-worker.ts'), {
      resourceLimits: { maxOldGenerationSizeMb: LIMIT_MB },
      execArgv: [],
    });
    started.on('message', (outcome) => settle(outcome));
    let reason = 'the thread has ended';
    started.on('error', (error) => void (reason = String(error)));
    started.on('exit', () => die(reason));
    return started;
  };
  const work = (project: HostileProject): Promise<LimitedOutcome> =>
    new Promise((resolve) => {
      settle = resolve;
      worker ??= start();
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
      worker.postMessage(project);
    });
  return {
    compile(project) {
      const made = turn.then(() => work(project));
      turn = made;
      return made;
    },
    async close() {
      await turn;
      await worker?.terminate();
    },
  };
}
