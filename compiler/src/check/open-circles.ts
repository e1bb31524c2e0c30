import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import type { CheckedFlow } from '../model/checked-model.ts';
import type { TargetModel } from '../model/integration-model.ts';
import { childOf } from '../source/source-ref.ts';
import { collectionOf } from './collection-of.ts';
import type { GateContext } from './gate-context.ts';

/** What one flow writes becomes a record, or a change, of another. */
export interface FlowLink {
  readonly from: CheckedFlow;
  readonly target: TargetModel;
  readonly to: CheckedFlow;
}

/** Links that lead back to where they begin, of which one flow leaves nothing out. */
interface OpenCircle<Link extends FlowLink> {
  readonly way: readonly Link[];
  readonly open: Link;
}

/** Whether the flow reads the list whose objects the target is sent. */
export function readsBack({ flow: { source } }: CheckedFlow, { system, operation }: TargetModel): boolean {
  return source.system === system && collectionOf(source.operation.path) === collectionOf(operation.path);
}

/** Each flow is named once. A condition that leaves records out is the decision that is asked for, of each of them. */
export function listOpenCircles<Link extends FlowLink>(links: readonly Link[]): OpenCircle<Link>[] {
  const told = new Set<CheckedFlow>();
  return links.flatMap((link) => {
    const way = findWayBack(link, links);
    const open = way?.find(({ from }) => from.flow.keep.length === 0);
    if (way === undefined || open === undefined || way.some(({ from }) => told.has(from))) return [];
    for (const { from } of way) told.add(from);
    return [{ way, open }];
  });
}

/** The shortest way of links that leads back to where this one begins. */
function findWayBack<Link extends FlowLink>(
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

export function reportCircle(
  { found }: GateContext,
  { way, open: { target } }: OpenCircle<FlowLink>,
  problem: string,
): void {
  found.push(
    createDiagnostic('invalid-value', { problem }, childOf(target.origin, target.mode), {
      related: way.map(({ to }) => ({
        at: childOf(to.flow.source.origin, 'read'),
        message: `flow "${to.flow.name}" reads it here`,
      })),
    }),
  );
}
