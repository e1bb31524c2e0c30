import { LEVELS } from '../../drift/level.ts';
import type { Level } from '../../drift/level.ts';
import { isAtLeast } from '../../drift/level.ts';
import type { Variance } from '../../drift/variance.ts';
import { loadWorkspace } from '../../load/load-workspace.ts';
import { compareDescriptions } from '../../pipeline.ts';
import type { Host } from '../../source/host.ts';
import { createSide } from '../drift-sides.ts';
import { findRules } from '../find-rules.ts';
import { joinSides, markSides } from '../join-sides.ts';
import { printDrift } from '../print-drift.ts';
import type { PrintOptions } from '../print-drift.ts';
import { printFindings } from '../print-findings.ts';

export interface DriftArgs extends PrintOptions {
  readonly rules: readonly string[];
  /** The older descriptions: a file, a folder or a commit. */
  readonly from: string;
  /** The newer ones; undefined for the files as they are. */
  readonly to?: string | undefined;
  readonly system?: string | undefined;
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
  const before = createSide(args.from, options);
  const after = createSide(args.to, options);
  if ('problem' in before) return fail(before.problem);
  if ('problem' in after) return fail(after.problem);
  const report = await compareDescriptions(before.host, after.host, entry);
  if (report.kind === 'unreadable') {
    print(printFindings({ before, after }[report.side].host, folder, report.found, args.format));
    return 1;
  }
  const isWanted = (variance: Variance): boolean => system === undefined || variance.system === system;
  const variances = report.variances.filter(isWanted).map(markSides);
  print(printDrift(variances, joinSides(host, folder, { before, after }), args));
  if (args.format === 'text') {
    for (const file of [...before.missing, ...after.missing])
      print(`${host.relative(folder, file)} stands on one side only, and is compared with itself\n`);
    print(summarise(host.relative(folder, entry), args, variances));
  }
  return variances.some(({ level }) => isAtLeast(level, args.failOn)) ? 1 : 0;
}

function summarise(rules: string, { from, all }: DriftArgs, variances: readonly Variance[]): string {
  const count = (level: Level): number => variances.filter((variance) => variance.level === level).length;
  const levels = LEVELS.filter((level) => level !== 'NONE' && count(level) > 0).toReversed();
  const used = levels.map((level) => `${count(level)} ${level}`).join(', ');
  const idle = count('NONE');
  const rest =
    idle === 0 ? '' : `; ${idle} changes that reach nothing here${all ? '' : ' (--all lists them)'}`;
  return `${rules}: ${used === '' ? `nothing that the rules use has changed since ${from}` : used}${rest}\n`;
}
