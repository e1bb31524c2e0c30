import { parseArgs } from 'node:util';
import { runSeeds } from './run-seeds.ts';
import type { SoakResult } from './run-soak.ts';

/**
 * `npm run soak -- --seeds 200`: a service through a day of trouble in virtual time, for many seeds; `--seed 17` runs
 * that one. Exit 1 where one fails; its line says how to run it again.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20' },
    from: { type: 'string', default: '0' },
    seed: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const PROCESSES = 2;

const { seed, seeds: count, from } = values;
const seeds =
  seed === undefined ? Array.from({ length: Number(count) }, (_, at) => Number(from) + at) : [Number(seed)];
const results = await runSeeds(seeds, PROCESSES, report);
const failed = results.filter(({ complaints }) => complaints.length > 0).length;
const sum = (name: 'records' | 'faults' | 'deaths'): number =>
  results.reduce((total, result) => total + result[name], 0);
const totals = {
  seeds: results.length,
  failed,
  records: sum('records'),
  faults: sum('faults'),
  deaths: sum('deaths'),
};
process.stdout.write(
  values.json
    ? `${JSON.stringify(totals)}\n`
    : `${totals.seeds} seeds, ${failed} failed: ${totals.records} versions of records, ${totals.faults} faults, ${totals.deaths} deaths of the process\n`,
);
process.exitCode = failed === 0 ? 0 : 1;

function report({ seed: one, complaints }: SoakResult): void {
  if (complaints.length > 0)
    process.stdout.write(`npm run soak -- --seed ${one}: ${complaints.join('; ').replaceAll('\n', ' ')}\n`);
}
