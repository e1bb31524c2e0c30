import { operatorError } from '../../errors.ts';
import type { Command } from '../command.ts';

const USAGE = 'resume <flow|system>';

/** Lifts a halt or a pause that waits for a person. */
export const resumeCommand: Command = {
  name: 'resume',
  usage: USAGE,
  summary: 'go on after a halt or a pause',
  engine: 'none',
  needsStore: true,
  options: {},
  async run({ service, args, actor, json, print }) {
    const [name] = args;
    if (name === undefined) throw operatorError(`Usage: ${USAGE}`);
    const { store, clock } = service.context;
    const done =
      (await store.clearPause(`flow:${name}`, actor, clock.now())) ||
      (await store.clearPause(`system:${name}`, actor, clock.now()));
    const text = done ? `${name} goes on` : `Nothing called "${name}" is halted or paused. See: status`;
    print(json ? JSON.stringify({ name, done }) : text);
    return done ? 0 : 1;
  },
};
