import { operatorError } from '../../errors.ts';
import type { AnyFlow, AnyTarget } from '../../flow.ts';
import type { Command } from '../command.ts';
import { findFlow } from '../find-flow.ts';
import { cancelBackfill, refuseSecond, WHO_DOES_IT } from './backfill.ts';

const USAGE = 'resync <flow> [--key <key>] | resync <flow> --cancel';

/** Writes once more what the targets should hold: for when somebody has changed it there. */
export const resyncCommand: Command = {
  name: 'resync',
  usage: USAGE,
  summary: 'write again what was delivered, one record or all of them; nothing is created twice',
  engine: 'none',
  needsStore: true,
  options: { key: 'string', cancel: 'boolean' },
  async run(context) {
    const { service, args, options, actor, json, print } = context;
    const flow = findFlow(service, args[0], USAGE);
    if (options['cancel'] === true) return cancelBackfill(context, flow.name);
    const obstacle = findResyncObstacle(flow);
    if (obstacle !== undefined) throw operatorError(obstacle);
    const { store, clock } = service.context;
    const key = options['key'];
    const only = typeof key === 'string' ? { key } : {};
    const request = { flow: flow.name, kind: 'resync', sinceMs: 0, actor, ...only } as const;
    const backfill = await store.requestBackfill(request, clock.now());
    if (backfill === undefined) return refuseSecond(context, flow.name);
    print(json ? JSON.stringify(backfill) : describe(flow, request.key));
    return 0;
  },
};

/** What is written in such a flow either is never written again, or would not be written where it is there. */
function findResyncObstacle({ name, later, targets }: AnyFlow): string | undefined {
  const isSome = (test: (target: AnyTarget) => boolean): boolean => targets.some(test);
  if (isSome(({ mode, update }) => mode === 'create' && update === undefined))
    return `The flow "${name}" creates objects and never writes to them again, so a resync could only make second ones. Change the objects at the target by hand.`;
  if (later.changed !== 'update')
    return `The flow "${name}" leaves delivered records alone (later.changed: ${later.changed}), and a resync would write over them. Change that rule first.`;
  if (isSome(({ addsPerWrite }) => addsPerWrite === true))
    return `The flow "${name}" makes an object with each write, so a resync would make another one of every record. Change the objects at the target by hand.`;
  if (targets.every(({ tier, update }) => update === undefined && (tier === 3 || tier === 4)))
    return `The flow "${name}" looks for an object first and leaves it as it is where it finds one, so a resync would write nothing.`;
  return undefined;
}

function describe({ name, targets }: AnyFlow, key: string | undefined): string {
  const systems = [...new Set(targets.map(({ system }) => system))].join(', ');
  return [
    key === undefined
      ? `${name}: the whole source is read again, behind what is new, and every record that ${systems} holds is written again.`
      : `${name}: the source is read until ${key} comes, behind what is new, and that record is written again to ${systems}.`,
    'Records that were never delivered are left to the normal reading. What was changed at the target by hand is overwritten.',
    WHO_DOES_IT,
  ].join('\n');
}
