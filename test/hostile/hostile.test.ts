import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkIntegration } from '../../compiler/src/pipeline.ts';
import { createMemoryHost } from '../../compiler/src/source/memory-host.ts';
import { createNodeHost } from '../../compiler/src/source/node-host.ts';
import { createSeededRandom } from '../simulators/seeded-random.ts';
import { BOMBS, render } from './bombs.ts';
import { BOUND_MS, LIMIT_MB } from './bounds.ts';
import { callEmissions } from './call-emissions.ts';
import { compileHostile } from './compile-hostile.ts';
import { createLimitedCompiler } from './compile-limited.ts';
import { ESCAPES } from './expressions.ts';
import { createHostileProject } from './hostile-project.ts';
import { PAYLOADS } from './payloads.ts';
import { POSITIONS } from './positions.ts';
import { createHostileReport, runTogether } from './run-hostile.ts';
import { setOffBombs } from './set-off-bombs.ts';

/** A seeded sample; `npm run hostile` runs every text in every place. */
const random = createSeededRandom(20260105);
const draw = <T>(values: readonly T[], share: number): T[] => values.filter(() => random.next() < share);
const TOGETHER = POSITIONS.filter(({ alone }) => !alone);
const ALONE = POSITIONS.filter(({ alone }) => alone);

test(
  'no text leaves its place in what is emitted, and none makes the compiler fail',
  { timeout: 600_000 },
  async () => {
    const report = createHostileReport();
    const compiler = createLimitedCompiler();
    for (const payload of draw(PAYLOADS, 0.25)) await runTogether(compiler, report, payload, TOGETHER);
    const pairs = ALONE.flatMap((position) => PAYLOADS.map((payload) => ({ position, payload })));
    for (const { position, payload } of draw(pairs, 0.002))
      await runTogether(compiler, report, payload, [position]);
    await compiler.close();

    expect(report.crashes).toEqual([]);
    expect(report.escapes).toEqual([]);
    expect(report.cases).toBeGreaterThan(2000);
    expect(report.emitted).toBeGreaterThan(2000);
    expect(report.worstMs).toBeGreaterThan(0);
    expect(report.worstMb).toBeGreaterThan(0);
    expect(report.worstMb).toBeLessThan(LIMIT_MB);
    const called = await callEmissions(report.emissions);
    expect(called.escapes).toEqual([]);
    expect(called.problems).toEqual([]);
    expect(called.modules).toBeGreaterThan(50);
    expect(called.calls).toBeGreaterThan(500);
  },
);

test('texts that only look dangerous come out as they went in', async () => {
  const project = createHostileProject();
  const { map } = project.rules.flows.contacts.to[0];
  map.code = 'Asia/Tokyo';
  map.lines.map.mark = 'C:\\logs\\';
  const { files } = await compileHostile(project);
  const text = files.get('src/mappings/contacts-entry.ts');

  expect(text).toContain("code: 'Asia/Tokyo'");
  expect(text).toContain(String.raw`mark: 'C:\\logs\\'`);
});

test('no expression leads out of the list of what is allowed', { timeout: 300_000 }, async () => {
  const project = createHostileProject();
  // Beside one another, so that each must have a finding of its own.
  project.rules.flows.contacts.to[0].map.name.value = ESCAPES.map((text) => `=${text}`);
  const entry = '/project/contacts.rules.yaml';
  const texts = Object.entries(render(project)).map(([name, text]) => [`/project/${name}`, text]);
  const [checked, found] = await checkIntegration(createMemoryHost(Object.fromEntries(texts)), entry);
  const refused = new Set(
    found.map(({ at: { path } }) => (path.at(-2) === 'value' ? path.at(-1) : undefined)),
  );
  const open = ESCAPES.filter((_, index) => !refused.has(index));
  const taken: string[] = [];
  // What was not spoken of beside the others is asked again by itself.
  for (const text of open) {
    const alone = createHostileProject();
    alone.rules.flows.contacts.to[0].map.name.value = `=${text}`;
    if ((await compileHostile(alone)).kind !== 'refused') taken.push(text);
  }

  expect(checked).toBeUndefined();
  expect(taken).toEqual([]);
});

test(
  'no bomb takes the compiler’s time, its memory, a file outside or a socket',
  { timeout: 600_000 },
  async () => {
    const names = BOMBS.map(({ name }) => name);
    const isReference = (name: string): boolean => name.startsWith('the reference');
    const set = [...names.filter((name) => !isReference(name)), ...draw(names.filter(isReference), 0.3)];
    const results = await setOffBombs(set);

    expect(results.filter(({ kind }) => kind === 'crashed' || kind === 'died')).toEqual([]);
    expect(results.filter(({ problems, sockets }) => problems.length > 0 || sockets > 0)).toEqual([]);
    expect(results.filter(({ cpuMs }) => cpuMs > BOUND_MS)).toEqual([]);
    expect(results).toHaveLength(set.length);
  },
);

test('a link that leads out of the folder of the description is not followed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-hostile-'));
  try {
    const project = createHostileProject();
    project.crm.components.schemas.Page.properties.results.items.$ref = './link.json#/secret';
    mkdirSync(join(folder, 'project'));
    writeFileSync(
      join(folder, 'outside.json'),
      '{"secret":{"type":"object","properties":{"id":{"type":"string"}}}}',
    );
    symlinkSync(join(folder, 'outside.json'), join(folder, 'project/link.json'));
    for (const [name, text] of Object.entries(render(project)))
      writeFileSync(join(folder, 'project', name), text);
    const read: string[] = [];
    const disk = createNodeHost();
    const host = {
      ...disk,
      readFile: (path: string) => {
        read.push(path);
        return disk.readFile(path);
      },
    };
    const [checked, found] = await checkIntegration(host, join(folder, 'project/contacts.rules.yaml'));

    expect(checked).toBeUndefined();
    expect(found.map(({ code }) => code)).toContain('ref-not-allowed');
    expect(read.filter((path) => path.includes('link') || path.includes('outside'))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
