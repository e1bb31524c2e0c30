import { operatorError } from '../../errors.ts';
import { findObstacle, listRewritten } from '../../review/check-decision.ts';
import type { ReviewDecision, StatedOutcome } from '../../store/review-decision.ts';
import type { Review } from '../../store/store.ts';
import type { Command, CommandContext } from '../command.ts';
import { countOf } from '../count-of.ts';
import { editRecord } from '../edit-record.ts';
import { inChunks } from '../in-chunks.ts';

const USAGE = [
  'review list [flow] [--all] | review show <id>',
  'review retry <id> | review edit <id> --set path=value [--add] | review discard <id> --because text',
  'review retry --like <fingerprint|id> | review discard --like <fingerprint|id> --because text',
  'edit changes a field that the source record has; --add gives it one that it does not have',
  'where the outcome of a write is not known, add --applied <id of the object> or --not-applied',
].join('\n       ');
const MOST = 100_000;

/** Records that wait for a person. */
export const reviewCommand: Command = {
  name: 'review',
  usage: USAGE,
  summary: 'records that wait for a person: list, show, edit, retry, discard; one, or all like it',
  engine: 'none',
  needsStore: true,
  options: {
    set: 'string',
    add: 'boolean',
    because: 'string',
    reason: 'string',
    all: 'boolean',
    like: 'string',
    applied: 'string',
    'not-applied': 'boolean',
  },
  async run(context) {
    const [verb = 'list', id] = context.args;
    if (verb === 'list') return list(context, id);
    if (context.options['like'] !== undefined) return decideLike(context, verb, id);
    const review = await find(context, id);
    if (verb !== 'show') return decideOne(context, verb, review);
    context.print(context.json ? JSON.stringify(review) : render(review));
    return 0;
  },
};

async function list({ service, options, json, print }: CommandContext, flow?: string): Promise<number> {
  const all = options['all'] === true;
  const reviews = await service.context.store.listReviews({
    ...(flow === undefined ? {} : { flow }),
    state: all ? 'all' : 'open',
    limit: MOST,
  });
  if (json) for (const review of reviews) print(JSON.stringify(review));
  else if (reviews.length === 0)
    print(all ? 'Nothing has ever waited for review.' : 'Nothing waits for review.');
  else
    for (const review of reviews) {
      const { id, flow: name, key, reason, message } = review;
      const state = all ? `${describeState(review)}  ` : '';
      print(`${String(id).padStart(6)}  ${state}${name}/${key}  ${reason}: ${message}`);
    }
  return 0;
}

function describeState({ state, resolution }: Review): string {
  return resolution === undefined ? state : `${state}: ${resolution}`;
}

async function find({ service }: CommandContext, id: string | undefined): Promise<Review> {
  const review = /^\d+$/.test(id ?? '') ? await service.context.store.findReview(Number(id)) : undefined;
  if (review === undefined)
    throw operatorError(`There is no review "${id ?? ''}". See: review list\nUsage: ${USAGE}`);
  return review;
}

