import type { Json, JsonObject } from '../model/workspace.ts';
import { convertCollection, convertParameter, convertValue, isInBody } from './convert-swagger-parameter.ts';
import { convertResponse } from './convert-swagger-response.ts';
import { convertSchemas, isMap, listStrings } from './convert-swagger-schema.ts';
import type { ReferenceLookUp } from './convert-swagger-schema.ts';

export interface SwaggerContext {
  readonly lookUp: ReferenceLookUp;
  readonly consumes: readonly string[];
  readonly produces: readonly string[];
}

/** @param shared the parameters of the path item, of which those in the body are in the body of each operation */
export function convertOperation(
  operation: JsonObject,
  shared: readonly Json[],
  context: SwaggerContext,
): JsonObject {
  const { consumes: _consumes, produces: _produces, parameters, responses, ...rest } = operation;
  const own = Array.isArray(parameters) ? (parameters as readonly Json[]) : [];
  const consumes = listStrings(operation['consumes']) ?? context.consumes;
  const produces = listStrings(operation['produces']) ?? context.produces;
  const body = buildBody([...shared, ...own], consumes, context.lookUp);
  return {
    ...rest,
    ...(own.length > 0 && {
      parameters: own.map((entry) => (isMap(entry) ? convertParameter(entry, context.lookUp) : entry)),
    }),
    ...(body !== undefined && { requestBody: body }),
    ...(isMap(responses) && {
      responses: Object.fromEntries(
        Object.entries(responses).map(([status, response]) => [
          status,
          isMap(response) ? convertResponse(response, produces) : response,
        ]),
      ),
    }),
  };
}

function buildBody(
  parameters: readonly Json[],
  consumes: readonly string[],
  lookUp: ReferenceLookUp,
): JsonObject | undefined {
  const inBody = parameters
    .filter((entry) => isMap(entry))
    .map((entry) => (typeof entry['$ref'] === 'string' ? lookUp(entry['$ref']) : entry))
    .filter((entry) => entry !== undefined && isInBody(entry)) as JsonObject[];
  // The operation's own comes last, and counts.
  const body = inBody.findLast((entry) => entry['in'] === 'body');
  if (body !== undefined) {
    const schema = isMap(body['schema']) ? convertSchemas(body['schema']) : {};
    return {
      required: body['required'] === true,
      content: Object.fromEntries(consumes.map((type) => [type, { schema }])),
    };
  }
  return inBody.length === 0 ? undefined : buildForm(inBody, consumes);
}

const FORM = 'application/x-www-form-urlencoded';

function buildForm(fields: readonly JsonObject[], consumes: readonly string[]): JsonObject {
  const hasFile = fields.some((field) => field['type'] === 'file');
  const isMultipart = hasFile || (consumes.includes('multipart/form-data') && !consumes.includes(FORM));
  const required = fields.filter((field) => field['required'] === true).map((field) => String(field['name']));
  const lists = fields.filter((field) => field['type'] === 'array');
  return {
    required: required.length > 0,
    content: {
      [isMultipart ? 'multipart/form-data' : FORM]: {
        schema: {
          type: 'object',
          required,
          properties: Object.fromEntries(fields.map((field) => [String(field['name']), convertValue(field)])),
        },
        ...(!isMultipart && {
          encoding: Object.fromEntries(
            lists.map((field) => [String(field['name']), convertCollection(field)]),
          ),
        }),
      },
    },
  };
}
