import { nameOperation } from '../../model/api-model.ts';
import type { SecurityRequirement } from '../../model/api-model.ts';
import type { SystemPlan } from '../../model/service-plan.ts';

/** The least that a system has to be asked for: what the descriptions of the used operations want, and nothing else. */
export function viewScopes({ system, operations }: SystemPlan) {
  const asked = operations.map(({ operation }) => operation.security);
  const scheme = chooseScheme(asked);
  const chosen = scheme === undefined ? [] : chooseScopes(asked, scheme);
  const least = [...new Set(chosen.flat())].toSorted();
  const given = system.auth.kind === 'oauth2' ? (system.auth.scopes ?? []) : [];
  return {
    system: system.name,
    rows: operations.map(({ operation }, index) => ({
      call: nameOperation(operation),
      wants:
        scheme === undefined
          ? describeWays(operation.security)
          : (chosen[index] ?? []).join(', ') || 'no scope',
    })),
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
  const count = (scheme: string): number => new Set(chooseScopes(asking, scheme).flat()).size;
  return fitting.toSorted((left, right) => count(left) - count(right) || (left < right ? -1 : 1))[0];
}

/**
 * The scopes with which each operation is called by a scheme. Where it lets several in, those that add the fewest to
 * what the others need, after the operations that leave no choice.
 */
function chooseScopes(
  operations: readonly (readonly SecurityRequirement[])[],
  scheme: string,
): (readonly string[])[] {
  const ways = operations.map((asked) =>
    asked.flatMap((way) => way.filter((one) => one.scheme === scheme).map(({ scopes }) => scopes)),
  );
  const chosen = ways.map((): readonly string[] => []);
  const needed = new Set<string>();
  const order = ways.map((_, index) => index);
  for (const index of order.toSorted(
    (left, right) => (ways[left]?.length ?? 0) - (ways[right]?.length ?? 0),
  )) {
    const added = (scopes: readonly string[]): number => scopes.filter((scope) => !needed.has(scope)).length;
    const [first = []] = (ways[index] ?? []).toSorted(
      (left, right) =>
        added(left) - added(right) ||
        left.length - right.length ||
        (left.join(' ') < right.join(' ') ? -1 : 1),
    );
    chosen[index] = first;
    for (const scope of first) needed.add(scope);
  }
  return chosen;
}

function describeWays(ways: readonly SecurityRequirement[]): string {
  if (ways.length === 0) return 'nothing, by the description';
  return ways.map((way) => way.map(({ scheme }) => scheme).join(' and ') || 'nothing').join(', or ');
}
