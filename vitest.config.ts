import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['compiler/src/**/*.test.ts', 'runtime/src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'test/.tmp/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // The JSON report is where CI takes its counts from.
    reporters: ['default', ['json', { outputFile: 'test/.tmp/report.json' }]],
  },
});
