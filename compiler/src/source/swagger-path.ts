import type { PathStep } from './source-ref.ts';

const COMPONENTS: Readonly<Record<string, string>> = {
  schemas: 'definitions',
  parameters: 'parameters',
  responses: 'responses',
  securitySchemes: 'securityDefinitions',
};

/** A reference as a Swagger 2.0 file writes it. */
export function toSwaggerReference(ref: string): string {
  return ref.replace(/#\/components\/(\w+)\//, (whole, section: string) => {
    const name = nameSection(section);
    return name === undefined ? whole : `#/${name}/`;
  });
}

/**
 * Where in a Swagger 2.0 file that stands which the loader has moved to its place in OpenAPI 3.
 * @param valueAt what the file holds at a path
 */
export function toSwaggerPath(
  path: readonly PathStep[],
  valueAt: (path: readonly PathStep[]) => unknown,
): readonly PathStep[] {
  const [first, section, ...rest] = path;
  if (first === 'openapi') return ['swagger'];
  if (first !== 'components' && first !== 'paths') return path;
  if (first === 'components') {
    const name = nameSection(String(section));
    return name === undefined ? path : simplify([name, ...rest]);
  }
  const at = path.indexOf('requestBody');
  return at === -1 ? simplify(path) : findBody(path.slice(0, at), path.slice(at + 1), valueAt);
}

/** Schemas stand right below a response, and beside the name of a parameter. */
function simplify(path: readonly PathStep[]): readonly PathStep[] {
  const content = path.indexOf('content');
  if (content !== -1) return [...path.slice(0, content), ...path.slice(content + 2)];
  const schema = path.indexOf('schema');
  const isParameter = schema !== -1 && path.indexOf('parameters') === schema - 2;
  return isParameter ? [...path.slice(0, schema), ...path.slice(schema + 1)] : path;
}

/** A body is one of the parameters, and each field of a form is. */
function findBody(
  operation: readonly PathStep[],
  inside: readonly PathStep[],
  valueAt: (path: readonly PathStep[]) => unknown,
): readonly PathStep[] {
  const parameters = [...operation, 'parameters'];
  const find = (fits: (get: (key: string) => unknown) => boolean): number => {
    for (let index = 0; valueAt([...parameters, index]) !== undefined; index += 1)
      if (fits((key) => valueAt([...parameters, index, key]))) return index;
    return -1;
  };
  const body = find((get) => get('in') === 'body');
  // content, the media type, schema
  const below = inside.slice(3);
  if (body !== -1) return [...parameters, body, ...(inside.length > 2 ? ['schema', ...below] : [])];
  const [, name, ...rest] = below;
  const field = name === undefined ? -1 : find((get) => get('in') === 'formData' && get('name') === name);
  return field === -1 ? parameters : [...parameters, field, ...rest];
}

function nameSection(section: string): string | undefined {
  return Object.hasOwn(COMPONENTS, section) ? COMPONENTS[section] : undefined;
}
