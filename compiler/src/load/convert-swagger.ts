import type { Json, JsonObject } from '../model/workspace.ts';
import { convertOperation } from './convert-swagger-operation.ts';
import type { SwaggerContext } from './convert-swagger-operation.ts';
import { convertParameter } from './convert-swagger-parameter.ts';
import { convertResponse } from './convert-swagger-response.ts';
import { convertSchemas, isMap, listStrings } from './convert-swagger-schema.ts';
import type { ReferenceLookUp } from './convert-swagger-schema.ts';

const METHODS: ReadonlySet<string> = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch']);

/**
 * A Swagger 2.0 description, or a file that one refers to, as OpenAPI 3.0 says the same. `toSwaggerPath` finds the places
 * again, so whatever is moved here is moved back there.
 * @param lookUp what a reference of the file leads to, also in another file
 */
export function convertSwagger(value: JsonObject, lookUp: ReferenceLookUp): JsonObject {
  const context: SwaggerContext = {
    lookUp,
    consumes: listStrings(value['consumes']) ?? ['application/json'],
    produces: listStrings(value['produces']) ?? ['application/json'],
  };
  const {
    swagger: _swagger,
    definitions,
    parameters,
    responses,
    securityDefinitions,
    paths,
    host,
    basePath,
    schemes,
    ...rest
  } = value;
  return {
    ...mapValues(rest, (node) => convertNode(node, context)),
    openapi: '3.0.3',
    ...(typeof host === 'string' && { servers: listServers(host, basePath, schemes) }),
    ...(isMap(paths) && { paths: mapValues(paths, (item) => convertNode(item, context)) }),
    components: {
      ...(isMap(definitions) && { schemas: convertSchemas(definitions) }),
      ...(isMap(parameters) && {
        parameters: mapValues(parameters, (node) => (isMap(node) ? convertParameter(node) : node)),
      }),
      ...(isMap(responses) && {
        responses: mapValues(responses, (node) =>
          isMap(node) ? convertResponse(node, context.produces) : node,
        ),
      }),
      ...(isMap(securityDefinitions) && { securitySchemes: mapValues(securityDefinitions, convertSecurity) }),
    },
  };
}

/** What stands somewhere in a file: a path item tells itself by its operations, anything else is a schema or holds one. */
function convertNode(node: Json | undefined, context: SwaggerContext): Json | undefined {
  if (!isMap(node)) return node;
  const holdsOperations = Object.entries(node).some(
    ([key, child]) => METHODS.has(key) && isMap(child) && isMap(child['responses']),
  );
  if (!holdsOperations) return convertSchemas(node);
  const shared = Array.isArray(node['parameters']) ? (node['parameters'] as readonly Json[]) : [];
  return Object.fromEntries(
    Object.entries(node).map(([key, child]) => {
      if (METHODS.has(key) && isMap(child)) return [key, convertOperation(child, shared, context)];
      if (key !== 'parameters') return [key, child];
      return [key, shared.map((entry) => (isMap(entry) ? convertParameter(entry, context.lookUp) : entry))];
    }),
  );
}

function mapValues(map: JsonObject, convert: (node: Json | undefined) => Json | undefined): JsonObject {
  return Object.fromEntries(Object.entries(map).map(([name, node]) => [name, convert(node)]));
}

function listServers(host: string, basePath: Json | undefined, schemes: Json | undefined): Json {
  const path = typeof basePath === 'string' ? basePath.replace(/\/$/, '') : '';
  return (listStrings(schemes) ?? ['https']).map((scheme) => ({ url: `${scheme}://${host}${path}` }));
}

const FLOWS: Readonly<Record<string, string>> = {
  implicit: 'implicit',
  password: 'password',
  application: 'clientCredentials',
  accessCode: 'authorizationCode',
};

function convertSecurity(node: Json | undefined): Json | undefined {
  if (!isMap(node)) return node;
  const { type, flow, authorizationUrl, tokenUrl, scopes, ...rest } = node;
  if (type === 'basic') return { ...rest, type: 'http', scheme: 'basic' };
  if (type !== 'oauth2') return node;
  const given = String(flow);
  const name = Object.hasOwn(FLOWS, given) ? (FLOWS[given] ?? given) : given;
  return { ...rest, type, flows: { [name]: { authorizationUrl, tokenUrl, scopes: scopes ?? {} } } };
}
