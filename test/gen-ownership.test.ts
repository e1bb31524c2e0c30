import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSampleProject, OUTPUT, RULES } from './sample-project.ts';
import type { SampleProject } from './sample-project.ts';

let project: SampleProject;
const flow = 'src/flows/customers.ts';

beforeEach(() => {
  project = createSampleProject();
});
afterEach(() => project.remove());

test('a check of what gen wrote passes, from the lock and in full', async () => {
  await project.gen();

  expect(await project.gen({ check: true })).toEqual({
    exitCode: 0,
    text: `${RULES}: nothing has changed (from the lock)\n`,
  });
  const full = await project.gen({ check: true, full: true });
  expect(full.exitCode).toBe(0);
  expect(full.text).toContain('as the rules say');
});

test('a check says which files a changed rule would change, and writes nothing', async () => {
  await project.gen();
  const before = project.readOutput();
  project.edit(RULES, 'every: 5m', 'every: 10m');

  const { exitCode, text } = await project.gen({ check: true });

  expect(exitCode).toBe(1);
  expect(text).toContain(`${OUTPUT}/${flow}:1:1 error output-changed`);
  expect(text).toContain('-    everyMs: 300_000,\n+    everyMs: 600_000,');
  expect(project.readOutput()).toEqual(before);
});

test('a check names a missing file', async () => {
  await project.gen();
  const before = listOutput();
  rmSync(join(project.folder, OUTPUT, flow));

  const { exitCode, text } = await project.gen({ check: true });

  expect(exitCode).toBe(1);
  expect(text).toContain(`${OUTPUT}/${flow}:1:1 error output-missing`);
  expect(listOutput()).toEqual(before.filter((path) => path !== flow));
});

test('a file that the rules no longer make is named by the check and removed by gen', async () => {
  const rules = project.read(RULES);
  project.write(RULES, addFlow(rules, 'members'));
  await project.gen();
  expect(listOutput()).toContain('src/flows/members.ts');
  project.write(RULES, rules);

  const { exitCode, text } = await project.gen({ check: true });

  expect(exitCode).toBe(1);
  expect(text).toContain(`${OUTPUT}/src/flows/members.ts:1:1 error output-orphaned`);
  expect(listOutput()).toContain('src/flows/members.ts');
  expect((await project.gen()).exitCode).toBe(0);
  expect(listOutput().filter((path) => path.includes('members') && !path.startsWith('recordings/'))).toEqual(
    [],
  );
});

test('an orphan that was edited by hand is kept', async () => {
  const rules = project.read(RULES);
  project.write(RULES, addFlow(rules, 'members'));
  await project.gen();
  project.write(RULES, rules);
  project.edit(`${OUTPUT}/src/flows/members.ts`, 'members', 'everybody');

  const { exitCode, text } = await project.gen();

  expect(exitCode).toBe(1);
  expect(text).toContain(`${OUTPUT}/src/flows/members.ts:1:1 error hand-edited`);
  expect(listOutput()).toContain('src/flows/members.ts');
});

test('a hand-edited file stops gen with a diff until it is forced', async () => {
  await project.gen();
  const clean = project.readOutput();
  project.edit(`${OUTPUT}/${flow}`, 'everyMs: 300_000', 'everyMs: 1');
  project.edit(RULES, 'Australia: AUD', 'Australia: NZD');
  const edited = project.readOutput();

  const stopped = await project.gen();

  expect(stopped.exitCode).toBe(1);
  expect(stopped.text).toContain('-    everyMs: 1,\n+    everyMs: 300_000,');
  expect(stopped.text).toContain(`${OUTPUT}/${flow}:1:1 error hand-edited`);
  expect(project.readOutput()).toEqual(edited);
  expect((await project.gen({ check: true })).text).toContain('error hand-edited');
  expect((await project.gen({ force: true })).exitCode).toBe(0);
  expect(project.readOutput().get(flow)).toBe(clean.get(flow));
});

