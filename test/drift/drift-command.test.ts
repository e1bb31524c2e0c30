import { execFileSync } from 'node:child_process';
import { afterEach, expect, test } from 'vitest';
import { drift } from '../../compiler/src/cli/commands/drift.ts';
import type { DriftArgs } from '../../compiler/src/cli/commands/drift.ts';
import { createNodeHost } from '../../compiler/src/source/node-host.ts';
import { createSampleProject, OUTPUT, RULES, runMortise } from '../sample-project.ts';
import type { SampleProject } from '../sample-project.ts';

const CRM = 'specs/hubspot/contacts.yaml';
const LEDGER = 'specs/xero/accounting.yaml';

const projects: SampleProject[] = [];
afterEach(() => {
  for (const project of projects.splice(0)) project.remove();
});

function createProject(): SampleProject {
  const project = createSampleProject();
  projects.push(project);
  return project;
}

function git(project: SampleProject, ...args: readonly string[]): void {
  const who = ['-c', 'user.name=a', '-c', 'user.email=a@b.c', '-c', 'commit.gpgsign=false'];
  execFileSync('git', ['-C', project.folder, ...who, ...args], { stdio: 'pipe' });
}

/** A project whose descriptions are committed. */
function createCommitted(): SampleProject {
  const project = createProject();
  git(project, 'init', '-q');
  git(project, 'add', '.');
  git(project, 'commit', '-q', '-m', 'as they are');
  return project;
}

/** The command without a process of its own. */
async function runDrift(project: SampleProject, args: Partial<DriftArgs> = {}) {
  const defaults = { rules: [], from: 'HEAD', failOn: 'MEANING', all: false, recordings: false } as const;
  let stdout = '';
  const exitCode = await drift(
    createNodeHost(),
    project.folder,
    { ...defaults, format: 'text', ...args },
    (text) => {
      stdout += text;
    },
  );
  return { exitCode, stdout };
}

/** The name of a contact may have fewer characters: the mapping can exceed them. */
function tighten(project: SampleProject, file = LEDGER): void {
  const name = 'description: Name of the organisation or person; 255 characters or fewer.';
  project.edit(file, `${name}\n          maxLength: 255`, `${name}\n          maxLength: 10`);
}

test('descriptions that are as they were are no drift', () => {
  const project = createCommitted();

  expect(runMortise(project.folder, ['drift'])).toEqual({
    exitCode: 0,
    stdout: `${RULES}: nothing that the rules use has changed since HEAD\n`,
    stderr: '',
  });
});

test('against a commit, the new place, the old place and the lines of the rules are shown', async () => {
  const project = createCommitted();
  tighten(project);
  const run = await runDrift(project, { rules: [RULES] });

  expect(run.exitCode).toBe(1);
  expect(run.stdout).toMatch(
    /^specs\/xero\/accounting\.yaml:\d+:22 error drift-wire: VQ9: the body of POST \/Contacts: Contacts\[\]\.Name has maxLength 10, and had 255\. Run "mortise gen"/,
  );
  expect(run.stdout).toMatch(/^ +\d+ \| +maxLength: 10\n/m);
  expect(run.stdout).toMatch(
    /^ {2}HEAD:specs\/xero\/accounting\.yaml:\d+:22 as it was\n +\d+ \| +maxLength: 255\n/m,
  );
  expect(run.stdout).toMatch(
    /^ {2}specs\/crm-to-ledger\.rules\.yaml:\d+:11 flows\.customers\.to\[0\]\.map\.Name sends it\n/m,
  );
  expect(run.stdout).toMatch(
    /crm-to-ledger\.rules\.yaml: 1 WIRE; \d+ more that reach nothing here \(--all lists them\)\n$/,
  );
});

test('rules that are not committed yet are held against the committed descriptions', async () => {
  const project = createCommitted();
  tighten(project);
  project.edit(
    RULES,
    '          Name:\n',
    '          FirstName: =source.properties.lastname\n          Name:\n',
  );

  expect((await runDrift(project)).stdout).toContain('Contacts[].Name has maxLength 10');
});

