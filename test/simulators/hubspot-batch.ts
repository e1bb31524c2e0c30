import { z } from 'zod';
import { jsonAnswer } from './answer.ts';
import type { Answer } from './answer.ts';
import type { HubspotKind, HubspotObject } from './hubspot-object.ts';
import { explainIssues, viewObject } from './hubspot-search.ts';

const requestSchema = z.strictObject({
  inputs: z
    .array(z.strictObject({ id: z.string().min(1) }))
    .min(1)
    .max(100),
  properties: z.array(z.string().min(1)),
  propertiesWithHistory: z.array(z.string()).max(0, 'is not simulated').optional(),
});

/** Many records by their ids, each once and in the order of their ids; 207 where some of them are not there. */
export function readBatch(
  body: unknown,
  objects: ReadonlyMap<string, HubspotObject>,
  { kind, archived, now }: { readonly kind: HubspotKind; readonly archived: boolean; readonly now: number },
): Answer | { readonly refused: string } {
  const parsed = requestSchema.safeParse(body);
  if (!parsed.success) return { refused: explainIssues(parsed.error) };
  const { inputs, properties } = parsed.data;
  const ids = [...new Set(inputs.map(({ id }) => id))].toSorted(
    (left, right) => Number(left) - Number(right),
  );
  const isThere = (id: string): boolean => objects.get(id)?.archived === archived;
  const missing = ids.filter((id) => !isThere(id));
  const results = ids
    .filter(isThere)
    .flatMap((id) => objects.get(id) ?? [])
    .map((object) => viewObject(object, properties, kind));
  const at = new Date(now).toISOString();
  const base = { status: 'COMPLETE', results, startedAt: at, completedAt: at };
  if (missing.length === 0) return jsonAnswer(200, base);
  const error = {
    status: 'error',
    category: 'OBJECT_NOT_FOUND',
    message: 'Could not get some of the objects',
    context: { ids: missing },
    errors: [],
    links: {},
  };
  return jsonAnswer(207, { ...base, numErrors: missing.length, errors: [error] });
}
