import type { OutputFile } from '../../model/output-file.ts';
import type { MappingPlan, ServicePlan, TargetPlan } from '../../model/service-plan.ts';
import type { TargetModel } from '../../model/integration-model.ts';
import { toKebabCase } from '../../model/name-case.ts';
import { emitHeader, emitImport, hasOwnBlanks } from '../code/emit-header.ts';
import { literal, quote } from '../text/code-literals.ts';
import { describeTarget } from './describe-target.ts';
import { sampleSetting } from './sample-setting.ts';
import { listSamples } from './emit-samples.ts';
import { listAnswers } from '../list-answers.ts';
import { emitDrills, emitOutages } from './emit-drills.ts';
import { emitRecordings } from './emit-recordings.ts';
import { emitSlice } from './emit-slices.ts';
import { emitContractTest, emitFlowTest, emitOracleConfig, nameMapping } from './emit-flow-tests.ts';

/** Tests that the client runs: mappings against an oracle that reads the rules, and each flow against recordings. */
export function emitTests(plan: ServicePlan): OutputFile[] {
  const files: OutputFile[] = [
    { path: 'test/config.ts', text: emitTestConfig(plan) },
    ...(plan.custom.length === 0 ? [] : [{ path: 'test/custom.ts', text: emitTestCustom(plan) }]),
  ];
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
          text: `${JSON.stringify(describeTarget(target.checked), null, 2)}\n`,
        },
      );
    }
    files.push(
      { path: `test/flows/${toKebabCase(flow.flow.name)}.test.ts`, text: emitFlowTest(plan, flow) },
      { path: `test/contract/${toKebabCase(flow.flow.name)}.test.ts`, text: emitContractTest(plan, flow) },
      emitSlice(plan, flow),
      ...emitRecordings(plan, flow),
    );
  }
  const flows = listAnswers(plan);
  for (const answers of flows) {
    // Calls and conditions name settings, too.
    const hasConfig = Object.keys(plan.checked.model.rules.config ?? {}).length > 0;
    const oracleConfig = hasConfig ? emitOracleConfig(plan) : undefined;
    files.push(...emitDrills(plan, answers, { oracleConfig, nameMapping }));
  }
  files.push(...emitOutages(plan, flows));
  return files;
}

function emitTestConfig(plan: ServicePlan): string {
  const values = plan.settings
    .filter((setting) => setting.required)
    .map((setting) => `${setting.name}: ${literal(sampleSetting(setting))},`);
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

function emitMappingTest(plan: ServicePlan, { checked, mapping }: TargetPlan, name: string): string {
  const { functionName, usesConfig, scope } = mapping;
  const configured =
    scope.length === 0
      ? `(source, map) => ${functionName}(source, map, config)`
      : `(source, map, scope) => ${functionName}(source, map, scope, config)`;
  return `${emitHeader(plan)}import { createRulesOracle, mapSample, readText } from '@mortise/runtime/testing';
import { expect, test } from 'vitest';
${mapping.usesCustom ? emitImport(['custom'], '../custom.ts') : ''}${emitImport([functionName], `../../${mapping.file}`)}${hasOwnBlanks(plan) ? emitImport(['findBlankKind'], '../../src/blanks.ts') : ''}${usesConfig ? emitImport(['config'], '../config.ts') : ''}import samples from './${name}.samples.json' with { type: 'json' };
import target from './${name}.target.json' with { type: 'json' };

const oracle = createRulesOracle(readText(new URL('../rules.yaml', import.meta.url)), target);

test.for(samples)('$name: the mapping does what the rules say', (sample) => {
  const mapped = mapSample(${usesConfig ? configured : functionName}, sample${hasOwnBlanks(plan) ? ', findBlankKind' : ''});
  expect(mapped).toEqual(oracle.map(${quote(checked.flow.name)}, ${quote(checked.target.name)}, sample${emitOracleOptions(plan, checked.target, mapping)}));
});
`;
}

/** Straight from their files, not by way of the code that is tested. */
function emitTestCustom(plan: ServicePlan): string {
  const imports = plan.custom.map(({ name, file }) => emitImport([name], `../${file}`));
  return `${emitHeader(plan)}${imports.join('')}
/** The hand-written functions, for the oracle. */
export const custom = { ${plan.custom.map(({ name }) => name).join(', ')} };
`;
}

function emitOracleOptions(
  plan: ServicePlan,
  { mode }: TargetModel,
  { usesConfig, usesCustom }: MappingPlan,
): string {
  const options = [
    ...(usesConfig ? [`config: ${emitOracleConfig(plan)}`] : []),
    ...(usesCustom ? ['custom'] : []),
    ...(mode === 'write' ? [] : [`on: ${quote(mode)}`]),
  ];
  return options.length === 0 ? '' : `, { ${options.join(', ')} }`;
}
