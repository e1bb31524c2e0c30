import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { check } from '../compiler/src/cli/commands/check.ts';
import { decisions } from '../compiler/src/cli/commands/decisions.ts';
import { explain } from '../compiler/src/cli/commands/explain.ts';
import { catalog } from '../compiler/src/diagnostics/catalog.ts';
import { checkIntegration } from '../compiler/src/pipeline.ts';
import { createNodeHost } from '../compiler/src/source/node-host.ts';
import { inheritEnvironment } from './inherited-environment.ts';
import { createSampleProject, RULES, runMortise } from './sample-project.ts';
import type { SampleProject } from './sample-project.ts';

const host = createNodeHost();
const broken = 'specs/broken.rules.yaml';
let project: SampleProject;

beforeAll(async () => {
  project = createSampleProject();
  await project.gen();
  const rules = project
    .read(RULES)
    .replace('=source.id', '=source.idd')
    .replace('order: oldest-first', 'order: oldest');
  project.write(
    broken,
    rules.replace('integration: crm-to-ledger', 'integration: broken').replace('later:', 'latter:'),
  );
});
afterAll(() => project.remove());

test('the exit code is 0 when all is well', () => {
  expect(runMortise(project.folder, ['check', RULES])).toEqual({
    exitCode: 0,
    stdout: `${RULES}: no open decision\n`,
    stderr: '',
  });
  expect(runMortise(project.folder, ['gen', '--check', RULES])).toMatchObject({ exitCode: 0, stderr: '' });
  expect(runMortise(project.folder, ['--version'])).toEqual({ exitCode: 0, stdout: '0.1.0\n', stderr: '' });
  expect(runMortise(project.folder, ['--help']).exitCode).toBe(0);
});

test.for(['check', 'gen', 'decisions'])('the exit code of %s is 1 when there is a finding', (command) => {
  const run = runMortise(project.folder, [command, broken]);

  expect(run).toMatchObject({ exitCode: 1, stderr: '' });
  expect(run.stdout).toContain(`${broken}:`);
});

test.for([
  [[], 'Say what to do'],
  [['generate'], 'Unknown argument: generate'],
  [['gen', '--fast'], 'Unknown argument: fast'],
  [['gen', '--format', 'xml'], 'Invalid values'],
  [['explain'], 'Say what to explain: a code, a key of the rules, --call or --field.'],
] as const)('the exit code of `mortise %j` is 2, and usage is shown', ([args, message]) => {
  const run = runMortise(project.folder, args, { LANG: 'de_DE.UTF-8' });

  expect(run).toMatchObject({ exitCode: 2, stdout: '' });
  expect(run.stderr).toContain(message);
  expect(run.stderr).toMatch(/^mortise(?: gen \[rules\.\.\]| explain \[what\.\.\]| <command>)$/m);
  expect(run.stderr).not.toMatch(/^ {4}at /m);
});

test.for(['gen', 'check', 'decisions'])('%s in a folder without rules says so', (command) => {
  const run = runMortise(import.meta.dirname, [command]);

  expect(run.exitCode).toBe(2);
  expect(run.stdout).toContain('There is no rules file');
});

test('a rules file that is not UTF-8 is a finding, also for a check from the lock', () => {
  writeFileSync(join(project.folder, 'specs/odd.rules.yaml'), Buffer.from([0x6f, 0x75, 0x74, 0xff, 0xfe]));

  const run = runMortise(project.folder, ['gen', '--check', 'specs/odd.rules.yaml']);

  expect(run).toMatchObject({ exitCode: 1, stderr: '' });
  expect(run.stdout).toContain('specs/odd.rules.yaml:1:1 error file-unreadable');
});

test.for(Object.keys(catalog))('%s is explained', (code) => {
  const printed: string[] = [];

  expect(explain(host, code, (text) => void printed.push(text))).toBe(0);
  expect(printed.join('')).toMatch(new RegExp(`^# ${code}\n`));
});

test.for([
  ['upsert', 'once'],
  ['look-up', 'once'],
  ['defer', 'calls[]'],
] as const)('the word %s of the rules is explained by the keys that take it', ([word, section]) => {
  const printed: string[] = [];

  expect(explain(host, word, (text) => void printed.push(text))).toBe(0);
  expect(printed.join('')).toContain(`"${word}" is a word that stands here`);
  expect(printed.join('')).toContain(section);
});

test('a code that is misspelt is not explained, and the right one is suggested', () => {
  const printed: string[] = [];

  expect(explain(host, 'unmaped', (text) => void printed.push(text))).toBe(2);
  expect(printed.join('')).toContain('Did you mean "unmapped"?');
});

