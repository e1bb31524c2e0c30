import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { Readable, Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { initByQuestions } from '../compiler/src/cli/commands/init.ts';
import { createClackPrompter } from '../compiler/src/cli/init/clack-prompter.ts';
import { createNodeHost } from '../compiler/src/source/node-host.ts';
import { inheritEnvironment } from './inherited-environment.ts';
import { ROOT } from './run-process.ts';
import { runMortise } from './sample-project.ts';

const ENTER = '\r';
const DOWN = '\u001b[B';
const STOP = '\u0003';

/** A question by its words, and what is typed then. */
type Answers = readonly (readonly [question: string, keys: string])[];

const SPECS: Answers = [
  ['What is the integration called?', ENTER],
  ['of the system that is read?', `specs/hubspot/contacts.yaml${ENTER}`],
  ['of the system that is written to?', `specs/xero/accounting.yaml${ENTER}`],
];
const REST: Answers = [
  ['Which operation is read?', ENTER],
  ['Which operation writes?', ENTER],
  ['Which field names a record', ENTER],
  ['Which field tells that a record has changed?', ENTER],
  ['How is the list paged?', ENTER],
  ['Which of these does the service fill?', ENTER],
  ['Where does the service go', ENTER],
  ['Do you accept the standard answers', ENTER],
];

let folder: string;
const rules = (name = 'crm-to-ledger'): string => join(folder, `specs/${name}.rules.yaml`);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mortise-ask-'));
  cpSync(join(ROOT, 'specs'), join(folder, 'specs'), { recursive: true });
  rmSync(rules());
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test(
  'the questions and the flags that are printed at the end give the same rules',
  { timeout: 120_000 },
  async () => {
    const { exitCode, text, unasked } = await ask([...SPECS, ...REST]);

    expect({ exitCode, unasked }).toEqual({ exitCode: 0, unasked: [] });
    const asked = readFileSync(rules(), 'utf8');
    expect(asked).toContain('policy: standard\n');
    const command = /^mortise (init .*)$/m.exec(text)?.[1] ?? '';
    expect(command).toContain(
      "--source crm=specs/hubspot/contacts.yaml --target ledger=specs/xero/accounting.yaml --read 'POST /crm/v3/objects/contacts/search' --write 'POST /Contacts' --key id --changed updatedAt",
    );
    rmSync(rules());
    expect(runMortise(folder, splitWords(command))).toMatchObject({ exitCode: 0, stderr: '' });
    expect(readFileSync(rules(), 'utf8')).toBe(asked);
  },
);

test('what is chosen otherwise stands in the rules', { timeout: 120_000 }, async () => {
  const { exitCode } = await ask([
    ['What is the integration called?', `${'\u007f'.repeat(13)}people${ENTER}`],
    ...SPECS.slice(1),
    ['Which operation is read?', ENTER],
    ['Which operation writes?', ENTER],
    ['Which field names a record', ENTER],
    ['Which field tells that a record has changed?', `${DOWN}${ENTER}`],
    ['How is the list paged?', `${DOWN}${ENTER}`],
    // The first of the pairs is left out.
    ['Which of these does the service fill?', ` ${ENTER}`],
    ['Where does the service go', `-2${ENTER}`],
    ['Do you accept the standard answers', `${DOWN}${ENTER}`],
  ]);

  expect(exitCode).toBe(0);
  const text = readFileSync(rules('people'), 'utf8');
  expect(text).toContain('integration: people\n');
  expect(text).toContain('output: ../generated/people-2\n');
  expect(text).toContain('# TODO policy: standard');
  expect(text).toContain('# TODO pages:');
  expect(text).not.toMatch(/version: updatedAt/);
});

test('a path that leads nowhere is asked for again, with what is wrong', async () => {
  const { text, exitCode } = await ask([
    ['What is the integration called?', ENTER],
    ['of the system that is read?', `nowhere.yaml${ENTER}`],
    ['There is no file nowhere.yaml.', STOP],
  ]);

  expect(exitCode).toBe(1);
  expect(text).toContain('Stopped: nothing was written.');
});

test.for([...SPECS, ...REST].map(([question], index) => [question, index] as const))(
  'whoever stops at "%s" has written nothing',
  async ([question, index]) => {
    const before = [...SPECS, ...REST].slice(0, index);
    const { exitCode, text } = await ask([...before, [question, STOP]]);

    expect(exitCode).toBe(1);
    expect(text).toContain('Stopped: nothing was written.');
    expect(existsSync(rules())).toBe(false);
  },
);

test('what the flags say is not asked', async () => {
  const given = {
    name: 'crm-to-ledger',
    source: ['crm=specs/hubspot/contacts.yaml'],
    target: ['ledger=specs/xero/accounting.yaml'],
    leaveOut: [],
    policy: 'later',
  };
  const { exitCode, text, unasked } = await ask(
    REST.filter(([question]) => !/fill|accept/.test(question)),
    given,
  );

  expect({ exitCode, unasked }).toEqual({ exitCode: 0, unasked: [] });
  expect(text).not.toMatch(/What is the integration called|Which of these|Do you accept/);
});

test('where nobody can be asked, what is missing is named', () => {
  expect(runMortise(folder, ['init'])).toMatchObject({
    exitCode: 2,
    stdout:
      'Give a name, --source and --target; on a terminal "mortise init" asks. See mortise init --help.\n',
  });
});

/** `script` of util-linux gives a program a terminal of its own. */
const hasScript =
  spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') === true;
if (!hasScript)
  process.stdout.write(
    'Skipped: there is no `script` of util-linux here, so no real terminal is asked on.\n',
  );

test.skipIf(!hasScript)(
  'on a real terminal it asks, and writes what was answered',
  { timeout: 120_000 },
  async () => {
    // A terminal without a size would show one letter a line.
    const command = `stty cols 100 rows 40; ${process.execPath} ${join(ROOT, 'compiler/bin/mortise.js')} init`;
    const { CI: _ci, ...environment } = inheritEnvironment() as Record<string, string | undefined>;
    const child = spawn('script', ['-qefc', command, '/dev/null'], {
      cwd: folder,
      env: { ...environment, TERM: 'xterm' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const ended = new Promise<number | null>((resolve) => {
      child.on('close', resolve);
    });
    const seen = answer(child.stdout, child.stdin, [...SPECS, ...REST]);

    expect(await ended, seen.text()).toBe(0);
    expect(seen.unasked()).toEqual([]);
    expect(readFileSync(rules(), 'utf8')).toContain('integration: crm-to-ledger\n');
  },
);

/** Types each answer when its question stands on the screen. */
function answer(screen: Readable, keyboard: Writable, answers: Answers) {
  let text = '';
  let from = 0;
  const left = [...answers];
  screen.on('data', (chunk: Buffer) => {
    text += stripVTControlCharacters(chunk.toString());
    const [next] = left;
    const at = next === undefined ? -1 : text.indexOf(next[0], from);
    if (next === undefined || at === -1) return;
    from = at + next[0].length;
    left.shift();

    // Once the question is drawn, its keys are listened to.
    setImmediate(() => typeKeys(keyboard, next[1]));
  });
  return { text: () => text, unasked: () => left.map(([question]) => question) };
}

/** Key by key, as a terminal sends them. */
function typeKeys(keyboard: Writable, keys: string): void {
  for (const key of keys.match(/\u001b\[[A-Z]|[\s\S]/g) ?? []) keyboard.write(key);
}

async function ask(answers: Answers, given: Parameters<typeof initByQuestions>[2] = {}) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const seen = answer(output, input, answers);
  const prompter = await createClackPrompter({ input, output });
  const exitCode = await initByQuestions(createNodeHost(), folder, given, prompter, (part) => {
    output.write(part);
  });
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  return { exitCode, text: seen.text(), unasked: seen.unasked() };
}

function splitWords(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '');
}
