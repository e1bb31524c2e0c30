import { expect, test } from 'vitest';
import { createVirtualClock } from './virtual-clock.ts';

const START = Date.UTC(2026, 0, 5, 9);

test('timers fire in their order, each at its moment, and time stands between them', async () => {
  const clock = createVirtualClock(START);
  const seen: string[] = [];
  const note = async (name: string, delayMs: number): Promise<void> => {
    await clock.sleep(delayMs);
    seen.push(`${name} at ${clock.now() - START}`);
  };
  const all = Promise.all([note('late', 2000), note('one', 1000), note('other', 1000)]);
  await clock.advance(1500);

  expect(seen).toEqual(['one at 1000', 'other at 1000']);
  expect(clock.now() - START).toBe(1500);
  await clock.drive(all);
  expect(seen.at(-1)).toBe('late at 2000');
});

test('what a timer sets off is done before the next one of the same moment fires', async () => {
  const clock = createVirtualClock(START);
  const seen: string[] = [];
  const work = async (name: string): Promise<void> => {
    await clock.sleep(1000);
    for (let step = 1; step <= 50; step += 1) await Promise.resolve();
    seen.push(`${name} thinks`);
    await clock.busy(
      new Promise<void>((resolve) => {
        setImmediate(() => setImmediate(resolve));
      }),
    );
    seen.push(`${name} writes`);
  };
  await clock.drive(Promise.all([work('one'), work('other')]));

  expect(seen).toEqual(['one thinks', 'one writes', 'other thinks', 'other writes']);
});

test('time stands still while something is under way, and a sleeper can be woken', async () => {
  const clock = createVirtualClock(START);
  const stop = new AbortController();
  const woken = clock.sleep(60_000, stop.signal).then(() => clock.now() - START);
  void clock.busy(
    new Promise<void>((resolve) => {
      setTimeout(() => {
        stop.abort();
        resolve();
      }, 20);
    }),
  );

  expect(await clock.drive(woken)).toBe(0);
});

test('who waits for what no timer brings is told so', async () => {
  const clock = createVirtualClock(START);

  await expect(clock.drive(new Promise(() => undefined))).rejects.toThrow('no timer is set');
});
