import { hasErrors } from '../../diagnostics/diagnostic.ts';
import { compile, isUnchanged } from '../../pipeline.ts';
import type { CompileReport } from '../../pipeline.ts';
import type { Host } from '../../source/host.ts';
import { findRules } from '../find-rules.ts';
import { listSameNames } from '../list-same-names.ts';
import { printFindings } from '../print-findings.ts';
import type { Format } from '../print-findings.ts';
import { readAssets } from '../read-assets.ts';
import { readOutput } from '../read-output.ts';
import { renderSummary } from '../render-summary.ts';

export interface GenArguments {
  readonly rules: readonly string[];
  readonly check: boolean;
  readonly full: boolean;
  readonly force: boolean;
  readonly vendorRuntime: boolean;
  readonly output: string | undefined;
  readonly format: Format;
}

/** `mortise gen`: writes the service, or with `--check` says what would change. @returns the exit code */
export async function gen(
  host: Host,
  folder: string,
  args: GenArguments,
  print: (text: string) => void,
): Promise<number> {
  const entries = findRules(host, folder, args.rules, print);
  if (entries.length === 0) return 2;
  const doubled = listSameNames(host, folder, entries);
  if (doubled.length > 0) {
    print(printFindings(host, folder, doubled, args.format));
    return 1;
  }
  const assets = readAssets(host);
  let failed = false;
  for (const entry of entries) {
    if (mayAnswerFromLock(args) && isUnchanged(host, entry, readOutput(host, entry), assets)) {
      if (args.format === 'text')
        print(`${host.relative(folder, entry)}: nothing has changed (from the lock)\n`);
      continue;
    }
    const startedMs = performance.now();
    const progress = createProgress(host.relative(folder, entry));
    const report = await compile(host, entry, {
      assets,
      check: args.check,
      force: args.force,
      vendorRuntime: args.vendorRuntime,
      output: args.output === undefined ? undefined : host.resolve(folder, args.output),
      onStage: progress.show,
    });
    progress.clear();
    failed ||= hasErrors(report.found);
    print(renderReport(host, folder, report, args));
    if (!hasErrors(report.found) && args.format === 'text')
      print(
        renderSummary(host, folder, entry, report, { check: args.check, ms: performance.now() - startedMs }),
      );
  }
  return failed ? 1 : 0;
}

function mayAnswerFromLock(args: GenArguments): boolean {
  return args.check && !args.full && !args.vendorRuntime && args.output === undefined;
}

function renderReport(host: Host, folder: string, report: CompileReport, args: GenArguments): string {
  const findings = printFindings(host, folder, report.found, args.format);
  if (args.format !== 'text' || report.diffs.length === 0) return findings;
  const advice = args.check
    ? 'To bring the output up to date: mortise gen\n'
    : 'To lose these edits: mortise gen --force. To keep them, move them to custom/ or into the rules.\n';
  return `${report.diffs.join('\n')}\n${findings}${advice}`;
}

/** On a terminal, the stage that is under way; nothing in CI or in a pipe. */
function createProgress(name: string) {
  const shown = process.stderr.isTTY && process.env['CI'] === undefined;
  return {
    show: (stage: string): void => void (shown && process.stderr.write(`\r\u001b[K${name}: ${stage} …`)),
    clear: (): void => void (shown && process.stderr.write('\r\u001b[K')),
  };
}
