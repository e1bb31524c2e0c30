import { findObstacle } from '../../runtime/src/review/check-decision.ts';
import type { ReviewDecision, StatedOutcome } from '../../runtime/src/store/review-decision.ts';
import type { Review, Store } from '../../runtime/src/store/store.ts';
import type { SourceRecord } from '../faults/fault.ts';
import { createDice } from './dice.ts';
import { createSoakFlow, FLOW } from './soak-service.ts';
import { TOO_LONG, UNWANTED } from './soak-source.ts';
import type { SoakStory } from './soak-story.ts';
import type { SoakWorld } from './soak-world.ts';

/** What a person made of one version of a record. */
export type Verdict = { readonly kind: 'discarded' } | { readonly kind: 'edited'; readonly name: string };

/** Somebody who looks in now and then, decides some of what waits, and leaves the rest. */
export interface SoakPerson {
  /** By key and version. */
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** Keys of which a person has said what the target holds. */
  readonly stated: ReadonlySet<string>;
  /** Decisions that the store took. */
  readonly acts: number;
  act(store: Store, nowMs: number): Promise<void>;
  /** Lifts every halt and pause. */
  lift(store: Store, nowMs: number, share?: number): Promise<void>;
  /** Puts back everything that waits. */
  retryAll(store: Store, nowMs: number): Promise<void>;
}

export function nameVersion(record: { readonly id: string; readonly updated: string }): string {
  return `${record.id}@${record.updated}`;
}

export function createPerson(story: SoakStory, world: SoakWorld): SoakPerson {
  const dice = createDice(story.seed, 'person');
  const flow = createSoakFlow(story);
  const verdicts = new Map<string, Verdict>();
  const stated = new Set<string>();
  let acts = 0;

  const decide = async (store: Store, review: Review, plan: ReviewDecision, nowMs: number): Promise<void> => {
    const record = JSON.parse(review.payload ?? 'null') as SourceRecord | null;
    const first = findObstacle(flow, review, plan, nowMs);
    const decision = first === undefined ? plan : { ...plan, outcome: lookAt(world, review) };
    if (findObstacle(flow, review, decision, nowMs) !== undefined) return;
    if (!(await store.decideReview(review.id, decision, 'a person', nowMs))) return;
    acts += 1;
    if (decision.outcome !== undefined) stated.add(review.key);
    if (record === null) return;
    if (decision.kind === 'discard') verdicts.set(nameVersion(record), { kind: 'discarded' });
    if (decision.kind === 'edit')
      verdicts.set(nameVersion(record), {
        kind: 'edited',
        name: (JSON.parse(decision.payload) as SourceRecord).name,
      });
  };
  const plan = (review: Review): ReviewDecision => {
    const record = JSON.parse(review.payload ?? 'null') as SourceRecord | null;
    if (dice.chance(0.25)) return { kind: 'discard', reason: 'not worth it' };
    if (record === null || dice.chance(0.6)) return { kind: 'retry' };
    const name = record.name.replace(TOO_LONG, `short ${acts}`).replace(UNWANTED, `wanted ${acts}`);
    // An edit asks for a write of its own, also where the first one was applied.
    if (name === record.name) return { kind: 'retry' };
    return { kind: 'edit', payload: JSON.stringify({ ...record, name }) };
  };
  return {
    verdicts,
    stated,
    get acts() {
      return acts;
    },
    async act(store, nowMs) {
      for (const review of await store.listReviews({ state: 'open', limit: 1000 }))
        if (dice.chance(0.35)) await decide(store, review, plan(review), nowMs);
      for (const { itemId } of await store.listDead({ limit: 1000 }))
        if (dice.chance(0.5))
          await store.retryDead(itemId, { actor: 'a person', paced: dice.chance(0.5) }, nowMs);
      await this.lift(store, nowMs, 0.5);
    },
    async lift(store, nowMs, share = 1) {
      for (const pause of await store.listPauses())
        if (pause.kind === 'halt' ? dice.chance(share) : dice.chance(share / 3))
          await store.clearPause(pause.name, 'a person', nowMs);
    },
    async retryAll(store, nowMs) {
      for (const review of await store.listReviews({ state: 'open', limit: 1000 }))
        await decide(store, review, { kind: 'retry' }, nowMs);
      for (const { itemId } of await store.listDead({ flow: FLOW, limit: 1000 }))
        await store.retryDead(itemId, { actor: 'a person', paced: false }, nowMs);
    },
  };
}

/** The person looks at the target for what the write would have made. */
function lookAt(world: SoakWorld, review: Review): StatedOutcome {
  const { name } = JSON.parse(review.mapped ?? review.payload ?? '{}') as { readonly name?: string };
  const found = world.target.entries.findLast((entry) => entry.ref === review.key && entry.name === name);
  return found === undefined ? { kind: 'not-applied' } : { kind: 'applied', remoteId: found.id };
}
