import type { ServiceDefinition } from '../../runtime/src/engine/create-service.ts';
import type { AnyFlow } from '../../runtime/src/flow.ts';
import { makeSecret } from '../crash/canaries.ts';
import { createFaultFlow, GRACE_MS } from '../faults/fault-flow.ts';
import type { SoakStory } from './soak-story.ts';
import { CHANNEL_URL, SOURCE_URL, TARGET_URL } from './soak-world.ts';
import type { SoakWorld } from './soak-world.ts';

export const FLOW = 'people';

export function describeSoakService(story: SoakStory, world: SoakWorld): ServiceDefinition {
  return {
    integration: 'soak',
    systems: [
      {
        name: 'source',
        server: SOURCE_URL,
        auth: { kind: 'apiKey', in: 'header', name: 'X-API-Key', value: makeSecret('sourceKey') },
      },
      {
        name: 'target',
        server: TARGET_URL,
        auth: {
          kind: 'oauth2',
          grant: 'refresh_token',
          tokenUrl: `${TARGET_URL}/token`,
          client: 'client',
          secret: makeSecret('clientSecret'),
          refresh: world.tokens.seed,
          graceMs: GRACE_MS,
        },
      },
    ],
    flows: [createSoakFlow(story)],
    alerts: {
      channels: { ops: { kind: 'webhook', url: CHANNEL_URL, secret: makeSecret('channel') } },
      send: [
        {
          when: ['review', 'dead-letter', 'halt', 'pause', 'auth'],
          to: 'ops',
          ...(story.everyMs === 0 ? {} : { everyMs: story.everyMs }),
          rule: 'alerts.send[0]',
        },
      ],
    },
  };
}

/** The flow of the fault table, but every change is written, also where the target can only add. */
export function createSoakFlow({ tier }: Pick<SoakStory, 'tier'>): AnyFlow {
  const flow = createFaultFlow(tier);
  const [target] = flow.targets;
  const { lookUp } = target;
  const request = (sent: { readonly ref: string; readonly name: string }) => ({
    operation: 'GET /objects',
    method: 'GET',
    path: '/objects',
    query: [
      { name: 'ref', value: sent.ref },
      { name: 'name', value: sent.name },
    ],
  });
  return {
    ...flow,
    targets: [
      { ...target, mode: 'write', ...(lookUp === undefined ? {} : { lookUp: { ...lookUp, request } }) },
    ],
  };
}
