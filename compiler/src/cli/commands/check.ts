import { hasErrors } from '../../diagnostics/diagnostic.ts';
import { checkIntegration } from '../../pipeline.ts';
import type { Host } from '../../source/host.ts';
import { findRules } from '../find-rules.ts';
import { listSameNames } from '../list-same-names.ts';
import { printFindings } from '../print-findings.ts';
import type { Format } from '../print-findings.ts';

/** `mortise check`: every finding, and nothing is written. @returns the exit code */
export async function check(
  host: Host,
  folder: string,
  args: { readonly rules: readonly string[]; readonly format: Format },
  print: (text: string) => void,
): Promise<number> {
  const entries = findRules(host, folder, args.rules, print);
  if (entries.length === 0) return 2;
  const doubled = listSameNames(host, folder, entries);
  if (doubled.length > 0) print(printFindings(host, folder, doubled, args.format));
  let failed = doubled.length > 0;
  for (const entry of entries) {
    const [, found] = await checkIntegration(host, entry);
    failed ||= hasErrors(found);
    print(printFindings(host, folder, found, args.format));
    if (!hasErrors(found) && args.format === 'text')
      print(`${host.relative(folder, entry)}: no open decision\n`);
  }
  return failed ? 1 : 0;
}