test('one file is compared with another', async () => {
  const project = createProject();
  project.write('beta.yaml', project.read(LEDGER));
  tighten(project, 'beta.yaml');
  const run = await runDrift(project, { system: 'ledger', from: LEDGER, to: 'beta.yaml' });

  expect(run.exitCode).toBe(1);
  expect(run.stdout).toMatch(/^beta\.yaml:\d+:22 error drift-wire: VQ9/);
  expect(run.stdout).toMatch(/^ {2}specs\/xero\/accounting\.yaml:\d+:22 as it was$/m);
  // The other way round, more is taken.
  expect((await runDrift(project, { system: 'ledger', from: 'beta.yaml' })).exitCode).toBe(0);
});

test('a file that could stand for several descriptions is refused until its system is named', async () => {
  const project = createProject();
  project.write('beta.yaml', project.read(LEDGER));
  const run = await runDrift(project, { from: 'beta.yaml' });

  expect(run.exitCode).toBe(2);
  expect(run.stdout).toContain(
    'beta.yaml could stand for several descriptions. Say of which system it is (--system, one of crm, ledger)',
  );
});

test('a folder stands for the folder of the rules, as far as it holds anything', async () => {
  const project = createProject();
  project.write('older/xero/accounting.yaml', project.read(LEDGER));
  tighten(project);
  const run = await runDrift(project, { from: 'older' });

  expect(run.exitCode).toBe(1);
  expect(run.stdout).toMatch(/^ {2}older\/xero\/accounting\.yaml:\d+:22 as it was$/m);
  expect(run.stdout).toContain(`${CRM} stands on one side only, and is compared with itself\n`);
});

test.for([
  [{ from: 'nowhere' }, '"nowhere" is no file, no folder and no commit here.\n'],
  [{ from: 'generated' }, 'generated holds none of hubspot/contacts.yaml, xero/accounting.yaml.\n'],
  [{ system: 'shop' }, 'The rules have no system "shop"; they have crm, ledger.\n'],
] as const)('usage that leads nowhere ends with 2: %j', async ([args, stdout]) => {
  const project = createCommitted();
  project.write('generated/other.yaml', 'a: 1\n');

  expect(await runDrift(project, args)).toEqual({ exitCode: 2, stdout });
});

test('a commit before there were descriptions holds none of them', async () => {
  const project = createProject();
  git(project, 'init', '-q');
  git(project, 'commit', '-q', '--allow-empty', '-m', 'nothing');
  const run = await runDrift(project);

  expect(run).toEqual({
    exitCode: 2,
    stdout: `HEAD holds none of the descriptions that ${RULES} names. Name the older descriptions with --from: a file, a folder or a commit.\n`,
  });
});

test('where there is no commit, nothing is said of one that nobody has named', async () => {
  expect(await runDrift(createProject())).toEqual({
    exitCode: 2,
    stdout:
      'There is no commit here to compare with. Name the older descriptions with --from: a file, a folder or a commit.\n',
  });
});

test.for([
  [[], 1],
  [['--fail-on', 'WIRE'], 0],
  [['--fail-on', 'SOURCE'], 1],
  [['--fail-on', 'NONE'], 2],
] as const)('from which level on it fails is chosen: %j', ([args, exitCode]) => {
  const project = createCommitted();
  // A record may lack the version by which it is read.
  project.edit(CRM, '        - updatedAt\n', '');
  const run = runMortise(project.folder, ['drift', ...args]);

  expect(run.exitCode).toBe(exitCode);
  if (exitCode < 2)
    expect(run.stdout).toMatch(exitCode === 1 ? /error drift-meaning: VA2/ : /warning drift-meaning: VA2/);
});

test('for machines, each finding is one JSON object with both places and the lines of the rules', async () => {
  const project = createCommitted();
  tighten(project);
  const { stdout } = await runDrift(project, { format: 'json', all: true });
  const findings = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

  expect(findings.length).toBeGreaterThan(1);
  expect(findings[0]).toMatchObject({
    level: 'WIRE',
    severity: 'error',
    id: 'VQ9',
    system: 'ledger',
    before: { file: `HEAD:${LEDGER}`, line: expect.any(Number), column: 22 },
    after: { file: LEDGER, line: expect.any(Number), column: 22 },
    rules: [{ path: 'flows.customers.to[0].map.Name', file: RULES, line: expect.any(Number) }],
  });
  for (const idle of findings.slice(1)) expect(idle).toMatchObject({ level: 'NONE', rules: [] });
});

