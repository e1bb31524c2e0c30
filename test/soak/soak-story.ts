import type { Tier } from '../faults/fault.ts';
import { createDice } from './dice.ts';
import type { Dice } from './dice.ts';
import { EPISODES } from './soak-faults.ts';
import type { FaultKind } from './soak-faults.ts';

export type Part = 'source' | 'target' | 'token' | 'channel';
export const PARTS: readonly Part[] = ['source', 'target', 'token', 'channel'];

/** A while in which a share of the calls to one system goes wrong, each in one of these ways. */
export interface Episode {
  readonly part: Part;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly kinds: readonly FaultKind[];
  readonly share: number;
}

/** What happens beside the calls, at a moment. */
export type SoakEvent = { readonly atMs: number } & (
  | { readonly kind: 'edit' }
  /** The process is gone, in the middle of whatever it does; or it is asked to stop. It starts again after a while. */
  | { readonly kind: 'death'; readonly isGraceful: boolean; readonly downMs: number }
  | { readonly kind: 'jump'; readonly byMs: number }
  | { readonly kind: 'person' }
  | { readonly kind: 'look' }
);

/** Everything that a seed decides before the run. Times count from its beginning. */
export interface SoakStory {
  readonly seed: number;
  readonly tier: Tier;
  readonly lastsMs: number;
  readonly everyMs: number;
  readonly episodes: readonly Episode[];
  readonly events: readonly SoakEvent[];
  /** The process also dies right after these calls of the target, before it has their answer. */
  readonly fatalCalls: ReadonlySet<number>;
}

const MINUTE = 60_000;
const HOUR = 3_600_000;
/** A process that has died is back by then. */
const RESTARTS_MS = 10 * MINUTE;

export function writeStory(seed: number, hours: number): SoakStory {
  const dice = createDice(seed, 'story');
  const lastsMs = hours * HOUR;
  const days = hours / 24;
  const draw = (least: number, most: number): number =>
    Math.max(1, Math.round(dice.between(least, most + 1) * days));
  const moments = (count: number): number[] => Array.from({ length: count }, () => dice.between(0, lastsMs));
  const every = (ms: number): number[] =>
    Array.from({ length: Math.floor(lastsMs / ms) }, (_, at) => (at + 1) * ms);
  const events: SoakEvent[] = [
    ...moments(draw(300, 420)).map((atMs) => ({ kind: 'edit', atMs }) as const),
    ...moments(draw(3, 7)).map((atMs) => ({
      kind: 'death' as const,
      atMs,
      isGraceful: dice.chance(0.3),
      downMs: dice.spread(1000, RESTARTS_MS),
    })),
    ...moments(draw(1, 4)).map((atMs) => ({ kind: 'jump' as const, atMs, byMs: drawJump(dice) })),
    ...every(40 * MINUTE).map((atMs) => ({
      kind: 'person' as const,
      atMs: atMs + dice.between(0, 20 * MINUTE),
    })),
    ...every(MINUTE).map((atMs) => ({ kind: 'look', atMs }) as const),
  ];
  return {
    seed,
    tier: (seed % 6) as Tier,
    lastsMs,
    everyMs: dice.pick([0, 5 * MINUTE, 15 * MINUTE]),
    episodes: PARTS.flatMap((part) =>
      moments(draw(3, 7)).map((fromMs) => drawEpisode(dice, part, fromMs, lastsMs)),
    ),
    events: events.filter(({ atMs }) => atMs < lastsMs).toSorted((left, right) => left.atMs - right.atMs),
    fatalCalls: new Set(moments(draw(4, 8)).map(() => dice.between(5, Math.ceil(450 * days)))),
  };
}

/** From seconds to hours, forth or back. */
function drawJump(dice: Dice): number {
  const size = dice.spread(2000, 3 * HOUR);
  return dice.chance(0.5) ? size : -size;
}

function drawEpisode(dice: Dice, part: Part, fromMs: number, lastsMs: number): Episode {
  const all = EPISODES[part];
  const kinds = dice.chance(0.5) ? [dice.pick(all)] : all;
  return {
    part,
    fromMs,
    untilMs: Math.min(lastsMs, fromMs + dice.spread(2 * MINUTE, 4 * HOUR)),
    kinds,
    share: dice.chance(0.5) ? 1 : dice.between(20, 90) / 100,
  };
}
