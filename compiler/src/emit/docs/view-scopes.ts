import { nameOperation } from '../../model/api-model.ts';
import type { SecurityRequirement } from '../../model/api-model.ts';
import type { SystemPlan } from '../../model/service-plan.ts';

/** The least that a system has to be asked for: what the descriptions of the used operations want, and nothing else. */
export function viewScopes({ system, operations }: SystemPlan) {
  const asked = operations.map(({ operation }) => ({
    call: nameOperation(operation),
    ways: operation.security,
  }));
  const scheme = chooseScheme(asked.map(({ ways }) => ways));
  const rows = asked.map(({ call, ways }) => ({
    call,
    wants: scheme === undefined ? describeWays(ways) : listScopes(ways, scheme).join(', ') || 'no scope',
  }));
  const least =
    scheme === undefined
      ? []
      : [...new Set(asked.flatMap(({ ways }) => listScopes(ways, scheme)))].toSorted();
  const given = system.auth.kind === 'oauth2' ? (system.auth.scopes ?? []) : [];
  return {
    system: system.name,
    rows,
    scheme,
    least: least.map((scope) => ({ scope })),
    compared: compareScopes(given, least),
  };
}

/** What the rules ask for beside what is needed; nothing where they leave that to the vendor's own settings. */
function compareScopes(given: readonly string[], least: readonly string[]): string | undefined {
  if (given.length === 0 || least.length === 0) return undefined;
  const more = given.filter((scope) => !least.includes(scope));
  const less = least.filter((scope) => !given.includes(scope));
  const parts = [
    more.length === 0 ? undefined : `more than the calls need by the description: ${more.join(', ')}`,
    less.length === 0 ? undefined : `not all that the description asks for; missing: ${less.join(', ')}`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? 'exactly these' : parts.join('; ');
}

const HAS_SCOPES: ReadonlySet<string | undefined> = new Set(['oauth2', 'openIdConnect']);

/** One scheme by which every operation that asks for anything lets a caller in: the one with the fewest scopes. */
function chooseScheme(operations: readonly (readonly SecurityRequirement[])[]): string | undefined {
  const asking = operations.filter((ways) => ways.length > 0);
  const names = asking.flatMap((ways) =>
    ways.flatMap((way) => way.filter(({ type }) => HAS_SCOPES.has(type)).map(({ scheme }) => scheme)),
  );
  const fitting = [...new Set(names)].filter((scheme) =>
    asking.every((ways) => ways.some((way) => way.some((one) => one.scheme === scheme))),
  );
  const count = (scheme: string): number => new Set(asking.flatMap((ways) => listScopes(ways, scheme))).size;
  return fitting.toSorted((left, right) => count(left) - count(right) || (left < right ? -1 : 1))[0];
}

/** The fewest scopes with which an operation can be called by a scheme. */
function listScopes(ways: readonly SecurityRequirement[], scheme: string): readonly string[] {
  const lists = ways.flatMap((way) => way.filter((one) => one.scheme === scheme).map(({ scopes }) => scopes));
  return (
    lists.toSorted(
      (left, right) => left.length - right.length || (left.join(' ') < right.join(' ') ? -1 : 1),
    )[0] ?? []
  );
}

function describeWays(ways: readonly SecurityRequirement[]): string {
  if (ways.length === 0) return 'nothing, by the description';
  return ways.map((way) => way.map(({ scheme }) => scheme).join(' and ') || 'nothing').join(', or ');
}
