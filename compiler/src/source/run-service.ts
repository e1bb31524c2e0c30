import { spawn } from 'node:child_process';

interface RunOptions {
  /** The file that runs, below the service's folder. */
  readonly main: string;
  /** Without the service's `.env`. */
  readonly isBare: boolean;
}

/** Runs a command of a generated service in its folder, with its `.env`, on this terminal. @returns its exit code */
export function runService(
  folder: string,
  args: readonly string[],
  { main, isBare }: RunOptions = { main: 'src/main.ts', isBare: false },
): Promise<number> {
  const settings = isBare ? [] : ['--env-file-if-exists=.env'];
  const child = spawn(process.execPath, [...settings, main, ...args], { cwd: folder, stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 2));
  });
}
