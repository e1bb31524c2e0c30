import { isPostedAnew } from '../../check/rules/changed-write.rule.ts';
import { describeProbes, mayShare } from '../../check/rules/once.rule.ts';
import { nameOperation } from '../../model/api-model.ts';
import type { CheckedTarget } from '../../model/checked-model.ts';
import type { OnceModel } from '../../model/integration-model.ts';
import type { ServicePlan } from '../../model/service-plan.ts';
import { formatPath } from '../../source/source-ref.ts';
import { formatDuration } from '../text/format-duration.ts';
import { describeAdoption, describeUnknown } from './answer-write.ts';
import { anchorOf, WRITES } from './name-target.ts';

/** For each write: how a repeat is made harmless, on whose word, and what risk is left. */
export function viewCertificates(plan: ServicePlan) {
  return {
    writes: plan.flows.flatMap(({ checked }) =>
      checked.targets.map((leg) => ({
        anchor: anchorOf(leg),
        write: nameOperation(leg.target.operation),
        system: leg.target.system.name,
        verb: WRITES[leg.target.mode],
        tier: String(leg.tier),
        how: describeHow(leg),
        rule: describeRule(leg),
        crash: describeUnknown(leg).replace('the outcome is unknown: ', ''),
        proof: PROOF[leg.tier],
        next: leg.target.once.slice(1).map(describeNext),
        basis: describeBasis(leg),
        risk: describeRisk(leg),
        because: describeAcceptance(leg),
      })),
    ),
  };
}

type Tier = CheckedTarget['tier'];

const REPEATED =
  'The tests show that the service sends the same bytes again. That the target then makes nothing twice is its word: only an exchange that was recorded with it would show that.';
const LOOKED_UP =
  'The tests show that the service looks first, and what it does with each answer. That the look-up finds what was written is the target’s word: only an exchange that was recorded with it would show that.';

const HOW: Readonly<Record<Tier, string>> = {
  0: 'idempotent by its path: the same bytes give the same state, however often they are sent',
  1: 'an idempotency key goes with each send; the target answers a repeat without doing the work again; a repeat that is refused after a lost answer goes out twice more before that is believed, and unless it is a 400 or 422 a person then says what came of the first try',
  2: 'an upsert: the target looks the object up by a field of the body, and changes what it finds',
  3: 'looked up before it is created, and again after every unknown outcome',
  4: 'looked up before it is created, in an index that may lag behind a write',
  5: 'nothing: a repeat could make a second object, so an unknown outcome is never sent again',
};

/** RFC 9110 9.2.2: of a POST nobody but its vendor knows what a second one does. */
const BLIND_UPDATE =
  'nothing: what is posted to an object may be added to it once more, so an unknown outcome is never sent again';

function describeHow(leg: CheckedTarget): string {
  if (isBlindUpdate(leg)) return BLIND_UPDATE;
  const isLookedUp = leg.tier === 3 || leg.tier === 4;
  return isLookedUp
    ? `${HOW[leg.tier]}; where an object was there before, ${describeAdoption(leg)}`
    : HOW[leg.tier];
}

/** RFC 9110 9.3.4: a PUT replaces, unless somebody says that it does not. What a look-up finds is replaced, too. */
function replacesWhole({ target: { operation, replaces } }: CheckedTarget): boolean {
  return operation.method === 'PUT' && replaces !== false;
}

function isBlindUpdate({ target, tier }: CheckedTarget): boolean {
  return target.mode === 'update' && tier === 5;
}

/** What a test can show without the real system, and what it cannot. */
const PROOF: Readonly<Record<Tier, string>> = {
  0: REPEATED,
  1: REPEATED,
  2: REPEATED,
  3: LOOKED_UP,
  4: LOOKED_UP,
  5: 'The tests show that the service does not send it again. Nothing more is claimed.',
};

function describeRule({ target, tier }: CheckedTarget): string {
  const [first] = target.once;
  if (tier === 0 && mayShare(target)) return 'the path names the object, which several records may share';
  if (first === undefined) return 'the id of the object stands in the path';
  switch (first.kind) {
    case 'upsert':
      return `matched by ${first.by}`;
    case 'key':
      return `header ${first.header}, which the target remembers for ${formatDuration(first.lastsMs)} after the first send, also while it is paused`;
    case 'look-up':
      return `by ${nameOperation(first.operation)}${first.settleMs === undefined ? '' : `; sent again only where ${describeProbes(target)}`}`;
    case 'accept-duplicates':
      return 'duplicates are accepted';
  }
}

function describeNext(once: OnceModel): { readonly text: string } {
  switch (once.kind) {
    case 'look-up':
      return { text: `then looked up by ${nameOperation(once.operation)}` };
    case 'upsert':
      return { text: `then matched by ${once.by}` };
    case 'key':
      return { text: `then the key in ${once.header}` };
    case 'accept-duplicates':
      return { text: 'then a person decides' };
  }
}

/** Who says that it is so; nothing of this is tried against the real system here. */
function describeBasis({ target, tier }: CheckedTarget): string {
  if (tier === 0) return `the API description: ${nameOperation(target.operation)} holds the id`;
  const [first] = target.once;
  return `the author of the rules, at ${formatPath(first?.origin.path ?? target.origin.path)}`;
}

const SHARED = ' Records with one value there overwrite one another, and the last one wins.';
const MOVES = ' A record whose value there changes makes another object, and leaves the first.';
const ONE_BY_ONE = 'Of records that are looked up alike, one is created, and the others go to review.';

function describeRisk(leg: CheckedTarget): string {
  const added = leg.flow.later.changed === 'update' && isPostedAnew(leg.target);
  return `${describeRiskOfRepeat(leg)}${added ? ' Each change of a record makes another object.' : ''}`;
}

function describeRiskOfRepeat(leg: CheckedTarget): string {
  const { target, tier } = leg;
  const field = target.once.find((entry) => entry.kind === 'upsert')?.by ?? '';
  const key = target.once.find((entry) => entry.kind === 'key');
  const lasts = key === undefined ? '' : formatDuration(key.lastsMs);
  const after = target.once.length > 1 ? 'the next line above decides' : 'a person decides in review';
  return {
    0: `No duplicate.${mayShare(target) ? ` Records that name one object overwrite one another, and the last one wins.${MOVES}` : ''} A repeat puts back what somebody else may have changed in the object meanwhile.${replacesWhole(leg) ? ' Each write replaces the whole object, so what it holds beside the mapped fields is removed, whoever put it there.' : ''}`,
    1: `A target that forgets the key sooner than ${lasts}, or ignores it, makes a second object. Once ${lasts} are over, ${after}.`,
    2: `If the target does not really match on ${field}, a repeat makes a second object. A repeat also puts back what somebody else changed meanwhile.${mayShare(target) ? `${SHARED}${MOVES}` : ''}`,
    3: `${ONE_BY_ONE} Somebody else who creates the same object between the look-up and the create makes a second one. So does a target that answers the look-up before it shows its own last write.`,
    4: `${ONE_BY_ONE} An index that lags longer than is waited for (${describeProbes(target)}) hides the object, and a second one is made.`,
    5: `A person who answers "not applied" wrongly ${isBlindUpdate(leg) ? 'has the change applied twice' : 'makes a second object'}. Whatever the target does with one send is not repeated by the service.`,
  }[tier];
}

function describeAcceptance({ target }: CheckedTarget): string {
  return target.once.flatMap(({ ...entry }) => ('because' in entry ? (entry.because ?? []) : [])).join('; ');
}
