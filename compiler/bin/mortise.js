#!/usr/bin/env node
import module from 'node:module';

module.enableCompileCache?.();
// Whoever reads the output, as `head` does, may have seen enough; what was begun is done all the same.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error;
});
const { main } = await import('../src/cli/main.ts');
process.exitCode = await main(process.argv.slice(2));
