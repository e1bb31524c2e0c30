import { getHeapStatistics } from 'node:v8';
import { parentPort } from 'node:worker_threads';
import { compileHostile } from './compile-hostile.ts';
import { createHostileProject } from './hostile-project.ts';
import type { HostileProject } from './hostile-project.ts';

/** A thread with little memory: compiles what it is given, one after the other. */
// What is loaded once is none of a text's time.
await compileHostile(createHostileProject());
parentPort?.on('message', async (project: HostileProject) => {
  const outcome = await compileHostile(project);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  parentPort?.postMessage({ ...outcome, heldMb: getHeapStatistics().used_heap_size / 2 ** 20 });
});
