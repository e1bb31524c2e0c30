import { ENCODING_FAULTS } from './families/encoding.faults.ts';
import { TRANSPORT_FAULTS } from './families/transport.faults.ts';
import type { Fault, FaultCase, Tier } from './fault.ts';
import { judgeObservation } from './judge-observation.ts';
import type { Verdict } from './judge-observation.ts';
import { listCases } from './list-cases.ts';
import type { Observation } from './observation.ts';
import { runMortiseOnSockets } from './run-mortise-on-sockets.ts';

export interface SocketCaseResult {
  readonly observation: Observation;
  readonly verdict: Verdict;
}

/** Faults below HTTP, or in the bytes of an answer: they need real connections. */
export function listSocketFaults(): readonly Fault[] {
  return [...TRANSPORT_FAULTS, ...ENCODING_FAULTS];
}

const controls = new Map<Tier, Promise<Observation>>();

/** One case over real connections, held against the same case without the fault, which runs once. */
export async function runSocketCase(fault: Fault, where: FaultCase): Promise<SocketCaseResult> {
  const control = controls.get(where.tier) ?? runMortiseOnSockets(undefined, where);
  controls.set(where.tier, control);
  const observation = await runMortiseOnSockets(fault, where);
  return { observation, verdict: judgeObservation(fault, where, observation, await control) };
}

/**
 * The cases that every test run has time for, in the middle: a write to a target with a key, with an upsert, with a
 * look-up, and with nothing of these. The others differ little, and `npm run faults` runs them all.
 */
export function listFewSocketCases(fault: Fault): readonly FaultCase[] {
  const trigger = fault.exchange ?? fault.way;
  return listCases(fault).filter(({ position, timing, tier }) => {
    if (position !== 'middle') return false;
    if (trigger?.at !== 'write') return true;
    if (trigger.times === undefined)
      return [2, 3, 5].includes(tier) && timing === (fault.timings ?? ['after'])[0];
    // A write that was not applied and is repeated makes no trouble where a repeat does not matter.
    const isHarmless = timing === 'before' && fault.timings === undefined && tier <= 2;
    return [1, 2, 3, 5].includes(tier) && !isHarmless;
  });
}
