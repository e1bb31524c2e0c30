import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { inheritEnvironment } from './inherited-environment.ts';

export const ROOT = join(import.meta.dirname, '..');

/** Settings for the tests of a service: in one process, for loading is most of the work, and other tests run beside these. */
export const ONE_BY_ONE = ['--no-isolate', '--maxWorkers=1'] as const;

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: string | null;
  /** Standard output and standard error, as they came. */
  readonly text: string;
}

export interface StartedProcess {
  readonly done: Promise<ProcessEnd>;
  /** Resolves with the match once the output holds it. @throws where the process ends before */
  waitFor(pattern: RegExp): Promise<RegExpExecArray>;
  kill(signal: NodeJS.Signals): void;
}

/** Starts a program with Node 24 first on its path, and nothing of this process's settings. */
export function startProcess(
  command: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>> = {},
): StartedProcess {
  const [program = '', ...args] = command;
  const path = `${join(ROOT, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`;
  const env = {
    ...inheritEnvironment(),
    PATH: path,
    HOME: process.env['HOME'] ?? '',
    NO_COLOR: '1',
    CI: '1',
    ...environment,
  };
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  const waiting = new Set<() => void>();
  const keep = (part: string): void => {
    text += part;
    for (const look of waiting) look();
  };
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  const done = new Promise<ProcessEnd>((finish, fail) => {
    child.on('error', fail);
    child.on('close', (code, signal) => finish({ code, signal, text }));
  });
  return {
    done,
    async waitFor(pattern) {
      const found = new Promise<RegExpExecArray>((finish) => {
        const look = (): void => {
          const match = pattern.exec(text);
          if (match === null) return;
          waiting.delete(look);
          finish(match);
        };
        waiting.add(look);
        look();
      });
      const ended = done.then((end): never => {
        throw new Error(`ended with ${end.code} before ${pattern} was seen:\n${end.text}`);
      });
      return Promise.race([found, ended]);
    },
    kill: (signal) => void child.kill(signal),
  };
}

export async function runProcess(
  command: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<ProcessEnd> {
  return startProcess(command, cwd, environment).done;
}
