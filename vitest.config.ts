import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer } from 'vitest/node';

/** Short files whose tests run for long: vitest would begin with the largest file, and end with one worker at these. */
const LONG = /\/test\/(?:crash|soak|prism|emission|faults|manners|hostile)\/|\/operator-errors\./;

class LongFirst extends BaseSequencer {
  override async sort(files: Parameters<BaseSequencer['sort']>[0]) {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: (typeof sorted)[number]): boolean => LONG.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    globalSetup: 'test/compile-cache.ts',
    projects: [
      // In virtual time and in memory, so that nothing is left behind for the next file of the same process.
      { extends: true, test: { name: 'runtime', include: ['runtime/src/**/*.test.ts'], isolate: false } },
      {
        extends: true,
        test: { name: 'whole', include: ['compiler/src/**/*.test.ts', 'test/**/*.test.ts'] },
      },
    ],
    exclude: ['**/node_modules/**', 'test/.tmp/**'],
    // Vitest would leave one core out; much of the time here is spent on waiting for processes.
    maxWorkers: availableParallelism(),
    sequence: { sequencer: LongFirst },
    testTimeout: 150_000,
    hookTimeout: 150_000,
    // The JSON report is where CI takes its counts from.
    reporters: ['default', ['json', { outputFile: 'test/.tmp/report.json' }]],
  },
});