test('for GitHub, each finding is an annotation at its new place that names the rules', async () => {
  const project = createCommitted();
  tighten(project);
  const { stdout } = await runDrift(project, { format: 'github' });

  expect(stdout).toMatch(
    /^::error file=specs\/xero\/accounting\.yaml,line=\d+,col=22,endLine=\d+,title=drift-wire::VQ9: .* Rules: flows\.customers\.to\[0\]\.map\.Name \(specs\/crm-to-ledger\.rules\.yaml:\d+:11\)\n$/,
  );
});

test('a description that cannot be read is a finding of its own', async () => {
  const project = createCommitted();
  project.write(CRM, 'openapi: [\n');
  const run = await runDrift(project);

  expect(run.exitCode).toBe(1);
  expect(run.stdout).toContain('spec-malformed');
});

test('recordings say what no description says', async () => {
  const project = createProject();
  await project.gen();
  git(project, 'init', '-q');
  git(project, 'add', '.');
  git(project, 'commit', '-q', '-m', 'as they are');
  const recording = `${OUTPUT}/recordings/customers/1-read.json`;
  // A recording that is made up holds what the rules read, and leaves out what else must be there.
  expect(await runDrift(project, { recordings: true })).toEqual({
    exitCode: 0,
    stdout: `1 recorded records were mapped by both sides, 0 of them otherwise\n3 recordings were compared\n${RULES}: nothing that the rules use has changed since HEAD; 2 more that reach nothing here (--all lists them)\n`,
  });

  project.edit(recording, '"updatedAt": "2026-03-04T05:06:07.890Z"', '"updatedAt": null, "archived": "no"');
  const run = await runDrift(project, { recordings: true, all: true });

  expect(run.exitCode).toBe(1);
  expect(run.stdout).toMatch(
    /^generated\/crm-to-ledger\/recordings\/customers\/1-read\.json:\d+:\d+ error drift-meaning: VR5: the answer 200 of POST \/crm\/v3\/objects\/contacts\/search: results\[\]\.updatedAt is null, and may not be/,
  );
  expect(run.stdout).toMatch(/flows\.customers\.from\.version uses it/);
  expect(run.stdout).toMatch(/none VR4: .*results\[\]\.archived is string, and is described as boolean/);
});

test.for([
  [
    'an operation',
    '"path": "/Contacts"',
    '"path": "/People"',
    'none VR2: POST /People was recorded, and is not described',
  ],
  [
    'a status',
    '"status": 200',
    '"status": 418',
    'error drift-meaning: VR3: the answer 418 of POST /Contacts',
  ],
  ['no exchange', '"status": 200', '"status": "ok"', 'error drift-wire: VR1: a recording cannot be read'],
] as const)('%s that nobody described is found in a recording', async ([, from, to, message]) => {
  const project = createProject();
  await project.gen();
  project.edit(`${OUTPUT}/recordings/customers/3-write.json`, from, to);
  const args = { recordings: true, all: true, system: 'ledger', from: LEDGER } as const;

  expect((await runDrift(project, args)).stdout).toContain(message);
});

test('what recorded records become by the newer descriptions is shown field by field', async () => {
  const project = createProject();
  await project.gen();
  git(project, 'init', '-q');
  git(project, 'add', '.');
  git(project, 'commit', '-q', '-m', 'as they are');
  tighten(project);

  expect((await runDrift(project, { recordings: true })).stdout).toContain(
    'customers.contact, record 1001: Name "Sample company" → "Sample com"\n1 recorded records were mapped by both sides, 1 of them otherwise\n',
  );
  const { stdout } = await runDrift(project, { recordings: true, format: 'json' });
  expect(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')).toEqual({
    kind: 'record',
    flow: 'customers',
    target: 'contact',
    key: '1001',
    fields: [{ field: 'Name', before: '"Sample company"', after: '"Sample com"' }],
  });
});
