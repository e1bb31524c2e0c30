import type { OutputFile } from '../../model/output-file.ts';
import type { FlowPlan, ServicePlan, SettingPlan, TargetPlan } from '../../model/service-plan.ts';
import type { TargetModel } from '../../model/integration-model.ts';
import { formatGeneralPath } from '../../model/field-path.ts';
import { toCamelCase, toConstantCase, toKebabCase } from '../../plan/allocate-names.ts';
import { emitHeader, emitImport } from '../code/emit-header.ts';
import { key, pattern, quote } from '../text/code-literals.ts';
import { listSamples } from './emit-samples.ts';
import { listAnswers } from '../list-answers.ts';
import { emitDrills } from './emit-drills.ts';
import { emitRecordings } from './emit-recordings.ts';

/** Tests that the client runs: mappings against an oracle that reads the rules, and each flow against recordings. */
export function emitTests(plan: ServicePlan): OutputFile[] {
  const files: OutputFile[] = [{ path: 'test/config.ts', text: emitTestConfig(plan) }];
  for (const flow of plan.flows) {
    for (const target of flow.targets) {
      const name = nameMapping(target);
      const samples = listSamples(plan.checked, flow.checked, {
        target: target.checked,
        uses: target.mapping.scope,
      });
      files.push(
        { path: `test/mappings/${name}.test.ts`, text: emitMappingTest(plan, target, name) },
        { path: `test/mappings/${name}.samples.json`, text: `${JSON.stringify(samples, null, 2)}\n` },
        {
          path: `test/mappings/${name}.target.json`,
          text: `${JSON.stringify(describeTarget(target), null, 2)}\n`,
        },
      );
    }
    files.push(
      { path: `test/flows/${toKebabCase(flow.flow.name)}.test.ts`, text: emitFlowTest(plan, flow) },
      ...emitRecordings(plan, flow),
    );
  }
  for (const answers of listAnswers(plan)) {
    const usesConfig = answers.flow.targets.some(({ mapping }) => mapping.usesConfig);
    const oracleConfig = usesConfig ? emitOracleConfig(plan) : undefined;
    files.push(...emitDrills(plan, answers, { oracleConfig, nameMapping }));
  }
  return files;
}

function nameMapping({ mapping }: TargetPlan): string {
  return mapping.file.slice('src/mappings/'.length, -'.ts'.length);
}

/** What the description says of the fields that are written: the oracle's only other source beside the rules. */
function describeTarget({ checked: { fields, flow } }: TargetPlan) {
  return Object.fromEntries(
    fields.map(({ field }) => [
      field.path.text,
      {
        type: field.each === undefined ? (field.schema.types[0] ?? 'string') : 'array',
        required: field.required,
        maxLength: field.schema.maxLength,
        minLength: field.schema.minLength,
        enum: field.schema.enum,
        // One that JavaScript cannot read forbids nothing, as in the mapping.
        pattern: pattern(field.schema.pattern ?? '') === undefined ? undefined : field.schema.pattern,
        format: field.schema.format,
        minimum: field.schema.minimum,
        maximum: field.schema.maximum,
        place: formatGeneralPath(field.path),
        key: flow.source.key.text,
      },
    ]),
  );
}

function emitTestConfig(plan: ServicePlan): string {
  const values = plan.settings
    .filter((setting) => setting.required)
    .map((setting) => `${setting.name}: ${sampleSetting(setting)},`);
  return `${emitHeader(plan)}${emitImport(['Config'], '../src/config.ts', 'type')}
/** Settings that lead nowhere: tests never leave this machine. */
export const config: Config = {
${values.join('\n')}
MORTISE_KEY: '${'0'.repeat(64)}',
MORTISE_STORE: ':memory:',
MORTISE_HOST: '127.0.0.1',
MORTISE_PORT: 0,
LOG_LEVEL: 'silent',
};
`;
}

function sampleSetting(setting: SettingPlan): string {
  if (setting.kind === 'url') return quote(`http://${toKebabCase(setting.name)}.invalid`);
  if (setting.kind === 'number' || setting.kind === 'count') return '1';
  if (setting.kind === 'boolean') return 'true';
  return quote(`test-${toKebabCase(setting.name)}`);
}