function render(review: Review): string {
  const { unresolved } = review;
  const lines = [
    `review ${review.id} (${describeState(review)})`,
    `record   ${review.flow}/${review.key}`,
    `reason   ${review.reason}`,
    `message  ${review.message}`,
    `rule     ${review.rule}`,
    `like it  ${review.fingerprint}`,
    `since    ${new Date(review.openedAtMs).toISOString()}`,
    ...(unresolved === undefined
      ? []
      : [
          `write    sent to ${unresolved.target} and of unknown outcome; it is found out before anything else`,
        ]),
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
  const outcome = readOutcome(options);
  if (verb === 'retry') return { kind: 'retry', ...outcome };
  if (verb === 'discard') {
    const because = options['because'] ?? options['reason'];
    if (typeof because !== 'string' || because === '')
      throw operatorError('A discarded record is lost for the target, so --because must say why.');
    return { kind: 'discard', reason: because, ...outcome };
  }
  if (verb !== 'edit') throw operatorError(`Usage: ${USAGE}`);
  const flow = service.definition.flows.find((entry) => entry.name === review.flow);
  // That nobody would send it is said by the check that follows.
  const payload =
    flow === undefined
      ? (review.payload ?? '')
      : editRecord(flow, review, { assignment: options['set'], add: options['add'] === true });
  return { kind: 'edit', payload, rewrites: listRewritten(flow), ...outcome };
}

function readOutcome(options: CommandContext['options']): { readonly outcome?: StatedOutcome } {
  const { applied } = options;
  const notApplied = options['not-applied'] === true;
  if (applied !== undefined && notApplied)
    throw operatorError('A write was applied or it was not: give one of --applied and --not-applied.');
  if (notApplied) return { outcome: { kind: 'not-applied' } };
  if (typeof applied !== 'string') return {};
  return { outcome: { kind: 'applied', remoteId: applied === '' ? undefined : applied } };
}

const VERBS: ReadonlySet<string> = new Set(['retry', 'discard', 'edit']);

async function decideOne(context: CommandContext, verb: string, review: Review): Promise<number> {
  const { json, print } = context;
  // Somebody else was faster: whatever is missing for an edit of it, that is the reason.
  const isOpen = review.state === 'open' || !VERBS.has(verb);
  const decision: ReviewDecision = isOpen ? readDecision(context, verb, review) : { kind: 'retry' };
  const obstacle = isOpen ? obstacleTo(context, review, decision) : undefined;
  if (obstacle !== undefined) throw operatorError(obstacle);
  const done = isOpen && (await decide(context, review, decision));
  const first = review.unresolved !== undefined && decision.outcome === undefined;
  const text = done
    ? `review ${review.id}: ${decision.kind === 'discard' ? 'discarded' : first ? PUT_BACK_UNKNOWN : PUT_BACK}`
    : `review ${review.id} is no longer open (${review.resolution ?? 'decided meanwhile'})`;
  print(json ? JSON.stringify({ id: review.id, decision: verb, done }) : text);
  return done ? 0 : 1;
}

const PUT_BACK = 'put back into the queue';
const PUT_BACK_UNKNOWN = 'put back into the queue; first it is found out what came of its write';

function obstacleTo(
  { service }: CommandContext,
  review: Review,
  decision: ReviewDecision,
): string | undefined {
  const flow = service.definition.flows.find((entry) => entry.name === review.flow);
  return findObstacle(flow, review, decision, service.context.clock.now());
}

function decide(
  { service, actor }: CommandContext,
  review: Review,
  decision: ReviewDecision,
): Promise<boolean> {
  const { store, clock } = service.context;
  return store.decideReview(review.id, decision, actor, clock.now());
}

/** Each is decided and audited by itself; what needs a statement of its own stays where it is. */
async function decideLike(context: CommandContext, verb: string, id: string | undefined): Promise<number> {
  const { service, options, json, print } = context;
  if (id !== undefined || (verb !== 'retry' && verb !== 'discard')) throw operatorError(`Usage: ${USAGE}`);
  if (options['applied'] !== undefined)
    throw operatorError('The objects of several records have several ids: state --applied one by one.');
  const fingerprint = await readFingerprint(context);
  const reviews = await service.context.store.listReviews({ state: 'open', fingerprint, limit: MOST });
  if (reviews.length === 0)
    throw operatorError(`No open review is like "${String(options['like'])}". See: review list`);
  const decisions = reviews.map((review) => ({
    review,
    decision: { ...readDecision(context, verb, review), paced: true },
  }));
  const able = decisions.filter(
    ({ review, decision }) => obstacleTo(context, review, decision) === undefined,
  );
  const left = reviews.filter((review) => able.every((entry) => entry.review !== review));
  const ends = await inChunks(able, ({ review, decision }) => decide(context, review, decision));
  const done = ends.filter(Boolean).length;
  if (json)
    print(JSON.stringify({ fingerprint, found: reviews.length, done, left: left.map((one) => one.id) }));
  else {
    print(
      `${done} of ${countOf(reviews.length, 'review')}: ${verb === 'discard' ? 'discarded' : `${PUT_BACK}, behind what is new`}`,
    );
    if (left.length > 0)
      print(`${left.length} must be decided one by one, such as: review show ${left[0]?.id}`);
  }
  return done === reviews.length ? 0 : 1;
}

async function readFingerprint(context: CommandContext): Promise<string> {
  const like = String(context.options['like']);
  return /^\d+$/.test(like) ? (await find(context, like)).fingerprint : like;
}
