import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gen } from '../compiler/src/cli/commands/gen.ts';
import { createNodeHost } from '../compiler/src/source/node-host.ts';
import { ONE_BY_ONE, ROOT, runProcess } from './run-process.ts';

const GENERATED = join(ROOT, 'generated');
const services = readdirSync(GENERATED).filter((name) =>
  existsSync(join(GENERATED, name, 'mortise.lock.json')),
);

test('every rules file of the sample has its service', () => {
  const rules = readdirSync(join(ROOT, 'specs')).filter((name) => name.endsWith('.rules.yaml'));

  expect(services.map((name) => readRulesName(name)).toSorted()).toEqual(rules.toSorted());
});

test.for(services)('%s is what its rules give; if not, run: npm run gen', async (name) => {
  let text = '';
  const rules = [join(ROOT, 'specs', readRulesName(name))];
  const args = {
    rules,
    check: true,
    full: true,
    force: false,
    vendorRuntime: false,
    output: undefined,
    format: 'text',
  } as const;
  const exitCode = await gen(createNodeHost(), ROOT, args, (part) => {
    text += part;
  });

  expect({ exitCode, text }, text).toMatchObject({ exitCode: 0 });
});

test.for(services)('%s type-checks under its own settings', async (name) => {
  expect(await runProcess(['tsc', '--noEmit'], join(GENERATED, name))).toMatchObject({ code: 0, text: '' });
});

test.for(services)('the tests of %s pass', async (name) => {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-report-'));
  try {
    const report = join(folder, 'report.json');
    const command = ['vitest', 'run', ...ONE_BY_ONE, '--reporter=json', `--outputFile=${report}`];
    const { code, text } = await runProcess(command, join(GENERATED, name));
    const counts = JSON.parse(readFileSync(report, 'utf8')) as VitestReport;

    expect(code, text).toBe(0);
    expect(counts.numPassedTests).toBe(counts.numTotalTests);
    expect(counts.numTotalTests).toBeGreaterThan(20);
    process.stdout.write(
      `${name}: ${counts.numPassedTests} tests in ${counts.testResults.length} files passed\n`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

interface VitestReport {
  readonly numTotalTests: number;
  readonly numPassedTests: number;
  readonly testResults: readonly unknown[];
}

/** The rules file is an input of the lock, beside the descriptions. */
function readRulesName(name: string): string {
  const lock = JSON.parse(readFileSync(join(GENERATED, name, 'mortise.lock.json'), 'utf8')) as {
    readonly inputs: object;
  };
  return Object.keys(lock.inputs).find((path) => path.endsWith('.rules.yaml')) ?? '';
}
