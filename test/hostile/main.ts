import { BOMBS } from './bombs.ts';
import { callEmissions } from './call-emissions.ts';
import { compileHostile } from './compile-hostile.ts';
import { createHostileProject } from './hostile-project.ts';
import { PAYLOADS } from './payloads.ts';
import { POSITIONS } from './positions.ts';
import { createHostileReport, runTogether } from './run-hostile.ts';
import { setOffBombs } from './set-off-bombs.ts';

/** Every hostile text in every place, and every bomb. */
const json = process.argv.includes('--json');
const report = createHostileReport();
// The first compilation of a process loads TypeScript and Prettier: what a text takes is measured behind it.
await compileHostile(createHostileProject());
const bombs = setOffBombs(BOMBS.map(({ name }) => name));
for (const payload of PAYLOADS) {
  await runTogether(
    report,
    payload,
    POSITIONS.filter(({ alone }) => !alone),
  );
  for (const position of POSITIONS.filter(({ alone }) => alone))
    await runTogether(report, payload, [position]);
  process.stderr.write(`${payload.name}: ${report.cases} cases, ${report.escapes.length} escapes\n`);
}
const called = await callEmissions(report.emissions);
const blown = (await bombs).filter(
  ({ kind, problems }) => kind === 'died' || kind === 'crashed' || problems.length > 0,
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
};
for (const line of [...escapes, ...crashes]) process.stderr.write(`${line}\n`);
process.stdout.write(
  json
    ? `${JSON.stringify(counts)}\n`
    : `${Object.entries(counts)
        .map(([name, count]) => `${name} ${count}\n`)
        .join('')}`,
);
process.exitCode = escapes.length + crashes.length === 0 ? 0 : 1;
