import type { Fault, FaultCase, Position, Tier, Timing } from './fault.ts';

const POSITIONS: readonly Position[] = ['first', 'middle', 'last'];
const TIMINGS: readonly Timing[] = ['before', 'after'];
const TIERS: readonly Tier[] = [0, 1, 2, 3, 4, 5];

/** Every case of a fault: where it strikes, before or after the side effect, and for each promise of a target. */
export function listCases(fault: Fault): FaultCase[] {
  const role = fault.exchange?.at ?? fault.way?.at;
  const isWrite = role === 'write' || fault.clockShiftMs !== undefined;
  const timings = role === 'write' ? (fault.timings ?? TIMINGS) : (fault.timings ?? (['before'] as const));
  const tiers = fault.tiers ?? (isWrite ? TIERS : ([2] as const));
  return (fault.positions ?? POSITIONS).flatMap((position) =>
    timings.flatMap((timing) => tiers.map((tier) => ({ position, timing, tier }))),
  );
}

/** The cases that every test run has time for: in the middle, or where the fault strikes at all. */
export function listFewCases(fault: Fault): FaultCase[] {
  const cases = listCases(fault);
  const position = cases.some((entry) => entry.position === 'middle') ? 'middle' : cases[0]?.position;
  return cases.filter((entry) => entry.position === position);
}
