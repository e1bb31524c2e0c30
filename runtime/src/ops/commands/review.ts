import { parseExactJson, stringifyExactJson } from '../../exact-json.ts';
import { operatorError } from '../../errors.ts';
import { takeRecord } from '../../inbox/read-pass.ts';
import type { Review, ReviewDecision } from '../../store/store.ts';
import type { Command } from '../command.ts';
import type { CommandContext } from '../command.ts';

const USAGE =
  'review list [flow] | show <id> | retry <id> | edit <id> --set path=value | discard <id> --because text';

/** Records that wait for a person. */
export const reviewCommand: Command = {
  name: 'review',
  usage: USAGE,
  summary: 'records that wait for a person',
  engine: 'none',
  needsStore: true,
  options: { set: 'string', because: 'string', all: 'boolean' },
  async run(context) {
    const [verb = 'list', id] = context.args;
    if (verb === 'list') return list(context, id);
    const review = await find(context, id);
    if (verb === 'show') {
      context.print(context.options['json'] === true ? JSON.stringify(review) : render(review));
      return 0;
    }
    return decide(context, review, readDecision(context, verb, review));
  },
};

async function list({ service, options, print }: CommandContext, flow: string | undefined): Promise<number> {
  const state = options['all'] === true ? 'all' : 'open';
  const reviews = await service.context.store.listReviews({
    ...(flow === undefined ? {} : { flow }),
    state,
    limit: 1000,
  });
  if (options['json'] === true) for (const review of reviews) print(JSON.stringify(review));
  else if (reviews.length === 0) print('Nothing waits for review.');
  else
    for (const review of reviews)
      print(
        `${String(review.id).padStart(6)}  ${review.flow}/${review.key}  ${review.reason}: ${review.message}`,
      );
  return 0;
}

async function find({ service }: CommandContext, id: string | undefined): Promise<Review> {
  const review = /^\d+$/.test(id ?? '') ? await service.context.store.findReview(Number(id)) : undefined;
  if (review === undefined)
    throw operatorError(`There is no review "${id ?? ''}". See: review list\nUsage: ${USAGE}`);
  return review;
}

function render(review: Review): string {
  const lines = [
    `review ${review.id} (${review.state}${review.resolution === undefined ? '' : `: ${review.resolution}`})`,
    `record   ${review.flow}/${review.key}`,
    `reason   ${review.reason}`,
    `message  ${review.message}`,
    `rule     ${review.rule}`,
    `since    ${new Date(review.openedAtMs).toISOString()}`,
    `source   ${pretty(review.payload)}   (edit this)`,
    `mapped   ${pretty(review.mapped)}   (what would be sent)`,
  ];
  return lines.join('\n');
}

function pretty(text: string | undefined): string {
  return text === undefined ? '–' : JSON.stringify(JSON.parse(text), null, 2).replaceAll('\n', '\n         ');
}

function readDecision(context: CommandContext, verb: string, review: Review): ReviewDecision {
  const { options, service } = context;
  const flow = service.definition.flows.find((entry) => entry.name === review.flow);
  if (flow === undefined && verb !== 'discard')
    throw operatorError(
      `The flow "${review.flow}" is not part of this version of the service, so nothing would send the record.`,
    );
  if (verb === 'retry') return { kind: 'retry' };
  if (verb === 'discard') {
    const because = options['because'];
    if (typeof because !== 'string' || because === '')
      throw operatorError('A discarded record is lost for the target, so --because must say why.');
    return { kind: 'discard', reason: because };
  }
  if (verb === 'edit' && flow !== undefined) {
    const payload = editPayload(review, options['set']);
    const [before, after] = [
      takeRecord(flow, parseExactJson(review.payload ?? '{}')),
      takeRecord(flow, parseExactJson(payload)),
    ];
    if (before.key !== after.key || before.version !== after.version)
      throw operatorError(
        'The key and the version of a record say which one it is; they cannot be edited. Mend the field that the message names, in the source record.',
      );
    return { kind: 'edit', payload };
  }
  throw operatorError(`Usage: ${USAGE}`);
}

/** Sets one value of the source record: `properties.email="a@b.example"`; a text may go without quotes. */
function editPayload(review: Review, assignment: string | boolean | undefined): string {
  const [, path, text] = /^([^=]+)=(.*)$/s.exec(typeof assignment === 'string' ? assignment : '') ?? [];
  if (path === undefined || text === undefined)
    throw operatorError('Say what to change: --set properties.email=ada@example.com');
  const source = parseExactJson(review.payload ?? '{}') as Record<string, unknown>;
  const steps = path.split('.');
  let holder = source;
  for (const step of steps.slice(0, -1)) {
    const next = Object.hasOwn(holder, step) ? holder[step] : undefined;
    if (typeof next !== 'object' || next === null)
      throw operatorError(`The record has no "${step}" on the way to ${path}.`);
    holder = next as Record<string, unknown>;
  }
  const last = steps.at(-1) ?? '';
  if (last === '__proto__') throw operatorError('That is no field of a record.');
  holder[last] = parseValue(text);
  return stringifyExactJson(source) ?? '{}';
}

function parseValue(text: string): unknown {
  try {
    return parseExactJson(text) as unknown;
  } catch {
    return text;
  }
}

async function decide(
  { service, actor, print }: CommandContext,
  review: Review,
  decision: ReviewDecision,
): Promise<number> {
  const { store, clock } = service.context;
  const done = await store.decideReview(review.id, decision, actor, clock.now());
  print(
    done
      ? `review ${review.id}: ${decision.kind === 'discard' ? 'discarded' : 'put back into the queue'}`
      : `review ${review.id} is no longer open (${review.resolution ?? 'decided meanwhile'})`,
  );
  return done ? 0 : 1;
}
