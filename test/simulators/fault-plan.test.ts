import { expect, test } from 'vitest';
import { createFaults } from './fault-plan.ts';

const requestIds = Array.from({ length: 500 }, (_, index) => `request ${index}`);

test('the same plan gives the same faults, whatever the order of the requests', () => {
  const plan = { seed: 7, rates: { throttled: 0.2, garbage: 0.1 } } as const;
  const forwards = createFaults(plan);
  const backwards = createFaults(plan);
  const first = requestIds.map((id) => forwards.next(id));
  const second = requestIds
    .toReversed()
    .map((id) => backwards.next(id))
    .toReversed();
  expect(second).toEqual(first);
  expect(forwards.fired['throttled']).toBeGreaterThan(50);
  expect(forwards.fired['garbage']).toBeGreaterThan(20);
});

test('a request that was hit once is left alone', () => {
  const faults = createFaults({ seed: 1, rates: { unavailable: 1 } });
  expect(faults.next('a')).toBe('unavailable');
  expect(faults.next('a')).toBeUndefined();
  expect(faults.next('b')).toBe('unavailable');
});

test('no more faults fire than the plan allows', () => {
  const faults = createFaults({ seed: 1, rates: { 'server-error': 1 }, max: 3 });
  for (const id of requestIds) faults.next(id);
  expect(faults.fired).toEqual({ 'server-error': 3 });
});

test('without a plan nothing fires', () => {
  const faults = createFaults(undefined);
  expect(requestIds.every((id) => faults.next(id) === undefined)).toBe(true);
});
