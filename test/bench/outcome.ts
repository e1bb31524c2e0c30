import { TARGETS } from './targets.ts';
import type { BenchmarkName, Target } from './targets.ts';

/** What a benchmark found, before it is held against its target. */
export type Outcome =
  | { readonly kind: 'measured'; readonly name: BenchmarkName; readonly figure: number; readonly vs: string }
  | { readonly kind: 'skipped'; readonly name: BenchmarkName; readonly reason: string };

/** What the command line may change. */
export interface BenchmarkOptions {
  /** How many records the memory benchmark moves. */
  readonly records: number;
}

/** Benchmarks that share their set-up stand together. */
export interface Benchmark {
  readonly names: readonly BenchmarkName[];
  run(options: BenchmarkOptions): Promise<readonly Outcome[]>;
}

export function isMet(outcome: Outcome): boolean {
  if (outcome.kind === 'skipped') return true;
  const { limit }: Target = TARGETS[outcome.name];
  return 'atMost' in limit ? outcome.figure <= limit.atMost : outcome.figure >= limit.atLeast;
}

/** One line of JSON: `{"name","ratio" or "value","unit","target","met","vs"}`. */
export function renderJson(outcome: Outcome): string {
  if (outcome.kind === 'skipped') return JSON.stringify({ name: outcome.name, skipped: outcome.reason });
  const { kind, unit, mark }: Target = TARGETS[outcome.name];
  const { name, vs } = outcome;
  return JSON.stringify({
    name,
    [kind]: round(outcome.figure),
    unit,
    target: describeLimit(name),
    mark,
    met: isMet(outcome),
    vs,
  });
}

export function renderText(outcome: Outcome): string {
  const name = outcome.name.padEnd(Math.max(...Object.keys(TARGETS).map((each) => each.length)));
  if (outcome.kind === 'skipped') return `${name}  skipped: ${outcome.reason}`;
  const verdict = isMet(outcome) ? 'met   ' : 'MISSED';
  const figure = String(round(outcome.figure)).padStart(9);
  return `${name}  ${verdict} ${figure}  ${describeLimit(outcome.name).padEnd(9)}  ${TARGETS[outcome.name].unit}\n${' '.repeat(name.length)}  ${outcome.vs}`;
}

function describeLimit(name: BenchmarkName): string {
  const { limit }: Target = TARGETS[name];
  return 'atMost' in limit ? `<= ${limit.atMost}` : `>= ${limit.atLeast}`;
}

function round(figure: number): number {
  return figure >= 100 ? Math.round(figure) : Math.round(figure * 1000) / 1000;
}
