import { operatorError } from '../../errors.ts';
import type { Command, CommandContext } from '../command.ts';
import { countOf } from '../count-of.ts';
import { inChunks } from '../in-chunks.ts';

const USAGE = 'dead list [flow] | dead retry <id> | dead retry --all [--flow <flow>] [--like <text>]';
const MOST = 100_000;

/** Records that failed for good, and can be put back. */
export const deadCommand: Command = {
  name: 'dead',
  usage: USAGE,
  summary: 'records that failed for good: list them, put back one or many',
  engine: 'none',
  needsStore: true,
  options: { all: 'boolean', flow: 'string', like: 'string' },
  async run(context) {
    const [verb = 'list', name] = context.args;
    if (verb === 'list') return list(context, name);
    if (verb !== 'retry') throw operatorError(`Usage: ${USAGE}`);
    const { all, like, flow } = context.options;
    if (all === true) return retryMany(context);
    if (like !== undefined || flow !== undefined)
      throw operatorError(`To put back many, say so with --all.\nUsage: ${USAGE}`);
    return retryOne(context, name);
  },
};

function readFilter({ options }: CommandContext, flow = options['flow']) {
  const { like } = options;
  return {
    ...(typeof flow === 'string' ? { flow } : {}),
    ...(typeof like === 'string' ? { like } : {}),
    limit: MOST,
  };
}

async function list(context: CommandContext, flow: string | undefined): Promise<number> {
  const { service, json, print } = context;
  const dead = await service.context.store.listDead(readFilter(context, flow ?? context.options['flow']));
  if (json) for (const entry of dead) print(JSON.stringify(entry));
  else if (dead.length === 0) print('There are no dead letters.');
  else
    for (const entry of dead)
      print(`${String(entry.itemId).padStart(6)}  ${entry.flow}/${entry.key}  ${entry.reason}`);
  return 0;
}

async function retryOne(
  { service, actor, json, print }: CommandContext,
  id: string | undefined,
): Promise<number> {
  if (id === undefined || !/^\d+$/.test(id)) throw operatorError(`Usage: ${USAGE}`);
  const { store, clock } = service.context;
  const done = await store.retryDead(Number(id), { actor, paced: false }, clock.now());
  const text = done
    ? `dead letter ${id}: put back into the queue`
    : `There is no dead letter ${id}. See: dead list`;
  print(json ? JSON.stringify({ id: Number(id), done }) : text);
  return done ? 0 : 1;
}

async function retryMany(context: CommandContext): Promise<number> {
  const { service, actor, json, print } = context;
  const { store, clock } = service.context;
  const dead = await store.listDead(readFilter(context));
  const ends = await inChunks(dead, ({ itemId }) =>
    store.retryDead(itemId, { actor, paced: true }, clock.now()),
  );
  const done = ends.filter(Boolean).length;
  const text =
    dead.length === 0
      ? 'There are no such dead letters.'
      : `${countOf(done, 'dead letter')}: put back into the queue, behind what is new`;
  print(json ? JSON.stringify({ found: dead.length, done }) : text);
  return done > 0 && done === dead.length ? 0 : 1;
}
