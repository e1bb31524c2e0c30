import { createService } from '../../../runtime/src/engine/create-service.ts';
import type { ServiceDefinition } from '../../../runtime/src/engine/create-service.ts';
import { systemClock } from '../../../runtime/src/clock.ts';
import type { Transport } from '../../../runtime/src/http/transport.ts';
import { createUndiciTransport } from '../../../runtime/src/http/undici-transport.ts';
import { defineFlow } from '../../../runtime/src/flow.ts';
import { createLog } from '../../../runtime/src/log/create-log.ts';
import { createScrubber } from '../../../runtime/src/log/scrub.ts';
import type { Mapper } from '../../../runtime/src/map/mapper.ts';
import type { Store } from '../../../runtime/src/store/store.ts';
import { toEmail } from '../../../runtime/src/transforms/text.ts';
import { CONCURRENCY, PAGE_SIZE } from './records.ts';
import type { SourcePage, SourceRecord, TargetContact } from './records.ts';

/** In the shape of generated/crm-to-ledger/src/flows/customers.ts, at tier 1. */
const contacts = defineFlow({
  name: 'contacts',
  read: {
    system: 'source',
    everyMs: 300_000,
    request: (_since, page) => ({
      operation: 'POST /search',
      method: 'POST',
      path: '/search',
      body: { after: page.cursor, limit: PAGE_SIZE },
    }),
    records: (body: SourcePage) => body.results,
    pages: { kind: 'cursor', next: (body: SourcePage) => body.next },
    key: (source: SourceRecord) => source.id,
    version: (source: SourceRecord) => source.updatedAt,
    order: 'oldest-first',
    changes: {
      field: (source: SourceRecord) => source.updatedAt,
      lookbackMs: 300_000,
      settleMs: 0,
      first: 'all',
    },
    shape: {
      id: 'string',
      email: 'string',
      first: 'string',
      last: 'string',
      company: 'string',
      city: 'string',
      seats: 'number',
      updatedAt: 'string',
    },
  },
  keep: [
    { when: (source: SourceRecord) => source.seats >= 0, otherwise: 'skip', rule: 'flows.contacts.keep[0]' },
  ],
  later: { changed: 'update', left: 'review' },
  targets: [
    {
      name: 'contact',
      system: 'target',
      mode: 'write',
      tier: 1,
      key: { header: 'Idempotency-Key', lastsMs: 86_400_000 },
      map: mapContact,
      request: (item: TargetContact) => ({
        operation: 'POST /contacts',
        method: 'POST',
        path: '/contacts',
        body: item,
      }),
      id: (body: { readonly id?: string }) => body.id,
    },
  ],
});

function mapContact(source: SourceRecord, map: Mapper): TargetContact {
  const externalId = map.text({
    to: 'externalId',
    value: () => source.id,
    blank: 'review',
    maxLength: 50,
    invalid: 'review',
  });
  const email = map.text({
    to: 'email',
    value: () => source.email,
    as: [toEmail],
    blank: 'omit',
    maxLength: 255,
    invalid: 'review',
  });
  const name = map.text({
    to: 'name',
    value: () => `${source.first} ${source.last}`,
    blank: 'review',
    maxLength: 255,
    invalid: { 'too-long': 'truncate' },
  });
  const company = map.text({
    to: 'company',
    value: () => source.company,
    blank: 'omit',
    maxLength: 255,
    invalid: 'review',
  });
  const city = map.text({
    to: 'city',
    value: () => source.city,
    blank: 'omit',
    maxLength: 255,
    invalid: 'review',
  });
  const seats = map.number({
    to: 'seats',
    value: () => source.seats,
    blank: 'omit',
    minimum: 0,
    invalid: 'review',
  });
  return { externalId, email, name, company, city, seats };
}

export interface ServiceRun {
  readonly ms: number;
  /** How many items the store holds in each state. */
  readonly states: Readonly<Record<string, number | undefined>>;
}

/**
 * One pass of the whole engine on a fresh store, which is closed after it; what is timed is reading, mapping, writing and confirming.
 * `onWrite` is called after each write that the target answered.
 */
export async function runService(url: string, store: Store, onWrite?: () => void): Promise<ServiceRun> {
  const definition: ServiceDefinition = {
    integration: 'bench',
    systems: ['source', 'target'].map((name) => ({
      name,
      server: url,
      auth: { kind: 'none' },
      limits: { concurrency: CONCURRENCY },
    })),
    flows: [contacts],
  };
  const scrubber = createScrubber();
  const service = await createService(definition, {
    clock: systemClock,
    random: Math.random,
    log: createLog(scrubber, 'warn', process.stderr),
    scrubber,
    store,
    key: undefined,
    signal: new AbortController().signal,
    createTransport: () => {
      const transport = createUndiciTransport({ connections: CONCURRENCY });
      return onWrite === undefined ? transport : watchWrites(transport, onWrite);
    },
    createAlertTransport: () => createUndiciTransport({ connections: 1 }),
  });
  try {
    const startedMs = performance.now();
    const [end] = await Promise.all(service.runners.map((runner) => runner.runOnce()));
    const ms = performance.now() - startedMs;
    if (end?.kind !== 'done') throw new Error(`The service's pass ended with ${JSON.stringify(end)}.`);
    const [counts] = await service.context.store.counts(['contacts']);
    return { ms, states: counts?.states ?? {} };
  } finally {
    await service.close();
  }
}

function watchWrites(transport: Transport, onWrite: () => void): Transport {
  return {
    async send(request) {
      const outcome = await transport.send(request);
      if (request.url.endsWith('/contacts')) onWrite();
      return outcome;
    },
    close: () => transport.close(),
  };
}
