import type { Fault, FaultCase } from './fault.ts';
import { judgeObservation } from './judge-observation.ts';
import type { Verdict } from './judge-observation.ts';
import type { Observation } from './observation.ts';

/** A client that can be put through a case: with a fault, or without one as the control. */
export type RunCase = (fault: Fault | undefined, where: FaultCase) => Promise<Observation>;

export interface CaseResult extends Verdict {
  readonly id: string;
  readonly title: string;
  readonly where: FaultCase;
}

export interface RunOptions {
  readonly run: RunCase;
  readonly judge?: typeof judgeObservation;
  /** Cases at the same time. */
  readonly atOnce?: number;
}

/** Runs every case of the faults; each kind of case has one control run without its fault. */
export async function runCases(
  faults: readonly Fault[],
  listCases: (fault: Fault) => readonly FaultCase[],
  { run, judge = judgeObservation, atOnce = 1 }: RunOptions,
): Promise<CaseResult[]> {
  const controls = new Map<string, Promise<Observation>>();
  const waiting = faults.flatMap((fault) => listCases(fault).map((where) => ({ fault, where })));
  const results: CaseResult[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { fault, where } = next;
      const control = await findControl(controls, fault, where, run);
      const verdict = judge(fault, where, await run(fault, where), control);
      results.push({ id: fault.id, title: fault.title, where, ...verdict });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return results;
}

function findControl(
  controls: Map<string, Promise<Observation>>,
  fault: Fault,
  where: FaultCase,
  run: RunCase,
): Promise<Observation> {
  const { family, paging, lookbackMs } = fault;
  const name = JSON.stringify([where.tier, family === 'AU', paging, lookbackMs]);
  const shape = {
    ...(paging === undefined ? {} : { paging }),
    ...(lookbackMs === undefined ? {} : { lookbackMs }),
  };
  const control =
    controls.get(name) ?? run({ id: 'none', family, title: 'no fault', expect: 'OK', ...shape }, where);
  controls.set(name, control);
  return control;
}

export function describeCase({ id, title, where, complaints, silentCorruption }: CaseResult): string {
  const place = `${where.position}, ${where.timing} the effect, tier ${where.tier}`;
  return `${id} ${title} (${place})${silentCorruption ? ', SILENT' : ''}: ${complaints.join('; ')}`;
}
