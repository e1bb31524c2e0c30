import type { ClaimBook } from './claim-book.ts';
import type { IntakeReport, ItemState } from './store.ts';

/** What came of the records of one page, or of what was judged again. */
export interface Tally {
  taken: number;
  rereads: number;
  /** Of a backfill: records that the source has in an older version than was taken in before. */
  older: number;
  readonly states: Map<ItemState, number>;
  readonly reviews: Map<string, number>;
  readonly dead: Map<string, number>;
  /** Where writes may be claimed as they are planned. */
  readonly claims: ClaimBook | undefined;
}

export function createTally(claims?: ClaimBook): Tally {
  return { taken: 0, rereads: 0, older: 0, states: new Map(), reviews: new Map(), dead: new Map(), claims };
}

export function countOf(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

export function countState(tally: Tally, state: ItemState): void {
  tally.states.set(state, (tally.states.get(state) ?? 0) + 1);
}

export function mergeTally(total: Tally, part: IntakeReport): void {
  total.taken += part.taken;
  addCounts(total.states, part.states);
  addCounts(total.reviews, part.reviews);
  addCounts(total.dead, part.dead ?? new Map());
}

function addCounts<Name>(sums: Map<Name, number>, more: ReadonlyMap<Name, number>): void {
  for (const [name, count] of more) sums.set(name, (sums.get(name) ?? 0) + count);
}
