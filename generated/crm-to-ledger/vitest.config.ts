import { createProofReporter } from '@mortise/runtime/testing/proof';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', createProofReporter(import.meta.dirname)],
  },
});
