import type { AnyFlow } from '../flow.ts';
import type { Store } from '../store/store.ts';

/** Records for which nothing is done any more: the rules have no such flow, or no such target of it. */
export interface Stranded {
  readonly flow: string;
  /** Undefined where the flow itself is gone. */
  readonly target: string | undefined;
  readonly count: number;
}

export async function collectStranded(
  store: Pick<Store, 'listWaiting'>,
  flows: readonly Pick<AnyFlow, 'name' | 'targets'>[],
): Promise<readonly Stranded[]> {
  const counts = new Map<string, Stranded>();
  for (const { flow: name, target, count } of await store.listWaiting()) {
    const flow = flows.find((one) => one.name === name);
    const isKnown = flow?.targets.some((one) => one.name === target) === true;
    if (flow !== undefined && (target === undefined || isKnown)) continue;
    const one = flow === undefined ? undefined : target;
    const id = JSON.stringify([name, one]);
    counts.set(id, { flow: name, target: one, count: (counts.get(id)?.count ?? 0) + count });
  }
  return [...counts.values()];
}

/** What happened, and what to do: nothing is sent by a name that the rules do not have. */
export function describeStranded({ flow, target, count }: Stranded): string {
  const what = target === undefined ? `no flow "${flow}"` : `no target "${target}" in the flow "${flow}"`;
  return `the rules have ${what} any more, and ${count === 1 ? '1 record waits' : `${count} records wait`} for it: give it its old name back until all is delivered; what was never sent can be erased`;
}
