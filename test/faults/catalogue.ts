import { LEFT_OUT } from './families/local.faults.ts';
import { MEMORY_FAULTS } from './fault-table.ts';
import { listSocketFaults } from './run-socket-case.ts';

/** How many faults each family has that concern a service which polls: the numbers of the catalogue run from 1. */
const SIZES = { T: 32, E: 23, S: 29, RL: 18, AU: 15, P: 20, D: 32, C: 4, X: 16 } as const;

export interface Coverage {
  /** Run here. */
  readonly run: ReadonlySet<string>;
  /** Neither run nor left out with a reason. */
  readonly missing: readonly string[];
  /** Both, which cannot be. */
  readonly both: readonly string[];
}

/** Holds the tables against the catalogue, so that no fault disappears without a word. */
export function checkCatalogue(): Coverage {
  const all = Object.entries(SIZES).flatMap(([family, size]) =>
    Array.from({ length: size }, (_, index) => `${family}${index + 1}`),
  );
  const run = new Set([...MEMORY_FAULTS, ...listSocketFaults()].map(({ id }) => id));
  const left = new Set(LEFT_OUT.map(({ id }) => id));
  return {
    run,
    missing: all.filter((id) => !run.has(id) && !left.has(id)),
    both: all.filter((id) => run.has(id) && left.has(id)),
  };
}
