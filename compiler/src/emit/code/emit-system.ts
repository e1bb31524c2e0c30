import type { Rate } from '../../model/integration-model.ts';
import type { OperationPlan, ParameterPlan, ServicePlan, SystemPlan } from '../../model/service-plan.ts';
import { nameOperation } from '../../model/api-model.ts';
import { toConstantCase } from '../../plan/allocate-names.ts';
import { comment, key, quote } from '../text/code-literals.ts';
import { formatNumber } from '../text/format-number.ts';
import { emitAuth } from './emit-auth.ts';
import { emitCallRules } from './emit-calls.ts';
import { emitHeader, emitImport } from './emit-header.ts';
import { emitSetting } from './emit-setting.ts';

/** One API: the types that are used, how it is reached, and one function for each operation. */
export function emitSystem(plan: ServicePlan, entry: SystemPlan): string {
  const operations = entry.operations.map((operation) => emitOperation(operation));
  const values = [
    ...(entry.operations.some((operation) =>
      operation.parameters.some((parameter) => parameter.in === 'path'),
    )
      ? ['pathSegment']
      : []),
    'readRate',
  ];
  return [
    emitHeader(plan),
    emitImport(values, '@mortise/runtime'),
    emitImport(['ApiRequest', 'System'], '@mortise/runtime', 'type'),
    entry.customAuth === undefined
      ? ''
      : emitImport([entry.customAuth.functionName], `../../${entry.customAuth.file}`),
    emitImport(['Config'], '../config.ts', 'type'),
    '\n',
    entry.typesText,
    '\n',
    emitCreate(plan, entry),
    '\n',
    operations.join('\n'),
  ].join('');
}

function emitCreate(plan: ServicePlan, entry: SystemPlan): string {
  const { system, createName } = entry;
  const headers = system.headers.map(
    (header) => `${key(header.name.toLowerCase())}: ${emitSetting(header.value)}`,
  );
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
  return `{ rate: ${rate}, concurrency: ${number('CONCURRENCY', system.concurrency)}, daily: ${number('DAILY', system.daily)},${pools.length === 0 ? '' : ` pools: [${pools.join(', ')}],`} }`;
}

function emitRate(rate: Rate): string {
  return `{ count: ${rate.count}, perMs: ${formatNumber(rate.perMs)} }`;
}

function emitOperation(plan: OperationPlan): string {
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
  const query = parameters
    .filter((parameter) => parameter.in === 'query')
    .map((parameter) => emitQuery(parameter));
  const headers = parameters
    .filter((parameter) => parameter.in === 'header')
    .map((parameter) => `${key(parameter.name)}: ${emitHeaderValue(parameter)}`);
  const name = nameOperation(operation);
  const id = operation.id === undefined ? '' : ` (${comment(operation.id)})`;
  return `/** ${comment(name)}${id} */
export function ${plan.functionName}(${signature}): ApiRequest {
  return {
    operation: ${quote(name)},
    method: ${quote(operation.method)},
    path: ${emitPath(operation.path, parameters)},
    ${query.length === 0 ? '' : `query: [${query.join(', ')}],`}
    ${headers.length === 0 ? '' : `headers: { ${headers.join(', ')} },`}
    ${bodyType === undefined ? '' : onlyBody ? 'body,' : `body: ${input}body,`}
  };
}
`;
}

function emitQuery(parameter: ParameterPlan): string {
  const join = parameter.join === undefined ? '' : `, join: ${quote(parameter.join)}`;
  return `{ name: ${quote(parameter.name)}, value: input.${parameter.property}${join} }`;
}

function emitHeaderValue(parameter: ParameterPlan): string {
  const value = `input.${parameter.property}`;
  if (parameter.type === 'string') return value;
  return parameter.required ? `String(${value})` : `${value} === undefined ? undefined : String(${value})`;
}

function emitPath(path: string, parameters: readonly ParameterPlan[]): string {
  const parts = path.split(/(\{[^}]+\})/).map((part) => {
    const parameter = parameters.find((entry) => entry.in === 'path' && part === `{${entry.name}}`);
    return parameter === undefined
      ? { text: part }
      : { code: `pathSegment(${quote(parameter.name)}, input.${parameter.property})` };
  });
  if (parts.every((part) => part.code === undefined)) return quote(path);
  const texts = parts.map((part) =>
    part.code === undefined
      ? quote(part.text)
          .slice(1, -1)
          .replaceAll('`', '\\`')
          .replaceAll('$', String.raw`\$`)
      : `\${${part.code}}`,
  );
  return `\`${texts.join('')}\``;
}
