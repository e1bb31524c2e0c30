import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProcess } from './run-process.ts';

export interface EmittedTests {
  /** The files of tests that were run, as they stand in the folder, which begins with the service. */
  readonly paths: readonly string[];
  readonly passed: number;
  /** One line for each test that failed, and for each file that could not be run. */
  readonly failed: readonly string[];
  /** What the run printed. */
  readonly text: string;
}

interface FileResult {
  readonly name: string;
  readonly message: string;
  readonly assertionResults: readonly {
    readonly status: string;
    readonly title: string;
    readonly failureMessages?: readonly string[];
  }[];
}

/**
 * Runs the tests of many services that stand beside one another, in few processes, for loading is most of the work.
 * @param include patterns of files below the folder
 */
export async function runEmittedTests(
  folder: string,
  include: readonly string[],
  maxWorkers: number,
): Promise<EmittedTests> {
  // Node.js loads what is emitted as a client's service does, and sooner than Vite.
  const config = { test: { include, isolate: false, maxWorkers, experimental: { viteModuleRunner: false } } };
  writeFileSync(join(folder, 'vitest.config.ts'), `export default ${JSON.stringify(config)};\n`);
  const command = ['vitest', 'run', '--reporter=json', '--outputFile=report.json'];
  const { text } = await runProcess(command, folder);
  const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as {
    readonly numPassedTests: number;
    readonly testResults: readonly FileResult[];
  };
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
  return { paths: results.map(({ path }) => path), passed: report.numPassedTests, failed, text };
}
