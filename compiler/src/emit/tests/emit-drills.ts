import type { OutputFile } from '../../model/output-file.ts';
import type { FlowPlan, ServicePlan, TargetPlan } from '../../model/service-plan.ts';
import { toKebabCase } from '../../model/name-case.ts';
import { toCamelCase } from '../../plan/allocate-names.ts';
import { emitHeader, emitImport } from '../code/emit-header.ts';
import type { FlowAnswers } from '../list-answers.ts';
import { key, quote } from '../text/code-literals.ts';
import { emitRecordings } from './emit-recordings.ts';
import type { FieldPath } from '../../model/field-path.ts';

/** The rows of the answer book as data, what the systems around the flow answer, and the test that plays them. */
export function emitDrills(
  plan: ServicePlan,
  { flow, drills, refusals }: FlowAnswers,
  options: {
    readonly oracleConfig: string | undefined;
    readonly nameMapping: (target: TargetPlan) => string;
  },
): OutputFile[] {
  if (drills.length === 0) return [];
  const name = toKebabCase(flow.flow.name);
  return [
    { path: `test/drills/${name}.rows.json`, text: printRows(drills) },
    {
      path: `test/drills/${name}.world.json`,
      text: `${JSON.stringify(describeWorld(plan, flow, refusals), null, 2)}\n`,
    },
    { path: `test/drills/${name}-setup.ts`, text: emitSetup(plan, flow, options) },
    { path: `test/drills/${name}.test.ts`, text: emitTest(plan, flow) },
  ];
}

/** One row a line: they are many, and a difference is one line then. */
function printRows(rows: readonly object[]): string {
  return `[\n${rows.map((row) => `  ${JSON.stringify(row)}`).join(',\n')}\n]\n`;
}

function describeWorld(plan: ServicePlan, entry: FlowPlan, refusals: FlowAnswers['refusals']) {
  const { source, find } = entry.flow;
  const places = (role: string, name: string | undefined): object => {
    if (role === 'read')
      return {
        records: listNames(source.records),
        ...(source.pages?.kind === 'cursor' && source.pages.next !== undefined
          ? { next: listNames(source.pages.next) }
          : {}),
      };
    if (role === 'look-up') {
      const once = entry.flow.targets
        .filter((target) => target.name === name)
        .flatMap((target) => target.once)
        .find(({ kind }) => kind === 'look-up');
      return once?.kind === 'look-up' ? { records: listNames(once.records) } : {};
    }
    const found = role === 'find' ? find.find((one) => one.name === name) : undefined;
    if (found === undefined) return {};
    return found.records === undefined ? { isObject: true } : { records: listNames(found.records) };
  };
  // A reading of a drill is one page: where it would go on by a cursor, the drills about cursors say so themselves.
  const hasCursor =
    source.pages?.next !== undefined && source.pages.kind === 'cursor' && source.records.steps.length > 0;
  const exchanges = emitRecordings(plan, entry, { withLapsed: true })
    .filter(({ path }) => !hasCursor || !path.endsWith('/1b-read-last.json'))
    .map(({ text }) => {
      const exchange = JSON.parse(text) as MadeUp;
      const { role, name, response } = exchange;
      if (role === 'read' && hasCursor)
        dropCursor(response.body.data, listNames(source.pages?.next ?? NOWHERE));
      return { ...exchange, response: { ...response, body: response.body.data }, ...places(role, name) };
    });
  const updates = entry.targets
    .map(({ checked }) => checked.target)
    .filter(({ mode }) => mode === 'update')
    .map(({ name, item, operation: { method, path } }) => [
      name,
      { operation: { method, path }, ...(item === undefined ? { isWhole: true } : {}) },
    ]);
  return {
    synthetic: true,
    exchanges,
    refusals,
    ...(updates.length > 0 ? { updates: Object.fromEntries(updates) } : {}),
  };
}

interface MadeUp {
  readonly role: string;
  readonly name?: string;
  readonly response: { readonly body: { readonly data: unknown } };
}

const NOWHERE: FieldPath = { text: '', steps: [] };

function dropCursor(data: unknown, names: readonly string[]): void {
  const [name, ...rest] = names;
  if (name === undefined || typeof data !== 'object' || data === null) return;
  if (rest.length === 0) Reflect.deleteProperty(data, name);
  else dropCursor(Reflect.get(data, name), rest);
}

