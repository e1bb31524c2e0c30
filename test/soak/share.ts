import { runSoak } from './run-soak.ts';

/** A process of its own that runs the seeds which its parent sends, one after the other. */
process.on('message', (seed: number) => {
  void runSoak(seed).then((result) => process.send?.(result));
});
