import type { CheckedFlow } from '../model/checked-model.ts';

/** What one flow does becomes a record, or a change, of another. */
export interface FlowLink {
  readonly from: CheckedFlow;
  readonly to: CheckedFlow;
}

/** The shortest way of links that leads back to where this one begins. */
export function findWayBack<Link extends FlowLink>(
  first: Link,
  links: readonly Link[],
): readonly Link[] | undefined {
  const ways: (readonly Link[])[] = [[first]];
  const seen = new Set<CheckedFlow>();
  for (const way of ways) {
    const end = way.at(-1)?.to;
    if (end === first.from) return way;
    if (end === undefined || seen.has(end)) continue;
    seen.add(end);
    ways.push(...links.filter(({ from }) => from === end).map((link) => [...way, link]));
  }
  return undefined;
}