function listNames({ steps }: FieldPath): string[] {
  return steps.map((step) =>
    step.kind === 'name' ? step.name : step.kind === 'index' ? String(step.index) : '0',
  );
}

/** The flow in a world of its own, for the drills of the answer book and for whole outages. */
function emitSetup(
  plan: ServicePlan,
  entry: FlowPlan,
  {
    oracleConfig,
    nameMapping,
  }: { readonly oracleConfig: string | undefined; readonly nameMapping: (target: TargetPlan) => string },
): string {
  const { source, find, targets } = entry.flow;
  const used = new Set([
    source.system,
    ...find.map(({ system }) => system),
    ...targets.map(({ system }) => system),
  ]);
  const systems = plan.systems.filter(({ system }) => used.has(system));
  const imports = systems.map(({ createName, file }) => emitImport([createName], `../../${file}`)).join('');
  const fields = entry.targets.map((target) => {
    const suffix = target.checked.target.mode === 'update' ? ' update' : '';
    const label = `${target.checked.target.name}${suffix}`;
    return { label, file: nameMapping(target), variable: toCamelCase(`${label}-target`) };
  });
  const name = toKebabCase(entry.flow.name);
  const usesCustom = entry.usesCustom || entry.targets.some(({ mapping }) => mapping.usesCustom);
  return `${emitHeader(plan)}import { readDrillWorld, readText } from '@mortise/runtime/testing';
import type { DrillsOptions } from '@mortise/runtime/testing';
${usesCustom ? emitImport(['custom'], '../custom.ts') : ''}${plan.alerts === undefined ? '' : emitImport([plan.alerts.createName], `../../${plan.alerts.file}`)}${emitImport([entry.name], `../../${entry.file}`)}${imports}${emitImport(['config'], '../config.ts')}${fields.map(({ file, variable }) => `import ${variable} from '../mappings/${file}.target.json' with { type: 'json' };\n`).join('')}
export const setup: DrillsOptions = {
  definition: {
    integration: ${quote(plan.integration)},
    systems: [${systems.map(({ createName }) => `${createName}(config)`).join(', ')}],
    flows: [${entry.usesConfig ? `${entry.name}(config)` : entry.name}],
    ${plan.alerts === undefined ? '' : `alerts: ${plan.alerts.createName}(config),`}
  },
  rules: readText(new URL('../rules.yaml', import.meta.url)),
  world: readDrillWorld(new URL('${name}.world.json', import.meta.url)),
  fields: { ${fields.map(({ label, variable }) => `${key(label)}: ${variable}`).join(', ')} },
  ${oracleConfig === undefined ? '' : `config: ${oracleConfig},`}
  ${usesCustom ? 'custom,' : ''}
  settings: config,
};
`;
}

function emitTest(plan: ServicePlan, entry: FlowPlan): string {
  const name = toKebabCase(entry.flow.name);
  return `${emitHeader(plan)}import { createDrills, readDrills } from '@mortise/runtime/testing';
import { expect, test } from 'vitest';
import { setup } from './${name}-setup.ts';

const drills = createDrills(setup);

// Each is a test by its whole name, which vitest would shorten in a template; some play a day of virtual time.
readDrills(new URL('${name}.rows.json', import.meta.url)).forEach((row) =>
  test(row.id, { timeout: 300_000 }, async () => {
    expect(await drills.play(row)).toEqual([]);
  }),
);
`;
}

/** Plays a whole outage, for somebody who asks: `mortise drill`, or this file by itself. */
export function emitOutages(plan: ServicePlan, flows: readonly FlowAnswers[]): OutputFile[] {
  const played = flows.filter(({ drills }) => drills.length > 0).map(({ flow }) => flow.flow.name);
  if (played.length === 0) return [];
  const setups = played.map((name) => ({
    variable: toCamelCase(`${name}-setup`),
    file: toKebabCase(name),
  }));
  const imports = setups.map(
    ({ variable, file }) => `import { setup as ${variable} } from './${file}-setup.ts';\n`,
  );
  return [
    {
      path: 'test/drills/outage.ts',
      text: `${emitHeader(plan)}import { runOutage } from '@mortise/runtime/testing';
${imports.join('')}
/** node test/drills/outage.ts --target <system> down=6h */
process.exitCode = await runOutage([${setups.map(({ variable }) => variable).join(', ')}], process.argv.slice(2));
`,
    },
  ];
}
