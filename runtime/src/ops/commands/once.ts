import { collectStranded, describeStranded } from '../../alerts/collect-stranded.ts';
import type { Command } from '../command.ts';
import type { Service } from '../../engine/create-service.ts';
import type { PassEnd } from '../../inbox/read-pass.ts';
import { readStatus } from '../read-status.ts';
import { renderStatus } from '../render-status.ts';

/** One reading pass of every flow, and everything that can be delivered now. */
export const onceCommand: Command = {
  name: 'once',
  usage: 'once',
  summary: 'read each flow once, deliver what can be delivered, and end',
  engine: 'once',
  needsStore: false,
  options: {},
  async run({ service, json, print }) {
    const { store } = service.context;
    await store.recoverSending();
    const ends = await Promise.all(service.runners.map((runner) => runner.runOnce()));
    await service.alerts.look();
    const calls = await countCalls(service);
    const notes = [...ends.flatMap(describeEnd), ...(await describeRest(service))];
    const status = await readStatus(service);
    if (json) print(JSON.stringify({ ...status, calls, unfinished: notes }));
    else {
      print(`${renderStatus(status)}\ncalls: ${calls.retries} retries, ${calls.waits} waits`);
      for (const note of notes) print(note);
    }
    return notes.length === 0 ? 0 : 1;
  },
};

function describeEnd(end: PassEnd): string[] {
  if (end.kind === 'halt') return [`halted: ${end.reason}`];
  if (end.kind === 'stopped')
    return ['not finished: it was asked to stop before the source was read to its end'];
  return end.kind === 'later' ? [`not finished: ${end.reason}`] : [];
}

async function describeRest({ context, runners }: Service): Promise<string[]> {
  const flows = runners.map(({ flow }) => flow);
  const stranded = await collectStranded(context.store, flows);
  const notes = stranded.map(describeStranded);
  let waiting = 0;
  for (const { flow } of runners) {
    const told = stranded.filter((one) => one.flow === flow.name).reduce((sum, { count }) => sum + count, 0);
    waiting += (await context.store.countLive(flow.name)) - told;
    const backfill = await context.store.findBackfill(flow.name);
    if (backfill !== undefined)
      notes.push(`The ${backfill.kind} of ${flow.name} is not finished; it goes on when this is run again.`);
  }
  if (waiting > 0)
    notes.push(
      `${waiting} records wait: a system does not take them now. The log says why; run it again, or leave "run" running.`,
    );
  return notes;
}

async function countCalls(service: Service): Promise<{ readonly retries: number; readonly waits: number }> {
  const sum = async (metric: {
    get(): Promise<{ readonly values: readonly { readonly value: number }[] }>;
  }): Promise<number> => (await metric.get()).values.reduce((total, entry) => total + entry.value, 0);
  const { retries, waits } = service.context.metrics;
  return { retries: await sum(retries), waits: await sum(waits) };
}
