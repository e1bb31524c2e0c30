import { fork } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkCatalogue } from './catalogue.ts';
import { LEFT_OUT } from './families/local.faults.ts';
import { FAMILIES } from './fault.ts';
import { describeCase } from './run-cases.ts';
import type { CaseResult } from './run-cases.ts';
import type { Share, Subject } from './run-suite.ts';

/**
 * `npm run faults`: every fault at every position, before and after the side effect, for every promise of a target; and
 * the same for plain clients beside it. Exit 1 where one is not survived, corrupts silently, or is missing in the table.
 */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: ['mortise', 'fetch', 'fetch-retry'] },
  },
});
const PROCESSES = 2;

interface Tally {
  readonly survived: number;
  readonly total: number;
  readonly cases: number;
  readonly casesSurvived: number;
  readonly silentCorruptions: number;
  readonly byFamily: Readonly<Record<string, string>>;
}

const tallies: Partial<Record<Subject, Tally>> = {};
for (const subject of values.only as Subject[]) {
  const results = await runSubject(subject);
  tallies[subject] = tally(results);
  if (subject === 'mortise')
    for (const result of results) if (!result.survived) say(`NOT SURVIVED  ${describeCase(result)}`);
}
const { missing, both } = checkCatalogue();
for (const id of missing) say(`MISSING       ${id} is neither run nor left out with a reason`);
for (const id of both) say(`TWICE         ${id} is run and left out`);
for (const { id, reason } of LEFT_OUT) say(`left out      ${id}: ${reason}`);

const { mortise, ...baselines } = tallies;
if (!values.json) for (const [name, each] of Object.entries(tallies)) print(render(name, each));
else print(JSON.stringify({ ...mortise, leftOut: LEFT_OUT.length, baselines }));
const isSound =
  mortise === undefined || (mortise.survived === mortise.total && mortise.silentCorruptions === 0);
process.exitCode = isSound && missing.length === 0 && both.length === 0 ? 0 : 1;

async function runSubject(subject: Subject): Promise<CaseResult[]> {
  const shares = (['memory', 'sockets'] as const).flatMap((layer) =>
    Array.from({ length: PROCESSES }, (_, part): Share => ({ subject, layer, part, of: PROCESSES })),
  );
  const results: CaseResult[] = [];
  const work = async (): Promise<void> => {
    for (let share = shares.shift(); share !== undefined; share = shares.shift()) {
      const found = await runInProcess(share);
      results.push(...found);
      say(`${subject}, ${share.layer} ${share.part + 1} of ${share.of}: ${found.length} cases`);
    }
  };
  await Promise.all(Array.from({ length: PROCESSES }, work));
  return results;
}

function runInProcess(share: Share): Promise<CaseResult[]> {
  return new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, 'share.ts'), [JSON.stringify(share)]);
    child.once('message', (results) => resolve(results as CaseResult[]));
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code !== 0) reject(new Error(`A share of the suite ended with ${code}.`));
    });
  });
}

/** A fault is survived where all of its cases are. */
function tally(results: readonly CaseResult[]): Tally {
  const ids = [...new Set(results.map(({ id }) => id))];
  const isSurvived = (id: string): boolean => results.every((result) => result.id !== id || result.survived);
  const byFamily = FAMILIES.map((family) => {
    const own = ids.filter((id) => id.replace(/\d+$/, '') === family);
    return [family, `${own.filter(isSurvived).length}/${own.length}`];
  });
  return {
    survived: ids.filter(isSurvived).length,
    total: ids.length,
    cases: results.length,
    casesSurvived: results.filter(({ survived }) => survived).length,
    silentCorruptions: results.filter(({ silentCorruption }) => silentCorruption).length,
    byFamily: Object.fromEntries(byFamily) as Record<string, string>,
  };
}

function render(
  name: string,
  { survived, total, cases, casesSurvived, silentCorruptions, byFamily }: Tally,
): string {
  const families = Object.entries(byFamily).map(([family, text]) => `${family} ${text}`);
  return `${name}: ${survived} of ${total} faults survived (${casesSurvived} of ${cases} cases), ${silentCorruptions} silent corruptions; ${families.join(', ')}`;
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
