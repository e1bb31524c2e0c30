import { isAtLeast } from '../../drift/level.ts';
import { loadWorkspace } from '../../load/load-workspace.ts';
import { compareDescriptions } from '../../pipeline.ts';
import type { Host } from '../../source/host.ts';
import { createSide } from '../drift-sides.ts';
import { findRules } from '../find-rules.ts';
import { joinSides, markSides } from '../join-sides.ts';
import { printDrift } from '../print-drift.ts';
import type { PrintOptions } from '../print-drift.ts';
import { printFindings } from '../print-findings.ts';
import { printReplay } from '../print-replay.ts';
import { summariseDrift } from '../summarise-drift.ts';

export interface DriftArgs extends PrintOptions {
  readonly rules: readonly string[];
  /** The older descriptions: a file, a folder or a commit. */
  readonly from: string;
  /** The newer ones; undefined for the files as they are. */
  readonly to?: string | undefined;
  readonly system?: string | undefined;
  /** Also what the service's recordings say. */
  readonly recordings: boolean;
}

interface Run {
  readonly host: Host;
  readonly folder: string;
  readonly args: DriftArgs;
  readonly print: (text: string) => void;
}

/** `mortise drift`: what changed of the descriptions, by what the rules use. @returns the exit code */
export async function drift(
  host: Host,
  folder: string,
  args: DriftArgs,
  print: (text: string) => void,
): Promise<number> {
  const entries = findRules(host, folder, args.rules, print);
  if (entries.length === 0) return 2;
  let code = 0;
  for (const entry of entries) code = Math.max(code, await compare({ host, folder, args, print }, entry));
  return code;
}

async function compare({ host, folder, args, print }: Run, entry: string): Promise<number> {
  const [workspace, found] = loadWorkspace(host, entry);
  if (workspace === undefined) {
    print(printFindings(host, folder, found, args.format));
    return 1;
  }
  const fail = (problem: string): number => {
    print(`${problem}\n`);
    return 2;
  };
  const { system } = args;
  if (system !== undefined && !workspace.specs.has(system))
    return fail(`The rules have no system "${system}"; they have ${[...workspace.specs.keys()].join(', ')}.`);
  const options = { host, folder, entry, workspace, system };
  const [before, after] = [createSide(args.from, options), createSide(args.to, options)];
  if ('problem' in before) return fail(before.problem);
  if ('problem' in after) return fail(after.problem);
  const recordings = args.recordings ? host : undefined;
  const sides = { before: before.host, after: after.host, recordings };
  const report = await compareDescriptions(entry, sides);
  if (report.kind === 'unreadable') {
    print(printFindings(sides[report.side], folder, report.found, args.format));
    return 1;
  }
  const variances = [...report.variances, ...(report.recordings?.variances ?? [])]
    .filter((variance) => system === undefined || ['', system].includes(variance.system))
    .map(markSides);
  print(printDrift(variances, joinSides(host, folder, { before, after }), args));
  if (args.recordings) print(printReplay(host, entry, report, args.format));
  if (args.format === 'text') {
    const missing = [...before.missing, ...after.missing].map((file) => host.relative(folder, file));
    print(summariseDrift(host.relative(folder, entry), args, { variances, missing, report }));
  }
  return variances.some(({ level }) => isAtLeast(level, args.failOn)) ? 1 : 0;
}
