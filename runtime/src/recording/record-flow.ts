import { createFlowRunner } from '../engine/flow-runner.ts';
import type { Service } from '../engine/create-service.ts';
import type { AnyFlow } from '../flow.ts';
import type { ApiClient } from '../http/api-client.ts';
import type { CallOutcome } from '../http/call-outcome.ts';
import type { RunContext } from '../run-context.ts';
import type { Store } from '../store/store.ts';
import type { Recorder } from './create-recorder.ts';

export interface RecordFlowOptions {
  readonly recorder: Recorder;
  /** Pages of the source. */
  readonly pages: number;
  /** Records for which anything is looked up or written. */
  readonly records: number;
  /** Epoch milliseconds from which changes are read. */
  readonly sinceMs: number;
  /** `PUT /Invoices`: writes that go out. */
  readonly writes: ReadonlySet<string>;
}

export interface RecordedEnd {
  /** Why it did not read what it was to read; undefined where it did. */
  readonly reason: string | undefined;
  /** The source had more pages. */
  readonly isCut: boolean;
}

/** Far enough away that nobody waits for it. */
const NOT_NOW_MS = 86_400_000;
const ENOUGH = 'enough pages are recorded';

/**
 * Runs a flow as the service does, through the same clients, limits and retries, on a store that is thrown away: a few
 * pages, the look-ups of a few records, and only those writes that were asked for.
 */
export async function recordFlow(
  service: Service,
  flow: AnyFlow,
  options: RecordFlowOptions,
): Promise<RecordedEnd> {
  const { recorder } = options;
  const client = (system: string): ApiClient => {
    const found = service.clients.find((entry) => entry.system === system);
    if (found === undefined) throw new Error(`The service has no system ${system}.`);
    return found;
  };
  const { clock } = service.context;
  const later = (reason: string): CallOutcome => ({
    kind: 'wait',
    untilMs: clock.now() + NOT_NOW_MS,
    reason,
  });
  const context: RunContext = {
    ...service.context,
    store: limitStore(service.context.store, options.records),
  };
  // As if the first run were long ago: what a first run does with history is not what is recorded.
  await context.store.savePass(flow.name, {
    watermarkMs: options.sinceMs,
    firstDone: true,
    open: undefined,
  });
  const source = recorder.name(client(flow.read.system), { role: 'read', name: undefined });
  let pages = 0;
  const runner = createFlowRunner({
    flow,
    context,
    source: {
      ...source,
      call(request, call) {
        pages += 1;
        return pages > options.pages ? Promise.resolve(later(ENOUGH)) : source.call(request, call);
      },
    },
    findClients: Object.fromEntries(
      (flow.find ?? []).map((find) => [
        find.name,
        recorder.name(client(find.system), { role: 'find', name: find.name }),
      ]),
    ),
    clients: flow.targets.map((target) => {
      const named = recorder.name(client(target.system), { role: 'write', name: target.name });
      return {
        ...named,
        call: (request, call) =>
          call.role === 'write' && !options.writes.has(request.operation)
            ? Promise.resolve(later('no write was asked for'))
            : named.call(request, call),
      };
    }),
  });
  const end = await runner.runOnce();
  const isCut = end.kind === 'later' && end.reason === ENOUGH;
  if (end.kind === 'done' || isCut) return { reason: undefined, isCut };
  return { reason: 'reason' in end ? end.reason : 'it was stopped', isCut };
}

/** Takes in so many records and no more. */
function limitStore(store: Store, records: number): Store {
  let left = records;
  return {
    ...store,
    takeIn(flow, page, ...rest) {
      const taken = page.slice(0, left);
      left -= taken.length;
      return store.takeIn(flow, taken, ...rest);
    },
  };
}
