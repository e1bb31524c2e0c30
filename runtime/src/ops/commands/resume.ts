import { operatorError } from '../../errors.ts';
import type { Command } from '../command.ts';

/** Lifts a halt or a pause that waits for a person. */
export const resumeCommand: Command = {
  name: 'resume',
  usage: 'resume <flow|system>',
  summary: 'go on after a halt',
  engine: 'none',
  needsStore: true,
  options: {},
  async run({ service, args, actor, print }) {
    const [name] = args;
    if (name === undefined) throw operatorError('Usage: resume <flow|system>');
    const { store, clock } = service.context;
    const done =
      (await store.clearPause(`flow:${name}`, actor, clock.now())) ||
      (await store.clearPause(`system:${name}`, actor, clock.now()));
    print(done ? `${name} goes on` : `Nothing called "${name}" is halted.`);
    return done ? 0 : 1;
  },
};
