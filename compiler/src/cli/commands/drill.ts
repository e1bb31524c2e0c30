import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Host } from '../../source/host.ts';
import { runService } from '../../source/run-service.ts';
import { readLock } from '../../write/output-lock.ts';
import { readText } from '../../write/read-text.ts';
import { findRules } from '../find-rules.ts';
import { listStale } from '../list-stale.ts';
import { readOutput } from '../read-output.ts';

export interface DrillArguments {
  /** A rules file, and `down=6h`, in any order. */
  readonly what: readonly string[];
  /** As the service's own drill takes them. */
  readonly options: Readonly<Record<string, string | undefined>>;
  readonly format: 'text' | 'json';
}

/** What the service cannot run without, where it is not there. */
function findMissing(service: string): string | undefined {
  try {
    createRequire(join(service, 'package.json')).resolve(RUNTIME);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND' ? RUNTIME : undefined;
  }
}

const RUNTIME = '@mortise/runtime';
const OUTAGE_FILE = 'test/drills/outage.ts';

/**
 * `mortise drill`: the generated service lives through an outage in virtual time, in a process of its own, without its
 * `.env`: nothing is called but systems in memory. @returns the exit code: 1 where something was lost, doubled or not told
 */
export async function drill(
  host: Host,
  folder: string,
  { what, options: { svg, ...options }, format }: DrillArguments,
  print: (text: string) => void,
  warn: (text: string) => void = (text) => void process.stderr.write(text),
): Promise<number> {
  const rules = what.filter((text) => !text.includes('='));
  const [entry, ...others] = findRules(host, folder, rules, print);
  if (entry === undefined) return 2;
  if (others.length > 0) {
    print('There are several rules files: name the one whose service is drilled.\n');
    return 2;
  }
  const name = host.relative(folder, entry);
  if (readText(host, entry) === undefined) {
    print(`There is no rules file ${name}.\n`);
    return 2;
  }
  const service = host.resolve(entry, '..', readOutput(host, entry));
  if (readText(host, host.resolve(service, OUTAGE_FILE)) === undefined) {
    print(
      `There is no ${OUTAGE_FILE} in ${host.relative(folder, service)}. Run: mortise gen ${name} (one that --output has put elsewhere drills itself there: node ${OUTAGE_FILE})\n`,
    );
    return 2;
  }
  const missing = findMissing(service);
  if (missing !== undefined) {
    const place = host.relative(folder, service);
    print(
      `${missing} is not installed for ${place}. In a workspace run npm install at its top, else in ${place}.\n`,
    );
    return 2;
  }
  const lock = readLock(host, service);
  const display = (file: string): string => host.relative(folder, file);
  const notes = listStale({ host, entry, folder: service, lock, display }, Object.keys(lock?.files ?? {}));
  // On the other stream, so that JSON stays JSON.
  for (const note of notes) warn(`note: ${note}\n`);
  const given = Object.entries(options).flatMap(([key, value]) =>
    value === undefined ? [] : [`--${key}=${value}`],
  );
  const picture = svg === undefined ? [] : [`--svg=${host.resolve(folder, svg)}`];
  const json = format === 'json' ? ['--json'] : [];
  return runService(service, [...given, ...picture, ...json, ...what.filter((text) => text.includes('='))], {
    main: OUTAGE_FILE,
    isBare: true,
  });
}
