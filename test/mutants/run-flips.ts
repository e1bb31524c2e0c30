import { editFor, listRowsOf } from './list-flips.ts';
import type { Flip } from './list-flips.ts';
import { loadTests } from './emitted-tests.ts';

const DRILLS = ['test/drills/customers.test.ts'];

export interface FlipResult {
  /** Rows that failed and must not. */
  readonly tooMany: readonly string[];
  /** Rows that were decided otherwise and did not fail. */
  readonly unseen: readonly string[];
}

/** Takes these decisions otherwise in the emitted code and plays every row: exactly theirs must fail. */
export async function runFlips(name: string, flips: readonly Flip[]): Promise<FlipResult> {
  const wanted = new Set(flips.flatMap(listRowsOf));
  const tooMany: string[] = [];
  const unseen: string[] = [];
  for (const one of await loadTests(name, editFor(flips), DRILLS)) {
    const hasFailed = await one.run().then(
      () => false,
      () => true,
    );
    if (hasFailed && !wanted.has(one.name)) tooMany.push(one.name);
    if (!hasFailed && wanted.has(one.name)) unseen.push(one.name);
  }
  return { tooMany, unseen };
}

/** How many of the batches each decision is taken otherwise in. */
const WEIGHT = 4;

/**
 * Batches such that of any two decisions each is in one without the other: were the row of one to fail through the other,
 * a batch would show it. So a handful of runs says of all decisions what one run for each would.
 */
export function batchFlips(flips: readonly Flip[]): readonly (readonly Flip[])[] {
  let count = WEIGHT;
  while (choose(count, WEIGHT) < flips.length) count += 1;
  const codes = listCodes(count, WEIGHT);
  return Array.from({ length: count }, (_, batch) =>
    flips.filter((_flip, index) => codes[index]?.includes(batch)),
  );
}

function choose(all: number, some: number): number {
  return some === 0 ? 1 : (all * choose(all - 1, some - 1)) / some;
}

/** Every set of so many of the numbers below `count`. */
function listCodes(count: number, weight: number, from = 0): (readonly number[])[] {
  if (weight === 0) return [[]];
  const numbers = Array.from({ length: Math.max(0, count - from) }, (_, index) => from + index);
  return numbers.flatMap((first) => listCodes(count, weight - 1, first + 1).map((rest) => [first, ...rest]));
}
