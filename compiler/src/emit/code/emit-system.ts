import { invariant } from '../../diagnostics/invariant.ts';
import type { SystemTypes } from '../../model/checked-model.ts';
import type { Rate } from '../../model/integration-model.ts';
import type { OperationPlan, ParameterPlan, ServicePlan, SystemPlan } from '../../model/service-plan.ts';
import { nameOperation } from '../../model/api-model.ts';
import { toConstantCase } from '../../model/name-case.ts';
import { comment, key, quote } from '../text/code-literals.ts';
import { formatNumber } from '../text/format-number.ts';
import { emitAuth } from './emit-auth.ts';
import { emitCallRules } from './emit-calls.ts';
import { emitAnswers, emitFormat, listAccepted } from './emit-format.ts';
import { listHelpers } from '../text/print-expression.ts';
import { emitHeader, emitHelperImports, emitImport } from './emit-header.ts';
import { emitHeaderValue, emitPath, emitQueryValue } from './emit-parameter.ts';
import { emitSetting } from './emit-setting.ts';

/** What a system's file may take of the runtime. */
const RUNTIME = [
  'csvFormat',
  'formFormat',
  'headerValue',
  'jsonFormat',
  'multipartFormat',
  'ndjsonFormat',
  'pathSegment',
  'pathValue',
  'readRate',
  'textFormat',
  'xmlFormat',
];

/** One API: the types that are used, how it is reached, and one function for each operation. */
export function emitSystem(plan: ServicePlan, entry: SystemPlan): string {
  const types = plan.checked.types.get(entry.system.name);
  invariant(types !== undefined, `the types of ${entry.system.name} were not declared`);
  const operations = entry.operations.map((operation) => emitOperation(operation, types)).join('\n');
  const create = emitCreate(plan, entry, types);
  const values = RUNTIME.filter((name) => `${create}${operations}`.includes(`${name}(`));
  return [
    emitHeader(plan),
    emitHelperImports(plan, [...values, ...listHelpers(create)], '../blanks.ts'),
    emitImport(['ApiRequest', 'System'], '@mortise/runtime', 'type'),
    entry.customAuth === undefined
      ? ''
      : emitImport([entry.customAuth.functionName], `../../${entry.customAuth.file}`),
    emitImport(['Config'], '../config.ts', 'type'),
    '\n',
    entry.typesText,
    '\n',
    create,
    '\n',
    operations,
  ].join('');
}

function emitCreate(plan: ServicePlan, entry: SystemPlan, types: SystemTypes): string {
  const { system, createName } = entry;
  const headers = system.headers.map(
    (header) => `${key(header.name.toLowerCase())}: ${emitSetting(header.value)}`,
  );
  const answers = entry.operations.flatMap(({ operation }) => {
    const formats = emitAnswers(operation, types);
    return formats === undefined ? [] : [`${quote(nameOperation(operation))}: ${formats}`];
  });
  const calls =
    system.calls.length === 0 ? '' : `calls: ${emitCallRules(system.calls, plan.checked.expressions)},`;
  return `/** rules: systems.${comment(system.name)} */
export function ${createName}(config: Config): System {
  return {
    name: ${quote(system.name)},
    server: ${emitSetting(system.server)},
    auth: ${emitAuth(entry)},
    ${headers.length === 0 ? '' : `headers: { ${headers.join(', ')} },`}
    limits: ${emitLimits(system)},
    ${calls}
    ${answers.length === 0 ? '' : `answers: { ${answers.join(', ')} },`}
  };
}
`;
}

function emitLimits(system: SystemPlan['system']): string {
  const prefix = toConstantCase(system.name);
  const rate = `readRate(config.${prefix}_RATE)${system.rate === undefined ? '' : ` ?? ${emitRate(system.rate)}`}`;
  const number = (name: string, given: number | undefined): string =>
    `config.${prefix}_${name}${given === undefined ? '' : ` ?? ${formatNumber(given)}`}`;
  const pools = system.pools.map((pool) =>
    `{ for: ${quote(pool.for)}, ...${emitRate(pool.rate)} }`.replace('...{', '').replace('} }', '}'),
  );
  return `{ rate: ${rate}, concurrency: ${number('CONCURRENCY', system.concurrency)}, daily: ${number('DAILY', system.daily)},${system.reserve === undefined ? '' : ` reserve: ${formatNumber(system.reserve)},`}${pools.length === 0 ? '' : ` pools: [${pools.join(', ')}],`} }`;
}

function emitRate(rate: Rate): string {
  return `{ count: ${rate.count}, perMs: ${formatNumber(rate.perMs)} }`;
}

/** What is asked for, unless the rules ask for something themselves. */
function emitAccept({ operation, parameters }: OperationPlan): string[] {
  const accepted = listAccepted(operation);
  const isGiven = parameters.some((entry) => entry.in === 'header' && entry.name.toLowerCase() === 'accept');
  return accepted === undefined || isGiven ? [] : [`accept: ${quote(accepted)}`];
}

function emitBodyFormat({ operation, formatName }: OperationPlan, types: SystemTypes): string {
  const { body } = operation;
  if (formatName === undefined || body === undefined) return '';
  return `const ${formatName} = ${emitFormat(body.mediaType, body.schema, types, body) ?? 'jsonFormat()'};\n\n`;
}

function emitOperation(plan: OperationPlan, types: SystemTypes): string {
  const { operation, parameters, bodyType } = plan;
  const properties = parameters.map(
    (parameter) =>
      `readonly ${parameter.property}${parameter.required ? '' : '?'}: ${parameter.type}${parameter.required ? '' : ' | undefined'}`,
  );
  const onlyBody = properties.length === 0 && bodyType !== undefined;
  if (bodyType !== undefined) properties.push(`readonly body: ${bodyType}`);
  const signature =
    properties.length === 0 ? '' : onlyBody ? `body: ${bodyType}` : `input: { ${properties.join('; ')} }`;
  const input = onlyBody ? '' : 'input.';
  const listIn = (place: ParameterPlan['in']): ParameterPlan[] =>
    parameters.filter((parameter) => parameter.in === place);
  const query = listIn('query').map((parameter) => emitQueryValue(parameter));
  const cookies = listIn('cookie').map((parameter) => emitQueryValue(parameter));
  const headers = [
    ...emitAccept(plan),
    ...listIn('header').map((parameter) => `${key(parameter.name)}: ${emitHeaderValue(parameter)}`),
  ];
  const name = nameOperation(operation);
  const id = operation.id === undefined ? '' : ` (${comment(operation.id)})`;
  return `${emitBodyFormat(plan, types)}/** ${comment(name)}${id} */
export function ${plan.functionName}(${signature}): ApiRequest {
  return {
    operation: ${quote(name)},
    method: ${quote(operation.method)},
    path: ${emitPath(operation.path, parameters)},
    ${query.length === 0 ? '' : `query: [${query.join(', ')}],`}
    ${headers.length === 0 ? '' : `headers: { ${headers.join(', ')} },`}
    ${cookies.length === 0 ? '' : `cookies: [${cookies.join(', ')}],`}
    ${bodyType === undefined ? '' : onlyBody ? 'body,' : `body: ${input}body,`}
    ${plan.formatName === undefined || bodyType === undefined ? '' : `format: ${plan.formatName},`}
  };
}
`;
}
