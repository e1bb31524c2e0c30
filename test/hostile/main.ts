import { availableParallelism } from 'node:os';
import { BOMBS } from './bombs.ts';
import { BOUND_MS, LIMIT_MB } from './bounds.ts';
import { callEmissions } from './call-emissions.ts';
import { createLimitedCompiler } from './compile-limited.ts';
import { PAYLOADS } from './payloads.ts';
import { POSITIONS } from './positions.ts';
import { createHostileReport, runTogether } from './run-hostile.ts';
import { setOffBombs } from './set-off-bombs.ts';

/** Every hostile text in every place, and every bomb. */
const json = process.argv.includes('--json');
const report = createHostileReport();
const waiting = [...PAYLOADS];
const together = POSITIONS.filter(({ alone }) => !alone);
const apart = POSITIONS.filter(({ alone }) => alone);

/** One thread that compiles; beside it the others, each with the next text. */
async function workOff(): Promise<void> {
  const compiler = createLimitedCompiler();
  for (let payload = waiting.shift(); payload !== undefined; payload = waiting.shift()) {
    await runTogether(compiler, report, payload, together);
    for (const position of apart) await runTogether(compiler, report, payload, [position]);
    process.stderr.write(`${payload.name}: ${report.cases} cases, ${report.escapes.length} escapes\n`);
  }
  await compiler.close();
}

const bombs = await setOffBombs(BOMBS.map(({ name }) => name));
await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, workOff));
const called = await callEmissions(report.emissions);
const blown = bombs.filter(
  ({ kind, problems, sockets }) => kind === 'died' || kind === 'crashed' || problems.length + sockets > 0,
);
const escapes = [...report.escapes, ...called.escapes, ...called.problems];
const crashes = [
  ...report.crashes,
  ...blown.map(({ name, said, problems }) => `${name}: ${said} ${problems.join(', ')}`),
];
const counts = {
  cases: report.cases + BOMBS.length,
  emitted: report.emitted,
  refused: report.refused,
  compilations: report.compilations,
  modules: called.modules,
  calls: called.calls,
  escapes: escapes.length,
  crashes: crashes.length,
  worstMs: Math.round(report.worstMs),
  worstMb: Math.round(report.worstMb),
  worstBombMs: Math.max(...bombs.map(({ cpuMs }) => cpuMs)),
};
for (const line of [...escapes, ...crashes]) process.stderr.write(`${line}\n`);
process.stdout.write(
  json
    ? `${JSON.stringify(counts)}\n`
    : `${Object.entries(counts)
        .map(([name, count]) => `${name} ${count}\n`)
        .join('')}`,
);
const isBounded = Math.max(counts.worstMs, counts.worstBombMs) < BOUND_MS && counts.worstMb < LIMIT_MB;
process.exitCode = escapes.length + crashes.length === 0 && isBounded ? 0 : 1;
