import type { ServiceDefinition } from '../../engine/create-service.ts';
import { replaySystem } from '../replayed-flow.ts';
import { markRoles } from './drill-world.ts';

/** A flow that reads more rarely, or on a schedule, is read this often in a drill. */
export const MOST_EVERY_MS = 3_600_000;

/** A definition as it is played: no real keys, one channel for each that is declared, readings that are not far apart. */
export function prepareDefinition(definition: ServiceDefinition): ServiceDefinition {
  const { alerts } = definition;
  const channels = Object.keys(alerts?.channels ?? {}).map((name) => [
    name,
    {
      kind: 'webhook',
      url: `https://${encodeURIComponent(name)}.drill`,
      secret: 'of-a-drill-and-long-enough',
    } as const,
  ]);
  return {
    ...definition,
    systems: definition.systems.map(replaySystem),
    flows: definition.flows.map((flow) => {
      const { at: _, ...read } = flow.read;
      return markRoles({ ...flow, read: { ...read, everyMs: Math.min(read.everyMs, MOST_EVERY_MS) } });
    }),
    ...(alerts === undefined
      ? {}
      : { alerts: { ...alerts, channels: Object.fromEntries(channels) as never } }),
  };
}
