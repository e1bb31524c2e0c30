import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { listSoundCases } from '../emit-cases.ts';
import { ROOT } from '../run-process.ts';
import { hasShared } from '../section-four/section-four-service.ts';
import type { PlayedDrills } from './drill-case.ts';

/**
 * Plays every drill of the services of all sound cases, or of those that are named. Minutes of work, so it is no test.
 * Each service has a process of its own, for a drill that never ends holds up its whole process.
 */
const OTHERS = ['key', 'look-up', 'put'];
/** Rules for the vendors’ own descriptions. */
const REAL: Readonly<Record<string, string>> = {
  'section-four': 'test/section-four/crm-to-ledger.rules.yaml',
  'support-to-crm': 'test/prism/support-to-crm/support-to-crm.rules.yaml',
};
const LONGEST_MS = 300_000;

const named = process.argv.slice(2);
const all = [...(hasShared ? Object.keys(REAL) : []), ...listSoundCases(), ...OTHERS];
const names = all.filter((one) => named.length === 0 || named.includes(one));
if (!hasShared)
  process.stdout.write(
    `${Object.keys(REAL).join(', ')} are left out: their descriptions are not in ../shared/specs.\n`,
  );
const waiting = names.values();
const total = { played: 0, failed: 0 };
await Promise.all(Array.from({ length: availableParallelism() }, playNext));
process.stdout.write(`${names.length} services, ${total.played} drills played, ${total.failed} failed\n`);
process.exitCode = total.failed === 0 && total.played > 0 ? 0 : 1;

async function playNext(): Promise<void> {
  for (const name of waiting) {
    const startedMs = performance.now();
    const { played, failures } = await play(name);
    total.played += played;
    total.failed += failures.length;
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
    process.stdout.write(`${name}: ${played} drills, ${failures.length} failed, ${seconds} s\n`);
    for (const failure of failures) process.stdout.write(`  ${failure}\n`);
  }
}

async function play(name: string): Promise<PlayedDrills> {
  const child = fork(join(import.meta.dirname, 'drill-case.ts'), [name, findRules(name)], {
    timeout: LONGEST_MS,
    killSignal: 'SIGKILL',
  });
  let report: PlayedDrills = { played: 0, failures: [] };
  child.on('message', (message) => {
    report = message as PlayedDrills;
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code === 0) return report;
  const why = code === null ? `did not end within ${LONGEST_MS / 1000} s` : `ended with ${code}`;
  return { played: report.played, failures: [...report.failures, `the process ${why}`] };
}

function findRules(name: string): string {
  const real = REAL[name];
  if (real !== undefined) return join(ROOT, real);
  const rules = join(ROOT, 'test/cases', name, 'integration.rules.yaml');
  return existsSync(rules) ? rules : join(ROOT, 'test/emission/specs', `${name}.rules.yaml`);
}
