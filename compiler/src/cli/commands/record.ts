import type { Host } from '../../source/host.ts';
import { runService } from '../../source/run-service.ts';
import { readText } from '../../write/read-text.ts';
import { findRules } from '../find-rules.ts';
import { readOutput } from '../read-output.ts';

export interface RecordArguments {
  readonly rules: string;
  readonly flows: readonly string[];
  /** As the service's own command takes them. */
  readonly options: Readonly<Record<string, string | undefined>>;
}

/**
 * `mortise record`: the generated service records, in a process of its own, with its own settings. The compiler neither
 * calls the systems nor runs anything of the rules. @returns the exit code of the service
 */
export async function record(
  host: Host,
  folder: string,
  { rules, flows, options }: RecordArguments,
  print: (text: string) => void,
): Promise<number> {
  const { CI = '' } = process.env;
  if (CI !== '' && CI !== 'false') {
    print('Nothing is recorded in CI: a person must read a recording before it is committed.\n');
    return 2;
  }
  const [entry] = findRules(host, folder, [rules], print);
  if (entry === undefined) return 2;
  const service = host.resolve(entry, '..', readOutput(host, entry));
  if (readText(host, host.resolve(service, 'src/main.ts')) === undefined) {
    print(`There is no service in ${host.relative(folder, service)} yet. Run: mortise gen ${rules}\n`);
    return 2;
  }
  const given = Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, value],
  );
  return runService(service, ['record', ...flows, ...given]);
}
