import type { Service } from '../../engine/create-service.ts';
import type { Command } from '../command.ts';
import { readStatus } from '../server.ts';

/** What was taken in and what became of it: the sum of the states is what was taken in. */
export const statusCommand: Command = {
  name: 'status',
  usage: 'status [--json]',
  summary: 'what was read and what became of it',
  engine: 'none',
  needsStore: true,
  options: {},
  async run({ service, options, print }) {
    print(await renderStatus(service, options['json'] === true));
    return 0;
  },
};

export async function renderStatus(service: Service, json: boolean): Promise<string> {
  const status = await readStatus(service);
  if (json) return JSON.stringify(status);
  const lines = status.flows.flatMap((flow) => {
    const sum = Object.values(flow.states).reduce((total, count) => total + count, 0);
    const states = Object.entries(flow.states).map(([state, count]) => `  ${state.padEnd(12)} ${count}`);
    const proof =
      sum === flow.takenIn
        ? `= ${sum}, the sum of the states`
        : `but the states add up to ${sum}: this is a fault`;
    return [
      `${flow.flow}: taken in ${flow.takenIn} ${proof}; read again ${flow.rereads}; read up to ${flow.watermark ?? 'nothing yet'}`,
      ...states,
    ];
  });
  const pauses = status.pauses.map(
    (pause) => `${pause.kind} ${pause.name} since ${pause.since}: ${pause.reason}`,
  );
  const stranded = status.stranded.map(
    (flow) =>
      `The store holds ${flow.takenIn} records of the flow "${flow.flow}", which is not part of this version: ${JSON.stringify(flow.states)}`,
  );
  return [...lines, ...pauses, ...stranded].join('\n');
}
