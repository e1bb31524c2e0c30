import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { SoakResult } from './run-soak.ts';

/** Runs many seeds in a few processes. @param tell is called as each ends */
export async function runSeeds(
  seeds: readonly number[],
  processes: number,
  tell: (result: SoakResult) => void = () => undefined,
): Promise<SoakResult[]> {
  const waiting = [...seeds];
  const results: SoakResult[] = [];
  await Promise.all(
    Array.from({ length: Math.min(processes, seeds.length) }, () =>
      workOff(waiting, (result) => {
        results.push(result);
        tell(result);
      }),
    ),
  );
  return results.toSorted((left, right) => left.seed - right.seed);
}

function workOff(waiting: number[], note: (result: SoakResult) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, 'share.ts'));
    let running: number | undefined;
    const next = (): void => {
      running = waiting.shift();
      if (running === undefined) child.disconnect();
      else child.send(running);
    };
    child.on('message', (result) => {
      note(result as SoakResult);
      next();
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (running === undefined) resolve();
      else reject(new Error(`The process with the seed ${running} ended with ${code}.`));
    });
    next();
  });
}
