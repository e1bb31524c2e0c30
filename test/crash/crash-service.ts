import type { ServiceDefinition } from '../../runtime/src/engine/create-service.ts';
import type { AnyFlow, AnyTarget } from '../../runtime/src/flow.ts';
import { createFaultFlow } from '../faults/fault-flow.ts';
import { makeSecret } from './canaries.ts';
import type { CrashRecord, Story } from './crash-story.ts';

export const FLOW = 'people';
/** The index of tier 4 lags by this much, and the flow waits for longer. */
export const LAG_MS = 3000;
const SETTLE_MS = 4000;

/** The service that crashes strike. @param url of the world that it lives in */
export function describeCrashService(story: Story, url: string): ServiceDefinition {
  return {
    integration: 'crashes',
    systems: [
      {
        name: 'source',
        server: `${url}/source`,
        auth: { kind: 'apiKey', in: 'header', name: 'X-API-Key', value: makeSecret('sourceKey') },
      },
      {
        name: 'target',
        server: `${url}/target`,
        auth: {
          kind: 'oauth2',
          grant: 'refresh_token',
          tokenUrl: `${url}/token`,
          client: 'client',
          secret: makeSecret('clientSecret'),
          refresh: makeSecret('refresh'),
          ...(story.graceMs > 0 ? { graceMs: story.graceMs } : {}),
        },
      },
    ],
    flows: [createCrashFlow(story)],
    alerts: {
      channels: { ops: { kind: 'webhook', url: `${url}/hook`, secret: makeSecret('channel') } },
      send: [{ when: ['review', 'dead-letter', 'halt', 'pause', 'auth'], to: 'ops', rule: 'alerts.send[0]' }],
    },
  };
}

const NOTE: AnyTarget = {
  name: 'note',
  system: 'target',
  mode: 'write',
  tier: 2,
  map: ({ ref, name }: CrashRecord, _map, { ids }) => ({ ref, name, of: ids['object'] }),
  request: (item) => ({ operation: 'POST /notes', method: 'POST', path: '/notes', body: item }),
  id: (body) => body.id,
};

/** What changes where several records share a call. */
function describeBatch(size: number | undefined): Partial<AnyTarget> {
  if (size === undefined) return {};
  return {
    request: (item) => ({
      operation: 'POST /batches',
      method: 'POST',
      path: '/batches',
      body: { items: [item] },
    }),
    batch: { size, list: 'items', results: (body) => body.results, id: (result) => result.id },
  };
}

/** An object that was made, or found, is changed by another call. */
const UPDATE: NonNullable<AnyTarget['update']> = {
  tier: 0,
  map: ({ ref, name, email, amount, kind, day }: CrashRecord) => ({
    ref,
    name,
    email,
    amount,
    kind,
    day: day.slice(0, 10),
  }),
  request: (item, _record, _scope, id) => ({
    operation: 'PATCH /objects/{id}',
    method: 'PATCH',
    path: `/objects/${id}`,
    body: item,
  }),
};

function createCrashFlow({ tier, hasNotes, batchSize, before }: Story): AnyFlow {
  const flow = createFaultFlow(tier);
  const [target] = flow.targets;
  const updates = tier === 0 || tier === 2 || before !== undefined;
  const { lookUp } = target;
  const lags = tier === 4 ? { settleMs: SETTLE_MS, probes: 2 } : {};
  return {
    ...flow,
    keep: [
      {
        when: (record: CrashRecord) => !record.name.startsWith('Hidden'),
        otherwise: 'skip',
        rule: `flows.${FLOW}.keep[0]`,
      },
    ],
    later: { changed: updates ? 'update' : 'ignore', left: 'ignore' },
    targets: [
      {
        ...target,
        map: (record: CrashRecord, ...rest) => ({ ...target.map(record, ...rest), ref: record.ref }),
        ...describeBatch(batchSize),
        ...(before === undefined ? {} : { update: UPDATE }),
        ...(lookUp === undefined
          ? {}
          : { lookUp: { ...lookUp, ...lags, ...(batchSize === undefined ? {} : { itemPath: 'items[0]' }) } }),
      },
      ...(hasNotes === true ? [NOTE] : []),
    ],
  };
}
