import { operatorError } from '../../errors.ts';
import type { AnyFlow } from '../../flow.ts';
import type { Command, CommandContext } from '../command.ts';
import { findFlow } from '../find-flow.ts';

const USAGE = 'backfill <flow> [--since <date>] | backfill <flow> --cancel';

/** Reads again what was read before; a running service does it, or `once`. */
export const backfillCommand: Command = {
  name: 'backfill',
  usage: USAGE,
  summary: 'read the source again, from a date or from the beginning, behind what is new',
  engine: 'none',
  needsStore: true,
  options: { since: 'string', cancel: 'boolean' },
  async run(context) {
    const { service, args, options, actor, json, print } = context;
    const flow = findFlow(service, args[0], USAGE);
    if (options['cancel'] === true) return cancelBackfill(context, flow.name);
    const { store, clock } = service.context;
    const sinceMs = readSince(flow, options['since'], clock.now());
    const request = { flow: flow.name, kind: 'backfill', sinceMs, actor } as const;
    const backfill = await store.requestBackfill(request, clock.now());
    if (backfill === undefined) return refuseSecond(context, flow.name);
    print(json ? JSON.stringify(backfill) : describe(flow, sinceMs));
    return 0;
  },
};

export async function cancelBackfill(
  { service, actor, json, print }: CommandContext,
  flow: string,
): Promise<number> {
  const { store, clock } = service.context;
  const open = await store.findBackfill(flow);
  const done =
    open !== undefined && (await store.endBackfill(open.id, { state: 'cancelled', actor }, clock.now()));
  const text = done
    ? `The ${open.kind} of ${flow} is cancelled. What it has put into the queue is still written.`
    : `No backfill of ${flow} is under way.`;
  print(json ? JSON.stringify({ flow, cancelled: done }) : text);
  return done ? 0 : 1;
}

export async function refuseSecond({ service, json, print }: CommandContext, flow: string): Promise<number> {
  const open = await service.context.store.findBackfill(flow);
  print(
    json
      ? JSON.stringify({ refused: 'another one is not over', backfill: open })
      : `A ${open?.kind} of ${flow} is not over yet (${open?.state}). See it with: status. End it with: backfill ${flow} --cancel`,
  );
  return 1;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/;

function readSince(flow: AnyFlow, text: string | boolean | undefined, nowMs: number): number {
  if (typeof text !== 'string') return 0;
  if (flow.read.changes.field === undefined)
    throw operatorError(
      `The flow "${flow.name}" reads everything each time, because its source tells no changes: leave --since out.`,
    );
  const ms = DAY.test(text) || INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms))
    throw operatorError(
      `"${text}" is no date. Write it as 2026-01-31 (UTC) or as 2026-01-31T09:00:00+01:00.`,
    );
  if (ms > nowMs) throw operatorError(`${text} is in the future, so there is nothing to read since then.`);
  return ms;
}

const WHEN_CHANGED = {
  update: 'what differs from what was last delivered, by the source or by changed rules; nothing else',
  ignore: 'only what was never delivered, as the rules say',
  review: 'only what was never delivered; what has changed since waits for a person, as the rules say',
} as const;

function describe({ name, later, read, targets }: AnyFlow, sinceMs: number): string {
  const creates = targets.some(({ mode, update }) => mode === 'create' && update === undefined);
  return [
    `A backfill of ${name} is asked for.`,
    `  reads    ${sinceMs === 0 ? 'everything again' : `everything again that changed since ${new Date(sinceMs).toISOString()}`}`,
    `  writes   ${WHEN_CHANGED[later.changed]}`,
    ...(creates ? ['  creates  only what was never created'] : []),
    ...(read.changes.first === 'seen' ? ['  leaves   what the first run only marked as seen'] : []),
    '  behind   what is new, which is read and delivered first',
    WHO_DOES_IT,
  ].join('\n');
}

export const WHO_DOES_IT =
  'A running service begins within seconds; without one, the next "run" or "once" does it. Follow it with: status';
