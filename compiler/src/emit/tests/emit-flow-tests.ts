import type { FlowPlan, ServicePlan, TargetPlan } from '../../model/service-plan.ts';
import { toConstantCase, toKebabCase } from '../../model/name-case.ts';
import { toCamelCase } from '../../plan/allocate-names.ts';
import { emitHeader, emitImport } from '../code/emit-header.ts';
import { key, quote } from '../text/code-literals.ts';

export function nameMapping({ mapping }: TargetPlan): string {
  return mapping.file.slice('src/mappings/'.length, -'.ts'.length);
}

/** The settings as expressions of the rules name them. */
export function emitOracleConfig(plan: ServicePlan): string {
  const entries = Object.keys(plan.checked.model.rules.config ?? {}).map(
    (name) => `${key(name)}: config.${toConstantCase(name)}`,
  );
  return `{ ${entries.join(', ')} }`;
}

/** A flow runs over its recordings, through the real HTTP client. */
export function emitFlowTest(plan: ServicePlan, flow: FlowPlan): string {
  const options = `oracles, slice${emitConfigOption(plan, flow)}`;
  return `${emitHeader(plan)}import { createRulesOracle, readExchanges, readSlice, readText, runOnRecordings } from '@mortise/runtime/testing';
${emitWorld(plan, flow)}
test('what was recorded is read, mapped and written as the rules say', async () => {
  const run = await runOnRecordings(definition, readExchanges(recordings), { ${options} });
  expect(run.unmatched).toEqual([]);
  expect(run.unused).toEqual([]);
  expect(run.states).toEqual(run.expected.states);
${usesCustom(flow) ? '' : '  expect(run.writes).toBeGreaterThan(0);\n'}});

test('a record that was delivered is not written again', async () => {
  const run = await runOnRecordings(definition, readExchanges(recordings), { ${options}, passes: 2 });
  expect(run.unmatched).toEqual([]);
  expect(run.writes).toBe(run.expected.writes);
});
`;
}

/** What the systems promise, and what the flow makes of it when they do not keep it. */
export function emitContractTest(plan: ServicePlan, flow: FlowPlan): string {
  const targets = listTargets(flow).map(({ name, variable }) => `${key(name)}: ${variable}`);
  return `${emitHeader(plan)}import { createContract, createRulesOracle, readExchanges, readList, readSlice, readText } from '@mortise/runtime/testing';
${emitWorld(plan, flow)}const contract = createContract(definition, readExchanges(recordings), {
  oracles,
  slice${emitConfigOption(plan, flow)},
  targets: { ${targets.join(', ')} },
  knownLies: readList(new URL('../known-lies.json', recordings)),
});

test.for(contract.exchanges)('$file: the answer is what the description says', (exchange) => {
  const lies = contract.findLies(exchange);
  expect(lies, 'say so in facts, or list what is harmless in recordings/known-lies.json').toEqual([]);
});

test.for(contract.exchanges)('$file: what is used is what it was recorded for', (exchange) => {
  expect(contract.findChanges(exchange), 'record again').toEqual([]);
});

test('requests are what the descriptions ask for, and records end as the rules say', async () => {
  const run = await contract.run();
  expect(run.unmatched).toEqual([]);
  expect(run.badRequests).toEqual([]);
  expect(run.strayCredentials).toEqual([]);
  expect(run.observed).toEqual(run.expected);
});

test.for(contract.variants)('%s: the same is written, or what the rules say', async ([, variant]) => {
  const { observed, expected } = await contract.tryVariant(variant);
  expect(observed).toEqual(expected);
});

test.for(contract.faults)('%s: it ends as the rules say', async ([, fault]) => {
  const { observed, expected } = await contract.tryFault(fault);
  expect(observed).toEqual(expected);
});

test('every field that is written was recorded with a value', () => {
  const gaps = readList(new URL('../known-gaps.json', recordings));
  expect(contract.listUncovered(), 'record more, or list them in recordings/known-gaps.json').toEqual(gaps);
});
`;
}

function emitConfigOption(plan: ServicePlan, flow: FlowPlan): string {
  // Conditions and look-ups may name settings, too.
  const config = flow.usesConfig ? `, config: ${emitOracleConfig(plan)}` : '';
  return `${config}${usesCustom(flow) ? ', custom' : ''}`;
}

/** What a hand-written function makes of a record that is made up, only the function knows. */
function usesCustom(flow: FlowPlan): boolean {
  return flow.usesCustom || flow.targets.some(({ mapping }) => mapping.usesCustom);
}

function listTargets({ targets }: FlowPlan): { name: string; file: string; variable: string }[] {
  const own = targets.filter(({ checked }) => checked.target.mode !== 'update');
  return own.map((target) => {
    const { name } = target.checked.target;
    return { name, file: nameMapping(target), variable: toCamelCase(`${name}-target`) };
  });
}

/** The flow with its systems, its recordings, and the oracles that read the rules. */
function emitWorld(plan: ServicePlan, flow: FlowPlan): string {
  const { source, find, name } = flow.flow;
  const used = new Set([
    source.system,
    ...find.map(({ system }) => system),
    ...flow.flow.targets.map(({ system }) => system),
  ]);
  const systems = plan.systems.filter((entry) => used.has(entry.system));
  const targets = listTargets(flow);
  const imports = [
    ...(usesCustom(flow) ? [emitImport(['custom'], '../custom.ts')] : []),
    emitImport([flow.name], `../../${flow.file}`),
    ...systems.map((entry) => emitImport([entry.createName], `../../${entry.file}`)),
    emitImport(['config'], '../config.ts'),
    ...targets.map(
      ({ file, variable }) =>
        `import ${variable} from '../mappings/${file}.target.json' with { type: 'json' };\n`,
    ),
  ];
  return `import { expect, test } from 'vitest';
${imports.join('')}
const recordings = new URL('../../recordings/${toKebabCase(name)}/', import.meta.url);
const rules = readText(new URL('../rules.yaml', import.meta.url));
const slice = readSlice(new URL('../contract/${toKebabCase(name)}.slice.json', import.meta.url));
const oracles = { ${targets.map((target) => `${key(target.name)}: createRulesOracle(rules, ${target.variable})`).join(', ')} };
const definition = {
  integration: ${quote(plan.integration)},
  systems: [${systems.map((entry) => `${entry.createName}(config)`).join(', ')}],
  flows: [${flow.usesConfig ? `${flow.name}(config)` : flow.name}],
};
`;
}
