import { writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { createProof, listGaps, renderProofScript } from './proof.ts';

/** Of vitest's reporters, the part that is used here: https://vitest.dev/api/advanced/reporters */
export interface ProofReporter {
  onInit(vitest: RunOfTests): void;
  onTestRunEnd(modules: readonly TestModule[]): void;
}

interface RunOfTests {
  readonly config: { readonly testNamePattern?: RegExp | undefined };
  readonly filenamePattern?: readonly string[] | undefined;
}

interface TestModule {
  readonly moduleId: string;
  readonly children: {
    allTests(): Iterable<{ readonly name: string; result(): { readonly state: string } }>;
  };
}

/**
 * Writes `proof.json` and `proof.js` when all tests have run, and fails the run where a row of the answer book has no
 * test of its name, or a drill no row. A run of some of the tests proves nothing and writes nothing.
 * @param folder of the generated service
 */
export function createProofReporter(folder: string): ProofReporter {
  let isWhole = true;
  return {
    onInit({ config, filenamePattern = [] }) {
      isWhole = config.testNamePattern === undefined && filenamePattern.length === 0;
    },
    onTestRunEnd(modules) {
      if (!isWhole) return;
      const drills = join(folder, 'test', 'drills') + sep;
      const results = new Map<string, 'passed' | 'failed'>();
      for (const { moduleId, children } of modules) {
        if (!moduleId.replaceAll('/', sep).startsWith(drills)) continue;
        for (const one of children.allTests())
          results.set(one.name, one.result().state === 'passed' ? 'passed' : 'failed');
      }
      const proof = createProof(folder, results, new Date());
      writeFileSync(join(folder, 'proof.json'), `${JSON.stringify(proof, null, 2)}\n`);
      writeFileSync(join(folder, 'proof.js'), renderProofScript(proof));
      const gaps = listGaps(proof);
      if (gaps.length === 0) return;
      process.stderr.write(`${gaps.join('\n')}\n`);
      process.exitCode = 1;
    },
  };
}