function emitMappingTest(plan: ServicePlan, { checked, mapping }: TargetPlan, name: string): string {
  const { functionName, usesConfig, scope } = mapping;
  const configured =
    scope.length === 0
      ? `(source, map) => ${functionName}(source, map, config)`
      : `(source, map, scope) => ${functionName}(source, map, scope, config)`;
  return `${emitHeader(plan)}import { createRulesOracle, mapSample, readText } from '@mortise/runtime/testing';
import { expect, test } from 'vitest';
${emitImport([functionName], `../../${mapping.file}`)}${usesConfig ? emitImport(['config'], '../config.ts') : ''}import samples from './${name}.samples.json' with { type: 'json' };
import target from './${name}.target.json' with { type: 'json' };

const oracle = createRulesOracle(readText(new URL('../rules.yaml', import.meta.url)), target);

test.for(samples)('$name: the mapping does what the rules say', (sample) => {
  const mapped = mapSample(${usesConfig ? configured : functionName}, sample);
  expect(mapped).toEqual(oracle.map(${quote(checked.flow.name)}, ${quote(checked.target.name)}, sample${emitOracleOptions(plan, checked.target, usesConfig)}));
});
`;
}

function emitOracleOptions(plan: ServicePlan, { mode }: TargetModel, usesConfig: boolean): string {
  const options = [
    ...(usesConfig ? [`config: ${emitOracleConfig(plan)}`] : []),
    ...(mode === 'write' ? [] : [`on: ${quote(mode)}`]),
  ];
  return options.length === 0 ? '' : `, { ${options.join(', ')} }`;
}

/** The settings as expressions of the rules name them. */
function emitOracleConfig(plan: ServicePlan): string {
  const entries = Object.keys(plan.checked.model.rules.config ?? {}).map(
    (name) => `${key(name)}: config.${toConstantCase(name)}`,
  );
  return `{ ${entries.join(', ')} }`;
}

function emitFlowTest(plan: ServicePlan, flow: FlowPlan): string {
  const { source, find } = flow.flow;
  const used = new Set([
    source.system,
    ...find.map(({ system }) => system),
    ...flow.flow.targets.map(({ system }) => system),
  ]);
  const systems = plan.systems.filter((entry) => used.has(entry.system));
  const flowName = flow.usesConfig ? `${flow.name}(config)` : flow.name;
  const imports = systems.map((entry) => emitImport([entry.createName], `../../${entry.file}`)).join('');
  const own = flow.targets.filter(({ checked }) => checked.target.mode !== 'update');
  const targets = own.map((target) => {
    const { name } = target.checked.target;
    return { name, file: nameMapping(target), variable: toCamelCase(`${name}-target`) };
  });
  const options = `oracles${flow.targets.some(({ mapping }) => mapping.usesConfig) ? `, config: ${emitOracleConfig(plan)}` : ''}`;
  return `${emitHeader(plan)}import { createRulesOracle, readExchanges, readText, runOnRecordings } from '@mortise/runtime/testing';
import { expect, test } from 'vitest';
${emitImport([flow.name], `../../${flow.file}`)}${imports}${emitImport(['config'], '../config.ts')}${targets.map(({ file, variable }) => `import ${variable} from '../mappings/${file}.target.json' with { type: 'json' };\n`).join('')}
const recordings = new URL('../../recordings/${toKebabCase(flow.flow.name)}/', import.meta.url);
const rules = readText(new URL('../rules.yaml', import.meta.url));
const oracles = { ${targets.map(({ name, variable }) => `${key(name)}: createRulesOracle(rules, ${variable})`).join(', ')} };
const definition = {
  integration: ${quote(plan.integration)},
  systems: [${systems.map((entry) => `${entry.createName}(config)`).join(', ')}],
  flows: [${flowName}],
};

test('a record is read, mapped and written as it was recorded', async () => {
  const run = await runOnRecordings(definition, readExchanges(recordings), { ${options} });
  expect(run.unmatched).toEqual([]);
  expect(run.unused).toEqual([]);
  expect(run.states).toEqual({ delivered: 1 });
});

test('a record that was delivered is not written again', async () => {
  const run = await runOnRecordings(definition, readExchanges(recordings), { ${options}, passes: 2 });
  expect(run.unmatched).toEqual([]);
  expect(run.writes).toBe(${targets.length});
});
`;
}
