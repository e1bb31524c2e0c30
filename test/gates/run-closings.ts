import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { emitOne } from '../emit-cases.ts';
import { ROOT, runProcess } from '../run-process.ts';
import type { Closing } from './close-gate.ts';

export interface ClosingsRun {
  readonly services: number;
  readonly passed: number;
  /** One line for each test that failed, and for each file that could not be run. */
  readonly failed: readonly string[];
}

interface Report {
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly title: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

/** Emits the services, and runs their own tests: what they expect comes from the rules' text and not from the emitted code. */
export async function runClosings(
  closings: readonly Closing[],
  { withDrills }: { readonly withDrills: boolean },
): Promise<ClosingsRun> {
  const folder = join(ROOT, 'test/.tmp', withDrills ? 'gates-all' : 'gates');
  rmSync(folder, { recursive: true, force: true });
  for (const { name, host, rules } of closings)
    for (const [path, text] of await emitOne(host, name, rules)) {
      const file = join(folder, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  const parts = withDrills ? '{contract,flows,mappings,drills}' : '{contract,flows,mappings}';
  const config = {
    test: {
      include: [`*/test/${parts}/**/*.test.ts`],
      isolate: false,
      maxWorkers: withDrills ? 2 : 1,
      testTimeout: 60_000,
    },
  };
  writeFileSync(join(folder, 'vitest.config.ts'), `export default ${JSON.stringify(config)};\n`);
  const { text } = await runProcess(['vitest', 'run', '--reporter=json', '--outputFile=report.json'], folder);
  const report = readReport(join(folder, 'report.json'), text);
  const results = report.testResults.map((result) => ({
    ...result,
    path: result.name.slice(folder.length + 1),
  }));
  const failed = results.flatMap(({ path, message, assertionResults }) =>
    assertionResults.length === 0
      ? [`${path}: ${message}`]
      : assertionResults
          .filter(({ status }) => status !== 'passed')
          .map(({ title, failureMessages }) => `${path}, ${title}: ${failureMessages?.[0]?.split('\n')[0]}`),
  );
  const services = new Set(results.map(({ path }) => path.split('/')[0])).size;
  return { services, passed: report.numPassedTests, failed };
}

function readReport(file: string, text: string): Report {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch (error) {
    throw new Error(`The tests of the services did not run: ${text}`, { cause: error });
  }
}
