import { isForBaselines, runBaseline } from './baselines/run-baseline.ts';
import type { Baseline } from './baselines/run-baseline.ts';
import { judgeBaseline } from './baselines/judge-baseline.ts';
import type { Fault, FaultCase } from './fault.ts';
import { MEMORY_FAULTS } from './fault-table.ts';
import { judgeObservation } from './judge-observation.ts';
import { listCases } from './list-cases.ts';
import { runCases } from './run-cases.ts';
import type { CaseResult } from './run-cases.ts';
import { runMortiseOnSockets } from './run-mortise-on-sockets.ts';
import { runMortise } from './run-mortise.ts';
import { listSocketFaults } from './run-socket-case.ts';

/** Who is put through the suite. */
export type Subject = 'mortise' | Baseline;
export type Layer = 'memory' | 'sockets';

/** The share of the suite that one process runs: every `of`-th fault of a layer, from `part` on. */
export interface Share {
  readonly subject: Subject;
  readonly layer: Layer;
  readonly part: number;
  readonly of: number;
}

/** Sockets wait more than they work, so several cases run at once. */
const AT_ONCE = 8;

export async function runShare({ subject, layer, part, of }: Share): Promise<CaseResult[]> {
  const all = layer === 'memory' ? MEMORY_FAULTS : listSocketFaults();
  const faults = all.filter((fault, index) => index % of === part && isFor(subject, fault));
  const run = (fault: Fault | undefined, where: FaultCase) => runSubject(subject, layer, fault, where);
  const judge = subject === 'mortise' ? judgeObservation : judgeBaseline;
  return runCases(faults, listCases, { run, judge, atOnce: layer === 'sockets' ? AT_ONCE : 1 });
}

function isFor(subject: Subject, fault: Fault): boolean {
  return subject === 'mortise' || isForBaselines(fault);
}

function runSubject(subject: Subject, layer: Layer, fault: Fault | undefined, where: FaultCase) {
  if (subject !== 'mortise') return runBaseline(subject, fault, where, layer);
  return layer === 'memory' ? runMortise(fault, where) : runMortiseOnSockets(fault, where);
}
