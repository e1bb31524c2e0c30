import type { OutputFile } from '../../model/output-file.ts';
import type { ServicePlan } from '../../model/service-plan.ts';

/** Exact versions of what a generated service needs, and its lock file: kept beside the compiler, so that they never drift. */
export interface PackageFacts {
  readonly runtimeVersion: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

export interface PackageOptions {
  readonly packageFacts: PackageFacts;
  /** The lock file of a service that carries the runtime, as npm wrote it for some integration. */
  readonly packageLock: string;
  readonly vendored: boolean;
}

export function emitPackage(
  plan: ServicePlan,
  { packageFacts, packageLock, vendored }: PackageOptions,
): OutputFile[] {
  const manifest = {
    name: plan.integration,
    version: '1.0.0',
    private: true,
    description: plan.purpose,
    type: 'module',
    engines: { node: '>=24' },
    scripts: {
      // Without `exec` npm passes SIGTERM to the shell only, and the service would go on without a parent.
      start: `exec env ${CACHE} node ${MEMORY} --env-file-if-exists=.env src/main.ts run`,
      service: `env ${CACHE} node --env-file-if-exists=.env src/main.ts`,
      typecheck: 'tsc --noEmit',
      test: 'tsc --noEmit && vitest run',
    },
    dependencies: {
      '@mortise/runtime': vendored ? 'file:runtime' : packageFacts.runtimeVersion,
      ...packageFacts.dependencies,
    },
    devDependencies: packageFacts.devDependencies,
  };
  return [
    { path: 'package.json', text: `${JSON.stringify(manifest, null, 2)}\n` },
    { path: 'tsconfig.json', text: TSCONFIG },
    { path: 'vitest.config.ts', text: VITEST },
    // Only a service that carries its runtime can be built from its own folder alone.
    ...(vendored ? [{ path: 'Dockerfile', text: DOCKERFILE }] : []),
    { path: '.dockerignore', text: 'node_modules\n.env\ndata\nproof.js*\nrecordings\ntest\n' },
    { path: '.gitignore', text: 'node_modules\n.env\ndata\nproof.js*\n' },
    ...(vendored ? [{ path: 'package-lock.json', text: renameLock(packageLock, plan.integration) }] : []),
  ];
}

/** The same packages for every integration; only the name differs, and `npm ci` compares it. */
function renameLock(text: string, name: string): string {
  const lock = JSON.parse(text) as { readonly packages: Readonly<Record<string, object>> };
  return `${JSON.stringify({ ...lock, name, packages: { ...lock.packages, '': { ...lock.packages[''], name } } }, null, 2)}\n`;
}

const TSCONFIG = `${JSON.stringify(
  {
    compilerOptions: {
      target: 'es2024',
      lib: ['es2024'],
      module: 'nodenext',
      types: ['node'],
      strict: true,
      noUncheckedIndexedAccess: true,
      noEmit: true,
      allowImportingTsExtensions: true,
      erasableSyntaxOnly: true,
      verbatimModuleSyntax: true,
      resolveJsonModule: true,
      skipLibCheck: true,
    },
    include: ['src', 'test', 'custom'],
  },
  null,
  2,
)}\n`;

/** The default report, and what the drills have proved. */
const VITEST = `import { createProofReporter } from '@mortise/runtime/testing/proof';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', createProofReporter(import.meta.dirname)],
  },
});
`;

/** On a machine with much memory V8 would let its young generation grow to 128 MB, which a service never needs. */
const MEMORY = '--max-semi-space-size=16';

/**
 * Node keeps there what it compiled, so that a start takes a third of the time and holds 30 MB less. Beside the packages,
 * since a folder for all accounts, which is Node's own choice, would let others put code into the service.
 */
const CACHE = 'NODE_COMPILE_CACHE=node_modules/.cache/mortise';

const DOCKERFILE = `FROM node:24-slim
WORKDIR /service
COPY package.json package-lock.json ./
COPY runtime ./runtime
RUN npm ci --omit=dev
COPY . .
RUN mkdir -p data .compiled && chown node:node data .compiled
USER node
VOLUME /service/data
EXPOSE 8080
ENV MORTISE_HOST=0.0.0.0 NODE_COMPILE_CACHE=/service/.compiled
RUN node src/main.ts --help
CMD ["node", "${MEMORY}", "src/main.ts", "run"]
`;
