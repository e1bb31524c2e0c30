import { expect, test } from 'vitest';
import type { Fault, FaultCase } from '../fault.ts';
import { createRecords } from '../fault-world.ts';
import { json } from '../json-answer.ts';
import { judgeBaseline } from './judge-baseline.ts';
import { runBaseline } from './run-baseline.ts';

const BASELINES = ['fetch', 'fetch-retry'] as const;
const LAYERS = ['memory', 'sockets'] as const;
const BLIND: FaultCase = { position: 'middle', timing: 'after', tier: 5 };
const keys = createRecords().map(({ id }) => id);

const lostAnswer: Fault = {
  id: 'S5',
  family: 'S',
  title: '504 after the write was applied',
  expect: 'OK',
  blind: 'QUARANTINE',
  exchange: { at: 'write', times: 1, answer: (_exchange, good) => (good(), json(504, {})) },
};

test.each(BASELINES.flatMap((baseline) => LAYERS.map((layer) => [baseline, layer] as const)))(
  'without a fault %s in %s brings every record over once, whatever the target promises',
  async (baseline, layer) => {
    for (const tier of [0, 1, 2, 3, 4, 5] as const) {
      const seen = await runBaseline(baseline, undefined, { ...BLIND, tier }, layer);
      expect(seen.final.map(({ ref }) => ref)).toEqual(keys);
      expect(seen).toMatchObject({ claimsDone: true, loud: false, strayed: [] });
    }
  },
);

test.each(LAYERS)(
  'a client that repeats a blind write makes a second object and says nothing: in %s',
  async (layer) => {
    for (const baseline of BASELINES) {
      const control = await runBaseline(baseline, undefined, BLIND, layer);
      const seen = await runBaseline(baseline, lostAnswer, BLIND, layer);
      const verdict = judgeBaseline(lostAnswer, BLIND, seen, control);
      expect(verdict).toMatchObject({ survived: false, silentCorruption: true });
      expect(verdict.complaints).toContain('r4 is there 2 times');
    }
  },
);

test('with a key that the target knows again the same fault does no harm', async () => {
  const where: FaultCase = { ...BLIND, tier: 1 };
  const control = await runBaseline('fetch', undefined, where, 'sockets');
  const seen = await runBaseline('fetch', lostAnswer, where, 'sockets');
  expect(judgeBaseline(lostAnswer, where, seen, control)).toMatchObject({ survived: true });
});
