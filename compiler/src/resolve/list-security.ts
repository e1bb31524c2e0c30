import type { SecurityRequirement } from '../model/api-model.ts';
import type { Json, JsonObject } from '../model/workspace.ts';
import { isObject } from './follow-reference.ts';

/**
 * The ways in which an operation lets a caller in: its own, else those of the whole description.
 * OpenAPI 3, "Security Requirement Object": one of the list is enough, and all schemes of that one are needed.
 */
export function listSecurity(operation: JsonObject, root: JsonObject): SecurityRequirement[] {
  const given = operation['security'] ?? root['security'];
  if (!Array.isArray(given)) return [];
  const { components } = root;
  const schemes = isObject(components) ? components['securitySchemes'] : undefined;
  return (given as Json[]).flatMap((requirement) =>
    isObject(requirement)
      ? [
          Object.entries(requirement)
            .map(([scheme, scopes]) => ({
              scheme,
              type: typeOf(isObject(schemes) && Object.hasOwn(schemes, scheme) ? schemes[scheme] : undefined),
              scopes: Array.isArray(scopes) ? [...new Set(scopes.map(String))].toSorted() : [],
            }))
            .toSorted((left, right) => (left.scheme < right.scheme ? -1 : 1)),
        ]
      : [],
  );
}

function typeOf(scheme: Json | undefined): string | undefined {
  return isObject(scheme) && typeof scheme['type'] === 'string' ? scheme['type'] : undefined;
}
