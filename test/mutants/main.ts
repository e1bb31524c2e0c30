import { parseArgs } from 'node:util';
import { replaceVitest } from './emitted-tests.ts';
import { listFlips } from './list-flips.ts';
import { MUTANTS } from './mutants.ts';
import { batchFlips, runFlips } from './run-flips.ts';
import { runMutant } from './run-mutant.ts';
import { SURVIVORS } from './survivors.ts';

/** Of the mutants, at least so many must be caught. */
const LEAST_SHARE = 0.95;
/** Every how many of the batches and of the mutants make the sample of `npm test`. */
const SAMPLE = { batches: 7, mutants: 8 };

const { values } = parseArgs({ options: { sample: { type: 'boolean' }, singly: { type: 'boolean' } } });
replaceVitest();
const wrong = [...(await proveFlips()), ...(await killMutants())];
for (const line of wrong) process.stdout.write(`WRONG ${line}\n`);
process.exitCode = wrong.length === 0 ? 0 : 1;

/** Each decision of the answer book, taken otherwise in the emitted code, makes exactly its rows fail. */
async function proveFlips(): Promise<string[]> {
  const flips = listFlips();
  const batches = values.singly === true ? flips.map((flip) => [flip]) : batchFlips(flips);
  const chosen =
    values.sample === true ? batches.filter((_, index) => index % SAMPLE.batches === 0) : batches;
  const found: string[] = [];
  for (const [index, batch] of chosen.entries()) {
    const { tooMany, unseen } = await runFlips(`flips-${index}`, batch);
    found.push(...tooMany.map((id) => `batch ${index}: ${id} fails, and its decision is as it was`));
    found.push(...unseen.map((id) => `batch ${index}: ${id} passes, and its decision is another`));
  }
  const flipped = new Set(chosen.flat());
  process.stdout.write(
    `${flipped.size} of ${flips.length} decisions taken otherwise, in ${chosen.length} runs\n`,
  );
  return found;
}

/** Faults that somebody could make in the emitted code are caught by the tests that are emitted with it. */
async function killMutants(): Promise<string[]> {
  const chosen =
    values.sample === true ? MUTANTS.filter((_, index) => index % SAMPLE.mutants === 0) : MUTANTS;
  const found: string[] = [];
  // A test that fails of itself would seem to catch everything.
  const broken = await runMutant({ name: 'nothing is wrong', edit: undefined });
  if (broken !== undefined) return [`the service as it was emitted fails its test "${broken}"`];
  let killed = 0;
  for (const mutant of chosen) {
    const by = await runMutant(mutant);
    const why = SURVIVORS.get(mutant.name);
    if (by !== undefined) killed += 1;
    if (by === undefined && why === undefined) found.push(`survives: ${mutant.name}`);
    if (by !== undefined && why !== undefined)
      found.push(`is caught by "${by}", and is listed as one that is not: ${mutant.name}`);
    if (values.sample !== true)
      process.stdout.write(
        `${by === undefined ? 'survives' : 'killed  '} ${mutant.name}${by === undefined ? '' : ` (${by})`}\n`,
      );
  }
  process.stdout.write(`${killed} of ${chosen.length} mutants killed\n`);
  const isFew = killed / chosen.length < LEAST_SHARE;
  return isFew ? [...found, `fewer than ${LEAST_SHARE * 100} % of the mutants are killed`] : found;
}
