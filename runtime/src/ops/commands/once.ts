import type { Command } from '../command.ts';
import type { Service } from '../../engine/create-service.ts';
import { readStatus } from '../server.ts';
import { renderStatus } from './status.ts';

/** One reading pass of every flow, and everything that can be delivered now. */
export const onceCommand: Command = {
  name: 'once',
  usage: 'once [--json]',
  summary: 'read each flow once, deliver what can be delivered, and end',
  engine: 'once',
  needsStore: false,
  options: {},
  async run({ service, options, print }) {
    await service.context.store.recoverSending();
    const ends = await Promise.all(service.runners.map((runner) => runner.runOnce()));
    await service.alerts.look();
    const calls = await countCalls(service);
    if (options['json'] === true) print(JSON.stringify({ ...(await readStatus(service)), calls }));
    else
      print(`${await renderStatus(service, false)}\ncalls: ${calls.retries} retries, ${calls.waits} waits`);
    const halted = ends.find((end) => end.kind === 'halt');
    if (halted !== undefined) print(`halted: ${halted.reason}`);
    const unfinished = ends.find((end) => end.kind === 'later');
    if (unfinished !== undefined) print(`not finished: ${unfinished.reason}`);
    let waiting = 0;
    for (const { flow } of service.runners) waiting += await service.context.store.countLive(flow.name);
    if (waiting > 0)
      print(
        `${waiting} records wait: a system does not take them now. The log says why; run it again, or leave "run" running.`,
      );
    return halted === undefined && unfinished === undefined && waiting === 0 ? 0 : 1;
  },
};

async function countCalls(service: Service): Promise<{ readonly retries: number; readonly waits: number }> {
  const sum = async (metric: {
    get(): Promise<{ readonly values: readonly { readonly value: number }[] }>;
  }): Promise<number> => (await metric.get()).values.reduce((total, entry) => total + entry.value, 0);
  const { retries, waits } = service.context.metrics;
  return { retries: await sum(retries), waits: await sum(waits) };
}
