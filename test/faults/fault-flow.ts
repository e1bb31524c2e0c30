import { defineFlow } from '../../runtime/src/flow.ts';
import type { AnyFlow } from '../../runtime/src/flow.ts';
import { toCalendarDate } from '../../runtime/src/transforms/time.ts';
import type { Paging } from '../../runtime/src/flow.ts';
import type { Fault, SourceRecord, Tier } from './fault.ts';
import { GRACE_MS } from './fault-tokens.ts';
import { PAGE_SIZE } from './fault-world.ts';
import { INDEX_LAG_MS, LONGEST_NAME } from './fault-target.ts';

interface Page {
  readonly rows: readonly SourceRecord[];
  readonly next: string | null;
}

interface Sent {
  readonly ref: string;
  readonly name: string;
  readonly email?: string | undefined;
  readonly amount?: number | undefined;
  readonly kind?: string | undefined;
  readonly day?: string | undefined;
}

export const POLL_MS = 300_000;
export const KEY_LASTS_MS = 48 * 3_600_000;
export { GRACE_MS };

export const ZONE = 'America/New_York';

function describePages(fault: Fault | undefined): Paging<Page> {
  if (fault?.paging === 'offset') return { kind: 'offset', start: 0, until: 'short', size: PAGE_SIZE };
  if (fault?.paging === 'next-url') return { kind: 'next-url', next: (body) => body.next };
  return { kind: 'cursor', next: (body) => body.next };
}

/** The flow that every fault meets, written as the compiler would write it. */
export function createFaultFlow(tier: Tier, fault?: Fault): AnyFlow {
  return defineFlow<
    SourceRecord,
    Page,
    Sent,
    { readonly id: string; readonly ok?: boolean },
    { readonly found: readonly unknown[] }
  >({
    name: 'people',
    read: {
      system: 'source',
      everyMs: POLL_MS,
      request: (since, page) => ({
        operation: 'GET /rows',
        method: 'GET',
        path: '/rows',
        query: [
          { name: 'since', value: since.iso },
          { name: 'cursor', value: fault?.paging === 'offset' ? `c${page.number}` : page.cursor },
        ],
      }),
      records: (body) => body.rows,
      pages: describePages(fault),
      key: (record) => record.id,
      version: (record) => record.updated,
      order: 'oldest-first',
      changes: {
        field: (record) => record.updated,
        lookbackMs: fault?.lookbackMs ?? 0,
        settleMs: 0,
        first: 'all',
      },
      shape: {
        id: 'string',
        name: 'string',
        email: 'string',
        amount: 'number',
        kind: 'string',
        day: 'string',
        updated: 'string',
      },
    },
    keep: [],
    later: { changed: 'update', left: 'ignore' },
    targets: [
      {
        name: 'object',
        system: 'target',
        mode: tier >= 3 ? 'create' : 'write',
        tier,
        map: (record, map) => ({
          ref: record.id,
          name: map.required.text({
            to: 'name',
            value: () => record.name,
            blank: 'review',
            maxLength: LONGEST_NAME,
            invalid: 'review',
          }),
          email: map.text({ to: 'email', value: () => record.email, blank: 'omit' }),
          amount: map.number({ to: 'amount', value: () => record.amount, blank: 'omit' }),
          kind: map.choice({
            to: 'kind',
            value: () => record.kind,
            blank: 'omit',
            members: ['person', 'company'],
            otherwise: 'review',
          }),
          day: map.text({
            to: 'day',
            value: () => record.day,
            as: [(value) => toCalendarDate(value, ZONE)],
            blank: 'omit',
          }),
        }),
        request: (item) =>
          tier === 0
            ? { operation: 'PUT /objects/{ref}', method: 'PUT', path: `/objects/${item.ref}`, body: item }
            : { operation: 'POST /objects', method: 'POST', path: '/objects', body: item },
        id: (body) => body.id,
        unless: (body) => body.ok === false,
        ...(tier === 1 ? { key: { header: 'Idempotency-Key', lastsMs: KEY_LASTS_MS } } : {}),
        ...(tier === 3 || tier === 4
          ? {
              lookUp: {
                request: (sent: Sent) => ({
                  operation: 'GET /objects',
                  method: 'GET',
                  path: '/objects',
                  query: [{ name: 'ref', value: sent.ref }],
                }),
                records: (body: { readonly found: readonly unknown[] }) => body.found,
                idField: 'id',
                ...(tier === 4 ? { settleMs: INDEX_LAG_MS + 30_000, probes: 2 } : {}),
              },
            }
          : {}),
      },
    ],
  });
}
