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

/** The texts of a path and the parameters between them, found by their names: a name may hold braces of its own. */
function splitPath(path: string, parameters: readonly ParameterPlan[]): (string | ParameterPlan)[] {
  const places = parameters
    .map((parameter) => ({ parameter, at: path.indexOf(`{${parameter.name}}`) }))
    .filter(({ parameter, at }) => parameter.in === 'path' && at >= 0)
    .toSorted(
      (left, right) => left.at - right.at || right.parameter.name.length - left.parameter.name.length,
    );
  const [first] = places;
  if (first === undefined) return path === '' ? [] : [path];
  const { parameter, at } = first;
  const after = path.slice(at + parameter.name.length + 2);
  return [...(at === 0 ? [] : [path.slice(0, at)]), parameter, ...splitPath(after, parameters)];
}

export function emitPath(path: string, parameters: readonly ParameterPlan[]): string {
  const parts = splitPath(path, parameters).map((part) =>
    typeof part === 'string' ? { text: part, code: undefined } : { text: '', code: emitPathValue(part) },
  );
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
