import { spawn } from 'node:child_process';

/** A service that cannot be started has not been judged: that is another end than the one of a drill that went wrong. */
const TELL_CRASH = `data:text/javascript,${encodeURIComponent(
  "process.on('uncaughtException', (error) => { console.error('The service cannot be started: ' + (error?.stack ?? error)); process.exit(2); });",
)}`;

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
  const settings = isBare ? ['--import', TELL_CRASH] : ['--env-file-if-exists=.env'];
  const child = spawn(process.execPath, [...settings, main, ...args], { cwd: folder, stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 2));
  });
}
