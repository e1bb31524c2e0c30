import { runKillSweep } from './kill-sweep.ts';

/** `npm run crash`: many seeded kills of the demo run; one JSON line a seed. */
const SEEDS = [1, 2, 3, 4, 5];

let failed = false;
for (const seed of SEEDS) {
  const report = await runKillSweep({ seed, contacts: 1000, kills: 20 });
  failed ||= report.differences.length > 0 || report.doubled > 0;
  process.stdout.write(`${JSON.stringify({ seed, ...report })}\n`);
}
process.exitCode = failed ? 1 : 0;