test('every gate that was met is printed with its decision and its place', async () => {
  const [checked] = await checkIntegration(host, host.resolve(project.folder, RULES));
  const printed: string[] = [];
  const exitCode = await decisions(
    host,
    project.folder,
    { rules: [RULES], format: 'text' },
    (text) => void printed.push(text),
  );
  const register = checked?.register ?? [];

  expect(exitCode).toBe(0);
  expect(printed).toHaveLength(register.length);
  register.forEach((entry, index) => {
    expect(printed[index]).toMatch(
      /^\S+ +\S.*: .+ \((?:rules|policy), specs\/crm-to-ledger\.rules\.yaml:[1-9]\d*\)(?: – .+)?\n$/,
    );
    expect(printed[index]?.startsWith(`${entry.gate.padEnd(8)} ${entry.subject}: ${entry.chosen} `)).toBe(
      true,
    );
  });
  expect(new Set(register.map(({ gate }) => gate)).size).toBeGreaterThanOrEqual(8);
});

test('decisions for machines are one JSON object a line', async () => {
  const printed: string[] = [];
  await decisions(
    host,
    project.folder,
    { rules: [RULES], format: 'json' },
    (text) => void printed.push(text),
  );
  const entries = readLines(printed.join(''));

  expect(entries.length).toBeGreaterThan(8);
  for (const entry of entries)
    expect(entry).toMatchObject({
      gate: expect.any(String),
      chosen: expect.any(String),
      origin: expect.stringMatching(/:\d+$/),
    });
});

test.for(['check', 'gen'] as const)(
  'findings of %s for machines are one JSON object a line',
  async (command) => {
    const { exitCode, text } = await runIn(command, broken, 'json');
    const findings = readLines(text);

    expect(exitCode).toBe(1);
    expect(findings.length).toBeGreaterThan(1);
    for (const finding of findings) {
      expect(finding).toMatchObject({
        severity: 'error',
        file: broken,
        line: expect.any(Number),
        column: expect.any(Number),
      });
      expect(Object.keys(catalog)).toContain(finding['code']);
    }
  },
);

test.for(['check', 'gen'] as const)('findings of %s for GitHub are workflow commands', async (command) => {
  const { text } = await runIn(command, broken, 'github');
  const lines = text.trimEnd().split('\n');

  expect(lines.length).toBeGreaterThan(1);
  for (const line of lines)
    expect(line).toMatch(
      /^::error file=specs\/broken\.rules\.yaml,line=\d+,col=\d+,endLine=\d+,title=[a-z-]+::.+$/,
    );
});

test.for(['json', 'github'] as const)(
  'where nothing is wrong, --format %s prints nothing else',
  async (format) => {
    expect(await runIn('check', RULES, format)).toEqual({ exitCode: 0, text: '' });
    expect(await runIn('gen', RULES, format)).toEqual({ exitCode: 0, text: '' });
    expect(await project.gen({ rules: [RULES], check: true, format })).toEqual({ exitCode: 0, text: '' });
  },
);

async function runIn(command: 'check' | 'gen', rules: string, format: 'json' | 'github') {
  if (command === 'gen') return project.gen({ rules: [rules], format });
  let text = '';
  const exitCode = await check(host, project.folder, { rules: [rules], format }, (part) => {
    text += part;
  });
  return { exitCode, text };
}

function readLines(text: string): Record<string, unknown>[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('a status that is no number is told so', () => {
  const asked = runMortise(project.folder, ['explain', '--call', 'crm.read', '--status', 'abc', RULES]);

  expect(asked).toMatchObject({ exitCode: 2, stdout: '--status takes a number: --status 429.\n' });
});

test('whoever reads no more of the output gets no error, and what was begun is done', () => {
  const command = join(import.meta.dirname, '../compiler/bin/mortise.js');
  const run = (args: string): string => {
    const script = `("${process.execPath}" "${command}" ${args}; echo "code $?" >&2) | true`;
    return spawnSync('sh', ['-c', script], {
      cwd: project.folder,
      encoding: 'utf8',
      env: inheritEnvironment(),
    }).stderr;
  };

  expect(run('explain rules')).toBe('code 0\n');
  expect(run(`check ${broken}`)).toBe('code 1\n');
  expect(run(`gen ${RULES} --output piped`)).toBe('code 0\n');
  const lock = JSON.parse(project.read('piped/mortise.lock.json')) as { readonly files: object };
  expect(Object.keys(lock.files).filter((path) => project.read(`piped/${path}`) === '')).toEqual([]);
});
