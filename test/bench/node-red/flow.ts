import { CONCURRENCY, mapByHand, PAGE_SIZE } from '../sync/records.ts';
import type { SourcePage, TargetContact } from '../sync/records.ts';

/**
 * The flow, as the editor would save it: a call of `path` reads all pages and writes all records, and is answered when
 * the last one is written. One function node hands out the work, so that `CONCURRENCY` writes are under way at any time
 * and the next page is read meanwhile: the most that Node-RED does without a package of its own, as its `split` node
 * would send all records of a page at once.
 */
export function createFlow(url: string, path: string): readonly object[] {
  const limits = JSON.stringify({ concurrency: CONCURRENCY, pageSize: PAGE_SIZE });
  const func = `${mapByHand.toString()}\n${dispatch.toString()}\nreturn dispatch(msg, context, ${limits});`;
  const at = { z: 'tab', x: 0, y: 0 };
  const request = {
    ...at,
    type: 'http request',
    method: 'POST',
    ret: 'obj',
    paytoqs: 'ignore',
    persist: true,
  };
  return [
    { id: 'tab', type: 'tab', label: 'bench' },
    { ...at, id: 'trigger', type: 'http in', url: path, method: 'get', wires: [['dispatch']] },
    { ...at, id: 'dispatch', type: 'function', func, outputs: 3, wires: [['read'], ['write'], ['answer']] },
    { ...request, id: 'read', url: `${url}/search`, wires: [['dispatch']] },
    { ...request, id: 'write', url: `${url}/contacts`, wires: [['dispatch']] },
    { ...at, id: 'answer', type: 'http response', statusCode: '200', wires: [] },
  ];
}

interface Message {
  /** Which request this was sent to; of the trigger, nothing. */
  readonly step?: 'read' | 'write';
  readonly statusCode?: number;
  readonly payload: unknown;
}

/** What the function node remembers between two messages. */
interface Run {
  readonly trigger: Message;
  page: SourcePage;
  /** Of the page, so many were handed out. */
  taken: number;
  /** Read ahead. */
  ready: SourcePage | undefined;
  isReading: boolean;
  writing: number;
}

interface Limits {
  readonly concurrency: number;
  readonly pageSize: number;
}

/** A message to each output: read, write, answer. Node-RED gets its text, so it may use nothing but the mapping. */
function dispatch(
  message: Message,
  context: { get(name: 'run'): Run; set(name: 'run', run: Run): void },
  { concurrency, pageSize }: Limits,
): readonly [read: Message | null, writes: readonly Message[], answer: Message | null] {
  if (message.step === undefined) {
    const nothing = { results: [] };
    const run = { trigger: message, page: nothing, taken: 0, ready: undefined, isReading: true, writing: 0 };
    context.set('run', run);
    return [{ step: 'read', payload: { limit: pageSize } }, [], null];
  }
  if (message.statusCode !== 200) throw new Error(`The mock answered ${message.statusCode}.`);
  const run = context.get('run');
  if (message.step === 'write') run.writing -= 1;
  else {
    run.ready = message.payload as SourcePage;
    run.isReading = false;
  }
  let read: Message | null = null;
  const writes: { step: 'write'; payload: TargetContact }[] = [];
  while (run.writing < concurrency) {
    if (run.taken === run.page.results.length && run.ready !== undefined) {
      run.page = run.ready;
      run.taken = 0;
      run.ready = undefined;
      run.isReading = run.page.next !== undefined;
      if (run.isReading) read = { step: 'read', payload: { after: run.page.next, limit: pageSize } };
    }
    const source = run.page.results[run.taken];
    if (source === undefined) break;
    run.taken += 1;
    run.writing += 1;
    writes.push({ step: 'write', payload: mapByHand(source) });
  }
  return [read, writes, run.writing === 0 && !run.isReading ? run.trigger : null];
}
