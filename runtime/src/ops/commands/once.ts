import type { Command } from '../command.ts';
import { renderStatus } from './status.ts';

/** One reading pass of every flow, and everything that can be delivered now. */
export const onceCommand: Command = {
  name: 'once',
  usage: 'once [--json]',
  summary: 'read each flow once, deliver what can be delivered, and end',
  engine: 'once',
  options: {},
  async run({ service, options, print }) {
    await service.context.store.recoverSending();
    const ends = await Promise.all(service.runners.map((runner) => runner.runOnce()));
    print(await renderStatus(service, options['json'] === true));
    const halted = ends.find((end) => end.kind === 'halt');
    if (halted !== undefined) print(`halted: ${halted.reason}`);
    const unfinished = ends.find((end) => end.kind === 'later');
    if (unfinished !== undefined) print(`not finished: ${unfinished.reason}`);
    return halted === undefined && unfinished === undefined ? 0 : 1;
  },
};
