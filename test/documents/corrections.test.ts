import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { applyOverlayAction } from '../../compiler/src/load/apply-overlay.ts';
import type { OverlayAction } from '../../compiler/src/load/apply-overlay.ts';
import { emitServices } from '../emit-cases.ts';
import { compileTexts } from '../hostile/compile-hostile.ts';
import { createSampleProject } from '../sample-project.ts';
import { CRM_DESCRIPTIONS, hasShared, LEDGER_DESCRIPTION } from '../section-four/section-four-service.ts';
import { createCorrectedProject, FACTS } from './corrected-project.ts';
import type { Dialect } from './corrected-project.ts';

interface Overlay {
  readonly extends: string;
  readonly actions: readonly {
    readonly target: string;
    readonly description: string;
    readonly update?: never;
    readonly remove?: true;
  }[];
}

/** Overlay 1.0, action by action. @returns how many places each of them found */
function applyOverlay(description: unknown, { actions }: Overlay): number[] {
  return actions.map(({ target, update, remove }) =>
    applyOverlayAction(
      description as never,
      (remove === true ? { target, kind: 'remove' } : { target, kind: 'update', update }) as OverlayAction,
    ),
  );
}

const REFERENCE = {
  '2.0': '#/definitions/Owner',
  '3.0': '#/components/schemas/Owner',
  '3.1': '#/components/schemas/Owner',
};
const nullable = { type: 'string', nullable: true };

/** What the facts say, as a person would write it into the description. */
const CORRECTED: Readonly<Record<Dialect, object>> = {
  '3.0': {
    note: nullable,
    kind: { type: 'string', enum: ['a', 'b', null], nullable: true },
    owner: { allOf: [{ $ref: REFERENCE['3.0'] }], nullable: true },
    a: nullable,
  },
  '3.1': {
    note: { type: ['string', 'null'] },
    kind: { type: ['string', 'null'], enum: ['a', 'b', null] },
    owner: { anyOf: [{ $ref: REFERENCE['3.1'] }, { type: 'null' }] },
    a: { type: ['string', 'null'] },
  },
  '2.0': {
    note: { type: 'string', 'x-nullable': true },
    kind: { type: 'string', enum: ['a', 'b', null], 'x-nullable': true },
    owner: { allOf: [{ $ref: REFERENCE['2.0'] }], 'x-nullable': true },
    a: { type: 'string', 'x-nullable': true },
  },
};

test.for(['3.0', '3.1', '2.0'] as const)(
  'the overlay makes a description of version %s say what the facts say',
  async (dialect) => {
    const { rules, texts } = createCorrectedProject(dialect, FACTS);
    const { files, said } = await compileTexts('things.rules.yaml', {
      ...texts,
      'things.rules.yaml': JSON.stringify(rules),
    });
    expect(said).toBe('');
    const text = files.get('docs/corrections.ledger.overlay.yaml') ?? '';
    const description = JSON.parse(texts['ledger.json'] ?? '') as { components?: any; definitions?: any }; // oxlint-disable-line no-explicit-any
    const counts = applyOverlay(description, parse(text) as Overlay);
    const schemas = dialect === '2.0' ? description.definitions : description.components.schemas;

    expect(new Set(counts)).toEqual(new Set([1]));
    const { note, kind, owner, a } = CORRECTED[dialect] as Readonly<Record<string, object>>;
    expect(schemas.Entry.required).toEqual(['label']);
    expect(schemas.Base.required).toEqual(['number']);
    expect(schemas.Entry.properties).toMatchObject({ note, kind });
    expect(schemas.Entry.properties.owner).toEqual(owner);
    expect(schemas.Entry.properties.custom).toEqual({
      type: 'object',
      additionalProperties: { type: 'string' },
      properties: { a, b: { type: 'integer' } },
      required: ['b'],
    });
    expect(schemas.Line.required).toEqual(['text']);

    // With the corrected description the facts are not needed, and the service is the same.
    const plain = createCorrectedProject(dialect, []);
    const again = await compileTexts('things.rules.yaml', {
      ...plain.texts,
      'ledger.json': JSON.stringify(description),
      'things.rules.yaml': JSON.stringify(plain.rules),
    });
    expect(again.said).toBe('');
    for (const path of ['docs/mapping.md', 'src/mappings/things-entry.ts'])
      expect(again.files.get(path), path).toBe(files.get(path));
    expect(again.files.has('docs/corrections.ledger.overlay.yaml')).toBe(false);
    expect(again.files.get('docs/corrections.md')).toContain('No correction was needed.');
  },
);

