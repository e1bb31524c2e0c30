import { createSeededRandom } from '../../runtime/src/testing/seeded-random.ts';

/** Random decisions of one part of a run: each part has numbers of its own, so that one draw more here shifts nothing there. */
export interface Dice {
  chance(share: number): boolean;
  between(from: number, to: number): number;
  /** As many of each order of magnitude. */
  spread(from: number, to: number): number;
  pick<T>(list: readonly T[]): T;
}

export function createDice(seed: number, part: string): Dice {
  const stream = [...part].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7);
  const random = createSeededRandom((Math.imul(seed + 1, 0x9e3779b1) ^ stream) >>> 0);
  return {
    chance: (share) => random() < share,
    between: (from, to) => Math.floor(from + random() * (to - from)),
    spread: (from, to) => Math.floor(from * (to / from) ** random()),
    pick<T>(list: readonly T[]): T {
      return list[Math.floor(random() * list.length)] as T;
    },
  };
}
