import { operatorError } from '../../errors.ts';
import type { Command } from '../command.ts';

const USAGE = 'dead list [flow] | retry <id>';

/** Records that failed for good, and can be put back. */
export const deadCommand: Command = {
  name: 'dead',
  usage: USAGE,
  summary: 'records that failed for good',
  engine: 'none',
  needsStore: true,
  options: {},
  async run({ service, args, options, actor, print }) {
    const [verb = 'list', name] = args;
    const { store, clock } = service.context;
    if (verb === 'list') {
      const dead = await store.listDead({ ...(name === undefined ? {} : { flow: name }), limit: 1000 });
      if (options['json'] === true) for (const entry of dead) print(JSON.stringify(entry));
      else if (dead.length === 0) print('There are no dead letters.');
      else
        for (const entry of dead)
          print(`${String(entry.itemId).padStart(6)}  ${entry.flow}/${entry.key}  ${entry.reason}`);
      return 0;
    }
    if (verb !== 'retry' || !/^\d+$/.test(name ?? '')) throw operatorError(`Usage: ${USAGE}`);
    const done = await store.retryDead(Number(name), actor, clock.now());
    print(done ? `dead letter ${name}: put back into the queue` : `There is no dead letter ${name}.`);
    return done ? 0 : 1;
  },
};