test('what OpenAPI has no words for is said in the document, and not in the overlay', async () => {
  const more = [
    { call: 'POST /entries', replaces: false },
    { schema: 'Base', required: ['number'] },
  ];
  const { rules, texts } = createCorrectedProject('3.0', [...FACTS, ...more]);
  const { files } = await compileTexts('things.rules.yaml', {
    ...texts,
    'things.rules.yaml': JSON.stringify(rules),
  });
  const rows = (files.get('docs/corrections.md') ?? '').split('\n').filter((line) => line.startsWith('| `'));
  const no = 'no: nothing that an overlay could change |';

  expect(rows.map((row) => row.split(' | ').at(-1))).toEqual(['yes |', 'yes |', 'yes |', no, no]);
  expect(files.get('docs/corrections.ledger.overlay.yaml')).not.toContain('schemas.Base"');
});

test('the sample’s overlays stand for its facts', async () => {
  const project = createSampleProject();
  try {
    await project.gen();
    const before = project.readOutput();
    for (const system of ['crm', 'ledger'])
      project.write(
        `specs/${system}.overlay.yaml`,
        before.get(`docs/corrections.${system}.overlay.yaml`) ?? '',
      );
    const rules = parse(project.read('specs/crm-to-ledger.rules.yaml')) as {
      systems: Record<string, object>;
    };
    for (const [name, system] of Object.entries(rules.systems))
      rules.systems[name] = { ...system, facts: undefined, overlays: [`./${name}.overlay.yaml`] };
    project.write('specs/crm-to-ledger.rules.yaml', JSON.stringify(rules));
    const { exitCode, text } = await project.gen({ output: 'elsewhere/service' });
    const after = project.readOutput('elsewhere/service');

    expect(exitCode, text).toBe(0);
    for (const path of [
      'src/mappings/customers-contact.ts',
      'src/flows/customers.ts',
      'docs/mapping.md',
      'docs/answers.md',
    ])
      expect(after.get(path), path).toBe(before.get(path));
  } finally {
    project.remove();
  }
});

test.runIf(hasShared)('every action finds its place in the vendors’ own descriptions', async () => {
  const entry = join(import.meta.dirname, '../section-four/crm-to-ledger.rules.yaml');
  const files = await emitServices(new Map([['service', entry]]));
  const overlays = [...files].filter(([path]) => path.endsWith('.overlay.yaml'));
  const facts = (files.get('service/docs/corrections.md') ?? '')
    .split('\n')
    .filter((line) => line.startsWith('| `'));

  expect(overlays.map(([path]) => path.slice('service/docs/'.length))).toEqual([
    'corrections.crm.1.overlay.yaml',
    'corrections.crm.2.overlay.yaml',
    'corrections.crm.3.overlay.yaml',
    'corrections.ledger.overlay.yaml',
  ]);
  expect(facts.filter((line) => line.endsWith('| yes |'))).toHaveLength(facts.length);
  for (const [path, text] of overlays) {
    const overlay = parse(text) as Overlay;
    const file =
      [...CRM_DESCRIPTIONS, LEDGER_DESCRIPTION].find((one) => one.endsWith(`/${overlay.extends}`)) ?? '';
    const counts = applyOverlay(parse(readFileSync(file, 'utf8')), overlay);
    expect(counts, path).toEqual(counts.map(() => 1));
    expect(counts.length).toBeGreaterThan(0);
  }
});
if (!hasShared) process.stdout.write('skipped: the vendors’ descriptions are not on this machine\n');