test('a file that is no longer text counts as edited by hand', async () => {
  await project.gen();
  writeFileSync(join(project.folder, OUTPUT, flow), Buffer.from([0x61, 0xff]));

  const { exitCode, text } = await project.gen();

  expect(exitCode).toBe(1);
  expect(text).toContain(`${OUTPUT}/${flow}:1:1 error hand-edited`);
});

test('a file of somebody else at a path that gen wants stops it', async () => {
  await project.gen();
  project.write(`${OUTPUT}/src/flows/members.ts`, 'export const mine = 1;\n');
  project.write(RULES, addFlow(project.read(RULES), 'members'));

  const { exitCode, text } = await project.gen();

  expect(exitCode).toBe(1);
  expect(text).toContain(`${OUTPUT}/src/flows/members.ts:1:1 error hand-edited`);
  expect(project.read(`${OUTPUT}/src/flows/members.ts`)).toBe('export const mine = 1;\n');
});

test('what is the client’s is never changed or removed', async () => {
  await project.gen();
  const mine = [
    'custom/sign.ts',
    'recordings/customers/1-read.json',
    'recordings/other.json',
    '.env',
    'data/store.sqlite',
  ];
  for (const path of mine) project.write(`${OUTPUT}/${path}`, 'mine\n');
  // Even a lock that claims them as its own does not make them Mortise's.
  const lock = JSON.parse(project.read(`${OUTPUT}/mortise.lock.json`));
  const hash = '1bbf73d5e93f6b5dd1e9fa54bd6c8d1be4eb5b4c4d4f5a4ec0b6d9a8b9fef6d1';
  lock.files = {
    ...lock.files,
    'custom/sign.ts': hash,
    '../../specs/crm-to-ledger.rules.yaml': lock.inputs['crm-to-ledger.rules.yaml'],
  };
  project.write(`${OUTPUT}/mortise.lock.json`, JSON.stringify(lock));
  project.edit(RULES, 'every: 5m', 'every: 10m');

  const { exitCode } = await project.gen({ force: true });

  expect(exitCode).toBe(0);
  for (const path of mine) expect(project.read(`${OUTPUT}/${path}`)).toBe('mine\n');
  expect(existsSync(join(project.folder, RULES))).toBe(true);
});

test('a stub in custom/ is written once, kept as it was edited, and made again where it is missing', async () => {
  const stub = `${OUTPUT}/custom/auth-crm.ts`;
  const bearer = 'auth: { kind: bearer, token: $CRM_TOKEN }';
  project.edit(RULES, bearer, 'auth: { kind: custom, settings: { secret: $CRM_SECRET } }');
  expect((await project.gen()).exitCode).toBe(0);
  const before = project.read(stub);
  expect(before).toContain('custom/auth-crm.ts is not written yet');
  expect(project.read(`${OUTPUT}/mortise.lock.json`)).not.toContain('custom/');

  project.write(stub, 'mine\n');
  for (const args of [{ check: true }, { check: true, full: true }, {}, { force: true }])
    expect((await project.gen(args)).exitCode).toBe(0);
  expect(project.read(stub)).toBe('mine\n');

  rmSync(join(project.folder, stub));
  expect((await project.gen()).exitCode).toBe(0);
  expect(project.read(stub)).toBe(before);

  // What no rule asks for any more is the client's to remove.
  project.edit(RULES, 'auth: { kind: custom, settings: { secret: $CRM_SECRET } }', bearer);
  expect((await project.gen()).exitCode).toBe(0);
  expect(project.read(stub)).toBe(before);
});

test('a folder that is not empty and not Mortise’s is refused', async () => {
  project.write(`${OUTPUT}/notes.txt`, 'mine\n');

  const { exitCode, text } = await project.gen();

  expect(exitCode).toBe(1);
  expect(text).toContain(`${RULES}:4:9 error output-not-ours`);
  expect(listOutput()).toEqual(['notes.txt']);
});

