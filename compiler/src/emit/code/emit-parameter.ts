import type { ParameterPlan } from '../../model/service-plan.ts';
import { quote } from '../text/code-literals.ts';

const JOINTS: Readonly<Record<string, string>> = {
  form: ',',
  cookie: ',',
  spaceDelimited: ' ',
  pipeDelimited: '|',
};

/** A parameter of the query, or a cookie. */
export function emitQueryValue(parameter: ParameterPlan): string {
  return `{ name: ${quote(parameter.name)}, value: input.${parameter.property}${emitManner(parameter)} }`;
}

function emitManner({ kind, style, explode }: ParameterPlan): string {
  if (style === 'json') return `, as: 'json'`;
  if (kind === 'scalar') return '';
  if (style === 'deepObject') return `, as: 'brackets'`;
  return explode ? '' : `, join: ${quote(JOINTS[style] ?? ',')}`;
}

export function emitHeaderValue({ kind, property, type, required, explode }: ParameterPlan): string {
  const value = `input.${property}`;
  if (kind === 'object') return `headerValue(${value}${explode ? ', true' : ''})`;
  if (type === 'string') return value;
  return required ? `String(${value})` : `${value} === undefined ? undefined : String(${value})`;
}

export function emitPath(path: string, parameters: readonly ParameterPlan[]): string {
  const parts = path.split(/(\{[^}]+\})/).map((part) => {
    const parameter = parameters.find((entry) => entry.in === 'path' && part === `{${entry.name}}`);
    return parameter === undefined ? { text: part } : { code: emitPathValue(parameter) };
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

function emitPathValue({ name, property, kind, style, explode }: ParameterPlan): string {
  if (kind === 'scalar' && style === 'simple') return `pathSegment(${quote(name)}, input.${property})`;
  const manner = [
    ...(style === 'simple' ? [] : [`style: ${quote(style)}`]),
    ...(explode ? ['explode: true'] : []),
  ].join(', ');
  return `pathValue(${quote(name)}, input.${property}, {${manner === '' ? '' : ` ${manner} `}})`;
}
