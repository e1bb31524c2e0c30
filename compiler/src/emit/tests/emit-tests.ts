import type { OutputFile } from '../../model/output-file.ts';
import type { FlowPlan, ServicePlan, SettingPlan } from '../../model/service-plan.ts';
import { formatGeneralPath } from '../../model/field-path.ts';
import { toConstantCase, toKebabCase } from '../../plan/allocate-names.ts';
import { emitHeader, emitImport } from '../code/emit-header.ts';
import { key, quote } from '../text/code-literals.ts';
import { listSamples } from './emit-samples.ts';
import { emitRecordings } from './emit-recordings.ts';

/** Tests that the client runs: mappings against an oracle that reads the rules, and each flow against recordings. */
export function emitTests(plan: ServicePlan): OutputFile[] {
  const files: OutputFile[] = [{ path: 'test/config.ts', text: emitTestConfig(plan) }];
  for (const flow of plan.flows) {
    const name = toKebabCase(`${flow.flow.name}-${flow.flow.target.name}`);
    const samples = listSamples(plan.checked, flow.checked);
    files.push(
      { path: `test/mappings/${name}.test.ts`, text: emitMappingTest(plan, flow, name) },
      { path: `test/mappings/${name}.samples.json`, text: `${JSON.stringify(samples, null, 2)}\n` },
      {
        path: `test/mappings/${name}.target.json`,
        text: `${JSON.stringify(describeTarget(flow), null, 2)}\n`,
      },
      { path: `test/flows/${toKebabCase(flow.flow.name)}.test.ts`, text: emitFlowTest(plan, flow, name) },
      ...emitRecordings(plan, flow),
    );
  }
  return files;
}

/** What the description says of the fields that are written: the oracle's only other source beside the rules. */
function describeTarget({ checked, flow }: FlowPlan) {
  return Object.fromEntries(
    checked.fields.map(({ field }) => [
      field.path.text,
      {
        type: field.schema.types[0] ?? 'string',
        required: field.required,
        maxLength: field.schema.maxLength,
        minLength: field.schema.minLength,
        enum: field.schema.enum,
        pattern: field.schema.pattern,
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

function emitMappingTest(plan: ServicePlan, flow: FlowPlan, name: string): string {
  const { mapping } = flow;
  const extra = mapping.usesConfig ? ', config' : '';
  return `${emitHeader(plan)}import { createRulesOracle, mapSample, readText } from '@mortise/runtime/testing';
import { expect, test } from 'vitest';
${emitImport([mapping.functionName], `../../${mapping.file}`)}${mapping.usesConfig ? emitImport(['config'], '../config.ts') : ''}import samples from './${name}.samples.json' with { type: 'json' };
import target from './${name}.target.json' with { type: 'json' };

const oracle = createRulesOracle(readText(new URL('../rules.yaml', import.meta.url)), target);

test.for(samples)('$name: the mapping does what the rules say', ({ source }) => {
  const mapped = mapSample(${mapping.functionName}, source${extra});
  expect(mapped).toEqual(oracle.map(${quote(flow.flow.name)}, ${quote(flow.flow.target.name)}, source${mapping.usesConfig ? `, ${emitOracleConfig(plan)}` : ''}));
});
`;
}

/** The settings as expressions of the rules name them. */
function emitOracleConfig(plan: ServicePlan): string {
  const entries = Object.keys(plan.checked.model.rules.config ?? {}).map(
    (name) => `${key(name)}: config.${toConstantCase(name)}`,
  );
  return `{ ${entries.join(', ')} }`;
}

function emitFlowTest(plan: ServicePlan, flow: FlowPlan, name: string): string {
  const systems = plan.systems.filter(
    (entry) => entry.system === flow.flow.source.system || entry.system === flow.flow.target.system,
  );
  const flowName = flow.usesConfig ? `${flow.name}(config)` : flow.name;
  const imports = systems.map((entry) => emitImport([entry.createName], `../../${entry.file}`)).join('');
  const folder = toKebabCase(flow.flow.name);
  return `${emitHeader(plan)}import { createRulesOracle, readExchanges, readText, runOnRecordings } from '@mortise/runtime/testing';
import { expect, test } from 'vitest';
${emitImport([flow.name], `../../${flow.file}`)}${imports}${emitImport(['config'], '../config.ts')}import target from '../mappings/${name}.target.json' with { type: 'json' };

const recordings = new URL('../../recordings/${folder}/', import.meta.url);
const oracle = createRulesOracle(readText(new URL('../rules.yaml', import.meta.url)), target);
const definition = {
  integration: ${quote(plan.integration)},
  systems: [${systems.map((entry) => `${entry.createName}(config)`).join(', ')}],
  flows: [${flowName}],
};

test('a record is read, mapped and written as it was recorded', async () => {
  const run = await runOnRecordings(definition, readExchanges(recordings), { oracle${flow.mapping.usesConfig ? `, config: ${emitOracleConfig(plan)}` : ''} });
  expect(run.unmatched).toEqual([]);
  expect(run.unused).toEqual([]);
  expect(run.states).toEqual({ delivered: 1 });
});

test('a record that was delivered is not written again', async () => {
  const run = await runOnRecordings(definition, readExchanges(recordings), { oracle${flow.mapping.usesConfig ? `, config: ${emitOracleConfig(plan)}` : ''}, passes: 2 });
  expect(run.unmatched).toEqual([]);
  expect(run.writes).toBe(1);
});
`;
}