test.each([
  ['is missing', undefined],
  ['was damaged by a merge', '<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> theirs\n'],
])('a folder whose lock %s is written anew only where nothing differs, or by force', async (_what, text) => {
  await project.gen();
  const whole = new Map(project.readOutput());
  const lock = `${OUTPUT}/mortise.lock.json`;
  const lose = (): void => {
    if (text === undefined) rmSync(join(project.folder, lock));
    else project.write(lock, text);
  };

  lose();
  const checked = await project.gen({ check: true });
  expect(checked.exitCode).toBe(1);
  expect(checked.text).toContain(`${RULES}:4:9 error output-lock-lost`);
  expect((await project.gen()).exitCode).toBe(0);
  expect(new Map(project.readOutput())).toEqual(whole);

  lose();
  project.write(`${OUTPUT}/${flow}`, '// by hand\n');
  const refused = await project.gen();
  expect(refused.exitCode).toBe(1);
  expect(refused.text).toContain('1 file is not what the rules give');
  expect(project.read(`${OUTPUT}/${flow}`)).toBe('// by hand\n');
  expect((await project.gen({ force: true })).exitCode).toBe(0);
  expect(new Map(project.readOutput())).toEqual(whole);
});

test('a folder that holds the service of another integration is refused', async () => {
  await project.gen();
  const before = [...project.readOutput()];
  project.edit(RULES, 'integration: crm-to-ledger', 'integration: another');

  const { exitCode, text } = await project.gen();

  expect(exitCode).toBe(1);
  expect(text).toContain(`${RULES}:4:9 error output-taken`);
  expect([...project.readOutput()]).toEqual(before);
});

test.for(['.', '..', '../specs', '../..'])(
  'an output folder that holds the rules is refused: %s',
  async (output) => {
    project.edit(RULES, '../generated/crm-to-ledger', output);

    const { exitCode, text } = await project.gen();

    expect(exitCode).toBe(1);
    expect(text).toContain(`${RULES}:4:9 error output-outside`);
  },
);

function listOutput(): string[] {
  return [...project.readOutput().keys()];
}

/** The rules with a second flow that does what the first does, to the same objects, which somebody answers for. */
function addFlow(rules: string, name: string): string {
  const [head = '', alerts = ''] = rules.split(/^(?=alerts:)/m);
  const added = head.slice(head.indexOf('  customers:')).replace('  customers:', `  ${name}:`);
  const allow = `allow:\n  - { code: shared-object, at: 'flows.${name}.to[0].write', because: It is a test., until: 2099-12-31 }\n`;
  return `${head.trimEnd()}\n${added.trimEnd()}\n\n${allow}\n${alerts}`;
}

test('a synthetic recording follows the rules, and makes room where the call was recorded', async () => {
  await project.gen();
  const read = `${OUTPUT}/recordings/customers/1-read.json`;
  const write = `${OUTPUT}/recordings/customers/3-write.json`;
  const real = `${OUTPUT}/recordings/customers/1-read-01.json`;
  const made = project.read(read);
  project.edit(write, '"status": 200', '"status": 201');
  project.write(`${OUTPUT}/recordings/customers/2-find-gone.json`, '{"synthetic":true,"role":"find"}');

  const check = await project.gen({ check: true, full: true });
  await project.gen();

  expect(check.text).toContain('3-write.json:1:1 error output-changed');
  expect(check.text).toContain('2-find-gone.json:1:1 error output-orphaned');
  expect(project.read(write)).toContain('"status": 200');
  expect(listOutput().some((path) => path.includes('2-find-gone'))).toBe(false);

  // The same call as it really was: its synthetic copies go, the others stay.
  project.write(real, made.replace('"synthetic": true,', ''));
  await project.gen();

  expect(listOutput().filter((path) => path.startsWith('recordings/'))).toEqual([
    'recordings/customers/1-read-01.json',
    'recordings/customers/3-write.json',
  ]);
  expect(project.read(real)).toBe(made.replace('"synthetic": true,', ''));
});
