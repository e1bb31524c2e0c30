import type { Fault, FaultCase } from './fault.ts';
import { judgeObservation } from './judge-observation.ts';
import type { Verdict } from './judge-observation.ts';
import type { Observation } from './observation.ts';

/** A client that can be put through a case: with a fault, or without one as the control. */
export type RunCase = (fault: Fault | undefined, where: FaultCase) => Promise<Observation>;

export interface CaseResult extends Verdict {
  readonly fault: Fault;
  readonly where: FaultCase;
}

/** Runs cases one after the other; each kind of case has one control run without its fault. */
export async function runCases(
  faults: readonly Fault[],
  listCases: (fault: Fault) => readonly FaultCase[],
  run: RunCase,
): Promise<CaseResult[]> {
  const controls = new Map<string, Observation>();
  const results: CaseResult[] = [];
  for (const fault of faults) {
    for (const where of listCases(fault)) {
      const control = await findControl(controls, fault, where, run);
      const verdict = judgeObservation(fault, where, await run(fault, where), control);
      results.push({ fault, where, ...verdict });
    }
  }
  return results;
}

async function findControl(
  controls: Map<string, Observation>,
  fault: Fault,
  where: FaultCase,
  run: RunCase,
): Promise<Observation> {
  const { family, paging, lookbackMs } = fault;
  const name = JSON.stringify([where.tier, family === 'AU', paging, lookbackMs]);
  const known = controls.get(name);
  if (known !== undefined) return known;
  const shape = {
    ...(paging === undefined ? {} : { paging }),
    ...(lookbackMs === undefined ? {} : { lookbackMs }),
  };
  const control = await run({ id: 'none', family, title: 'no fault', expect: 'OK', ...shape }, where);
  controls.set(name, control);
  return control;
}

export function describeCase({ fault, where, complaints, silentCorruption }: CaseResult): string {
  const place = `${where.position}, ${where.timing} the effect, tier ${where.tier}`;
  return `${fault.id} ${fault.title} (${place})${silentCorruption ? ', SILENT' : ''}: ${complaints.join('; ')}`;
}
