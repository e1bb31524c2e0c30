import type { SystemModel } from '../model/integration-model.ts';
import type { Json } from '../model/workspace.ts';
import { isObject } from '../resolve/follow-reference.ts';
import { childOf, valueAt } from '../source/source-ref.ts';
import type { SourceRef } from '../source/source-ref.ts';
import type { SystemSide } from './read-side.ts';
import type { CallUse } from './use.ts';
import type { Variance } from './variance.ts';

/** The addresses that a description gives. The rules name one of their own, so somebody has to look. */
export function compareServers(
  left: SystemSide,
  right: SystemSide,
  system: SystemModel,
  uses: readonly CallUse[],
  found: Variance[],
): void {
  const [was, is] = [listServers(left), listServers(right)];
  const gone = was.filter((url) => !is.includes(url));
  const added = is.filter((url) => !was.includes(url));
  if (gone.length === 0 && added.length === 0) return;
  const { server } = system;
  const isOurs = server.kind === 'environment' || !is.includes(server.value);
  const isUsed = uses.length > 0 && gone.length > 0 && isOurs;
  found.push({
    id: gone.length > 0 ? 'VQ2' : 'VQ20',
    level: isUsed ? 'WIRE' : 'NONE',
    system: left.name,
    says: `${left.name} is at ${is.join(', ') || 'no address'}, and was at ${was.join(', ') || 'no address'}`,
    advice: undefined,
    before: placeOfServers(left),
    after: placeOfServers(right),
    uses: isUsed
      ? [
          {
            kind: 'header',
            at: childOf(system.origin, 'server'),
            mentions: [],
            field: undefined,
            sent: undefined,
          },
        ]
      : [],
  });
}

function listServers({ documents }: SystemSide): string[] {
  const urls = documents.flatMap(({ value }) => {
    const servers = value['servers'];
    if (!Array.isArray(servers)) return [];
    return (servers as Json[]).flatMap((entry) =>
      isObject(entry) && typeof entry['url'] === 'string' ? [entry['url'].replace(/\/$/, '')] : [],
    );
  });
  return [...new Set(urls)];
}

function placeOfServers({ documents }: SystemSide): SourceRef {
  const holder = documents.find(({ value }) => Array.isArray(value['servers'])) ?? documents[0];
  return valueAt(holder?.file ?? '', ['servers']);
}

/** What a system tells of itself. No flow takes it in by this version of the rules, so nothing of it is used. */
export function compareWebhooks(left: SystemSide, right: SystemSide, found: Variance[]): void {
  const [was, is] = [listWebhooks(left), listWebhooks(right)];
  for (const [name, from] of was) {
    const to = is.get(name);
    if (to !== undefined && JSON.stringify(from.value) === JSON.stringify(to.value)) continue;
    const after = to?.at ?? valueAt(right.documents[0]?.file ?? '', ['webhooks']);
    const says = `the webhook ${name} ${to === undefined ? 'is no longer described' : 'sends another payload'}`;
    const base = { id: 'VA20', level: 'NONE', system: left.name, advice: undefined, uses: [] } as const;
    found.push({ ...base, says, before: from.at, after });
  }
}

interface Webhook {
  readonly at: SourceRef;
  readonly value: Json;
}

function listWebhooks({ documents }: SystemSide): ReadonlyMap<string, Webhook> {
  return new Map(
    documents.flatMap(({ file, value }) =>
      ['webhooks', 'x-webhooks'].flatMap((key) => {
        const given = value[key];
        if (!isObject(given)) return [];
        return Object.entries(given).flatMap(([name, entry]): [string, Webhook][] =>
          entry === undefined ? [] : [[name, { at: valueAt(file, [key, name]), value: entry }]],
        );
      }),
    ),
  );
}
