import type { AnyFlow, AnyTarget } from '../flow.ts';
import type { ReviewDecision } from '../store/review-decision.ts';
import type { Review } from '../store/store.ts';

/** Why a decision cannot be taken as it stands, as a sentence for whoever takes it; undefined where it can. */
export function findObstacle(
  flow: AnyFlow | undefined,
  review: Review,
  decision: ReviewDecision,
  nowMs: number,
): string | undefined {
  const { unresolved } = review;
  if (flow === undefined && decision.kind !== 'discard')
    return `The flow "${review.flow}" is not part of this version of the service, so nothing would send the record.`;
  if (flow !== undefined && wouldRepeat(flow, review, decision))
    return `Where the write of review ${review.id} was applied, an edit would make a second object at the target. Look there for the record ${review.key}: where it is not there, add --not-applied; where it is, change it there and use retry --applied <id of the object>.`;
  if (decision.outcome !== undefined)
    return unresolved === undefined
      ? `Nothing of review ${review.id} may have reached the target, so there is nothing to state: leave --applied and --not-applied out.`
      : undefined;
  if (unresolved === undefined || flow === undefined) return undefined;
  const target = flow.targets.find(({ name }) => name === unresolved.target);
  const ageMs = nowMs - unresolved.firstSentAtMs;
  if (target !== undefined && canBeFoundOut(target, decision.kind, ageMs)) return undefined;
  return `Whether the write of review ${review.id} has reached the target is not known, and nothing but a look at the target tells. Look there for the record ${review.key}, then add --applied <id of the object> or --not-applied.`;
}

/** Only where a change is written by a rule does another object for each version belong to it. */
function wouldRepeat(flow: AnyFlow, { unresolved }: Review, { kind, outcome }: ReviewDecision): boolean {
  if (kind !== 'edit' || unresolved === undefined || outcome?.kind === 'not-applied') return false;
  const target = flow.targets.find(({ name }) => name === unresolved.target);
  if (target === undefined || target.update !== undefined || target.mode !== 'write') return false;
  return flow.later.changed !== 'update' && (target.tier === 1 || target.tier === 5);
}

/**
 * Whether the engine can tell what came of a write (section 8.4). A record that is given up leaves the question to the
 * next version of it: harmless where that finds the object, by its own id or by looking.
 */
function canBeFoundOut(
  { tier, key, lookUp }: AnyTarget,
  kind: ReviewDecision['kind'],
  ageMs: number,
): boolean {
  switch (tier) {
    case 0:
    case 2:
    case 3:
    case 4:
      return true;
    case 1:
      if (kind === 'discard') return false;
      return lookUp !== undefined || (key !== undefined && ageMs < key.lastsMs);
    case 5:
      return false;
  }
}

/** Targets at which a further write changes the object that was written before, and makes no other one. */
export function listRewritten(flow: AnyFlow | undefined): readonly string[] {
  return (flow?.targets ?? [])
    .filter(
      ({ mode, tier, update }) => update !== undefined || (mode === 'write' && (tier === 0 || tier === 2)),
    )
    .map(({ name }) => name);
}
