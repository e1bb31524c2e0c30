import type { Command } from '../command.ts';
import { readStatus } from '../read-status.ts';
import { renderStatus } from '../render-status.ts';

/** What was taken in and what became of it: the sum of the states is what was taken in. */
export const statusCommand: Command = {
  name: 'status',
  usage: 'status',
  summary: 'what was read and what became of it; what is late, paused, blocked or wrong',
  engine: 'none',
  needsStore: true,
  options: {},
  async run({ service, json, print }) {
    const status = await readStatus(service);
    print(json ? JSON.stringify(status) : renderStatus(status));
    return 0;
  },
};
