import type { AnyFlow } from '../../flow.ts';
import type { DrillExchange } from './drill.ts';

/** What the look-ups of a world find. */
export function listFound(flow: AnyFlow, all: readonly DrillExchange[]): Readonly<Record<string, unknown>> {
  const entries = (flow.find ?? []).map((find) => {
    const records = all
      .filter(({ role, name }) => role === 'find' && name === find.name)
      .flatMap(({ response }) => find.records(response.body) ?? []);
    return [find.name, find.take === 'all' ? records : records[0]] as const;
  });
  return Object.fromEntries(entries);
}

/** What the targets of a world call the record, by their answers to the writes. */
export function listIds(
  flow: AnyFlow,
  all: readonly DrillExchange[],
): Readonly<Record<string, string | undefined>> {
  const entries = flow.targets.map(({ name: target, id: readId, batch }, index) => {
    const write = all.find(
      ({ role, name }) => role === 'write' && (name === target || (name === undefined && index === 0)),
    );
    const body = write?.response.body;
    const id: unknown =
      write === undefined
        ? undefined
        : batch === undefined
          ? readId?.(body)
          : batch.id?.(batch.results(body)?.[0]);
    return [target, typeof id === 'string' || typeof id === 'number' ? String(id) : undefined] as const;
  });
  return Object.fromEntries(entries);
}
