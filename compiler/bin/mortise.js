#!/usr/bin/env node
import module from 'node:module';

const [major = 0] = process.versions.node.split('.').map(Number);
if (major < 24) {
  process.stderr.write(
    `Mortise needs Node 24, and this is ${process.versions.node}. Run it by "npm run" or "npx mortise" where the package "node" is installed, or put Node 24 on the PATH.\n`,
  );
  process.exit(2);
}
module.enableCompileCache?.();
// ts-morph brings TypeScript along; openapi-typescript would load it a second time, and to read nine megabytes is a good
// part of what a run takes.
const SHARED = new URL('./typescript.js', import.meta.url).href;
module.registerHooks?.({
  resolve: (name, context, next) =>
    name === 'typescript' && context.parentURL?.includes('/openapi-typescript/') === true
      ? { url: SHARED, shortCircuit: true, format: 'module' }
      : next(name, context),
});
// Whoever reads the output, as `head` does, may have seen enough; what was begun is done all the same.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error;
});
const { main } = await import('../src/cli/main.ts');
process.exitCode = await main(process.argv.slice(2));
