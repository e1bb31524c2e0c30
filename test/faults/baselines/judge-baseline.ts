import type { Fault, FaultCase } from '../fault.ts';
import { keyOf } from '../fault-world.ts';
import { compare, judgeDelay, listWanted, sameOnTheWire } from '../judge-observation.ts';
import type { Verdict } from '../judge-observation.ts';
import type { Observation } from '../observation.ts';

/**
 * Of a client that knows no reviews and tells nobody, only the state at the end counts, that it does not suffer or leave
 * out a record in silence, and that it comes no earlier than it was told.
 */
export function judgeBaseline(
  fault: Fault,
  where: FaultCase,
  seen: Observation,
  control: Observation,
): Verdict {
  const expect = where.tier === 5 && fault.blind !== undefined ? fault.blind : fault.expect;
  const open = expect === 'QUARANTINE' && seen.loud ? [keyOf(where.position)] : [];
  const different = compare(listWanted(fault, where, expect), seen, open);
  const isSilent = (expect === 'REJECT' || expect === 'PAUSE') && !seen.loud;
  const complaints = [
    ...(seen.fired === 0 ? ['the fault did not strike'] : []),
    ...(sameOnTheWire(seen, control, false) ? ['the wire looks as it does without the fault'] : []),
    ...seen.strayed.map((line) => `a request went astray: ${line}`),
    ...different,
    ...(isSilent ? ['nothing was said while the fault lasted'] : []),
    ...(expect === 'DELAY' ? judgeDelay(fault, seen) : []),
  ];
  return {
    survived: complaints.length === 0,
    silentCorruption: different.length > 0 && seen.claimsDone,
    complaints,
  };
}
