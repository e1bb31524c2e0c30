import { execFileSync } from 'node:child_process';

const LARGEST_ANSWER = 64 * 1024 * 1024;

/**
 * Runs a script in a process of its own that may read below one folder, and may neither write nor start anything.
 * @returns what it prints @throws Error where it fails, or takes longer than `timeoutMs`
 */
export function runChild(
  script: string,
  {
    input,
    readable,
    timeoutMs,
  }: { readonly input: string; readonly readable: string; readonly timeoutMs: number },
): string {
  const rights = ['--permission', `--allow-fs-read=${readable}`, '--no-warnings'];
  return execFileSync(process.execPath, [...rights, script], {
    input,
    encoding: 'utf8',
    timeout: timeoutMs,
    maxBuffer: LARGEST_ANSWER,
    // The settings of whoever runs the compiler are nobody's business there.
    env: {},
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}
