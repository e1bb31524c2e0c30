import { spawn } from 'node:child_process';

/** Runs a command of a generated service in its folder, with its `.env`, on this terminal. @returns its exit code */
export function runService(folder: string, args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, ['--env-file-if-exists=.env', 'src/main.ts', ...args], {
    cwd: folder,
    stdio: 'inherit',
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 2));
  });
}
