import { execFileSync } from 'node:child_process';
import { afterEach, expect, test } from 'vitest';
import { createSampleProject, RULES, runMortise } from './sample-project.ts';
import type { SampleProject } from './sample-project.ts';

const projects: SampleProject[] = [];
afterEach(() => {
  for (const project of projects.splice(0)) project.remove();
});

/** A project whose rules are committed. */
function createCommitted(): SampleProject {
  const project = createSampleProject();
  projects.push(project);
  const git = (...args: readonly string[]): void =>
    void execFileSync('git', ['-C', project.folder, '-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args]);
  git('init', '-q');
  git('add', '.');
  git('commit', '-q', '-m', 'the rules');
  return project;
}

function change(project: SampleProject, from: string, to: string): void {
  const rules = project.read(RULES);
  expect(rules).toContain(from);
  project.write(RULES, rules.replace(from, to));
}

test('decisions --diff says what is decided otherwise than at a commit, and nothing else', () => {
  const project = createCommitted();
  change(project, 'left: review', 'left: ignore');
  change(project, ', blank: drop }', ' }');
  const run = runMortise(project.folder, ['decisions', '--diff', 'HEAD', RULES]);
  expect(run.exitCode).toBe(0);
  const lines = run.stdout.trim().split('\n');
  expect(lines.filter((line) => line.includes('no longer kept'))).toHaveLength(1);
  expect(run.stdout).toMatch(
    /^changed {2}later {4}customers, a record is no longer kept: review \(rules\) → ignore \(rules, /m,
  );
  expect(run.stdout).toMatch(/^changed {2}blank .*PhoneNumber.*: drop \(rules\) → omit \(policy, /m);
  expect(lines).toHaveLength(2);
});

test('decisions --diff of rules that have not changed says so', () => {
  const project = createCommitted();
  expect(runMortise(project.folder, ['decisions', '--diff', 'HEAD', RULES])).toEqual({
    exitCode: 0,
    stdout: `${RULES}: everything is decided as at HEAD\n`,
    stderr: '',
  });
});

test('decisions --diff of a commit that is none says so', () => {
  const project = createCommitted();
  expect(runMortise(project.folder, ['decisions', '--diff', 'nowhere', RULES])).toEqual({
    exitCode: 2,
    stdout: 'git knows no commit "nowhere" here.\n',
    stderr: '',
  });
});

test('decisions --deny-inherited fails for each decision of a gate that a policy took', () => {
  const project = createCommitted();
  const run = runMortise(project.folder, ['decisions', '--deny-inherited', 'blank', '--', RULES]);
  expect(run.exitCode).toBe(1);
  expect(run.stdout).toMatch(
    /"blank" of customers\.contact\.EmailAddress.* is inherited \(omit\); write it here/,
  );
  expect(runMortise(project.folder, ['decisions', '--deny-inherited', 'once', '--', RULES]).exitCode).toBe(0);
});
