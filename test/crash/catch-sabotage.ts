import { describeReport, isSound } from './run-crash.ts';
import { createSabotagedService } from './sabotaged-service.ts';
import type { Sabotage } from './sabotages.ts';
import { runAll } from './sweep.ts';

/** @returns what is seen of it first, undefined where a whole sweep sees nothing */
export async function catchSabotage(sabotage: Sabotage): Promise<string | undefined> {
  const { story, tier, first = 1 } = sabotage;
  const service = createSabotagedService(sabotage);
  const kills = listKills(first);
  let seen: string | undefined;
  try {
    await runAll({ story, tier, points: 'changes', main: service.child }, (last) => {
      if (last !== undefined && !isSound(last)) seen ??= describeReport(last);
      return seen === undefined ? kills.next(last?.crashes === 0).value : undefined;
    });
    return seen;
  } finally {
    service.remove();
  }
}

/** From the first one on until a run ends by itself, and then those before it. */
function* listKills(first: number | 'none'): Generator<readonly number[], undefined, boolean> {
  if (first === 'none') {
    yield [];
    return undefined;
  }
  for (let kill = first, isOver = false; !isOver; kill += 1) isOver = yield [kill];
  for (let kill = 1; kill < first; kill += 1) yield [kill];
  return undefined;
}
