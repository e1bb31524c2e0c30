import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProcess } from '../run-process.ts';
import type { HostileReport } from './run-hostile.ts';

export interface CallReport {
  readonly modules: number;
  readonly calls: number;
  /** Where a foreign text has run. */
  readonly escapes: readonly string[];
  /** Modules that cannot be loaded. */
  readonly problems: readonly string[];
}

/** Loads every emitted module in a process of its own, and calls what it exports. */
export async function callEmissions(emissions: HostileReport['emissions']): Promise<CallReport> {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-hostile-'));
  try {
    const file = join(folder, 'emissions.json');
    writeFileSync(file, JSON.stringify([...emissions].map(([label, files]) => [label, [...files]])));
    const script = join(import.meta.dirname, 'call-output.ts');
    const { text } = await runProcess(
      ['node', '--disable-warning=ExperimentalWarning', script, file],
      folder,
    );
    const line = text.split('\n').find((one) => one.startsWith('{"modules"'));
    if (line === undefined) throw new Error(`The emitted modules ended the process: ${text.slice(-2000)}`);
    return JSON.parse(line) as CallReport;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
