import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ROOT, startService } from '../demo/demo-world.ts';
import type { DemoWorld, ProcessEnd } from '../demo/demo-world.ts';

const SHARED = join(ROOT, '../shared/specs');
const CRM_FILES = ['contacts', 'deals', 'line-items', 'associations'] as const;

/** The vendors' own descriptions, which are not ours to copy. */
export const LEDGER_DESCRIPTION = join(SHARED, 'xero-accounting.yaml');
export const CRM_DESCRIPTIONS = CRM_FILES.map((name) => join(SHARED, `hubspot-${name}.json`));
export const hasShared = [LEDGER_DESCRIPTION, ...CRM_DESCRIPTIONS].every((file) => existsSync(file));

export const TAX_TYPE = 'OUTPUT2';

export async function runNode(args: readonly string[], cwd: string): Promise<string> {
  return (await promisify(execFile)(process.execPath, args, { cwd })).stdout;
}

/** @returns the service's main file */
export async function generateService(folder: string): Promise<string> {
  const rules = join(ROOT, 'test/section-four/crm-to-ledger.rules.yaml');
  await runNode([join(ROOT, 'compiler/bin/mortise.js'), 'gen', rules, '--output', folder], ROOT);
  return join(folder, 'src/main.ts');
}

export interface OnceEnd extends ProcessEnd {
  readonly unfinished: readonly string[];
}

interface Status {
  readonly flows: readonly {
    readonly states: Readonly<Record<string, number>>;
    /** When the source was last read to its end. */
    readonly lastPass?: string;
  }[];
  readonly unfinished?: readonly string[];
}

/** States that a record leaves by itself. */
const LIVE = ['queued', 'waiting', 'sending'];
const PATIENCE_MS = 60_000;
const LOOK_MS = 2000;

/**
 * Runs the service once, as an operator would, who stops it where nothing is left but records that wait for another flow.
 * @param waiting so many of them are expected
 */
export async function runOnce(
  main: string,
  environment: DemoWorld['environment'],
  waiting: number,
): Promise<OnceEnd> {
  const startedMs = Date.now();
  const service = startService(environment, ['once', '--json'], main);
  if (waiting > 0) {
    const readStatus = async (): Promise<Status> =>
      JSON.parse((await startService(environment, ['status', '--json'], main).done).stdout) as Status;
    await waitForRest(readStatus, startedMs, waiting);
    service.stop();
  }
  const end = await service.done;
  const report = JSON.parse(end.stdout.trim().split('\n')[0] ?? '{}') as Status;
  return { ...end, unfinished: report.unfinished ?? [] };
}

async function waitForRest(
  readStatus: () => Promise<Status>,
  startedMs: number,
  waiting: number,
): Promise<void> {
  while (Date.now() < startedMs + PATIENCE_MS) {
    const { flows } = await readStatus();
    const isRead = flows.every(({ lastPass }) => lastPass !== undefined && Date.parse(lastPass) >= startedMs);
    const live = flows
      .flatMap(({ states }) => LIVE.map((state) => states[state] ?? 0))
      .reduce((sum, count) => sum + count, 0);
    if (isRead && live <= waiting) return;
    await pause(LOOK_MS);
  }
}
