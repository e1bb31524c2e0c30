import { LEVELS } from '../drift/level.ts';
import type { Level } from '../drift/level.ts';
import type { Variance } from '../drift/variance.ts';
import type { DriftReport } from '../pipeline.ts';

export interface DriftSummary {
  readonly variances: readonly Variance[];
  /** Descriptions that only one side holds. */
  readonly missing: readonly string[];
  readonly report: Extract<DriftReport, { readonly kind: 'compared' }>;
}

/** The last lines of `mortise drift`: how much changed at which level, and what was not compared. */
export function summariseDrift(
  rules: string,
  { from, all }: { readonly from: string; readonly all: boolean },
  { variances, missing, report }: DriftSummary,
): string {
  const count = (level: Level): number => variances.filter((variance) => variance.level === level).length;
  const levels = LEVELS.filter((level) => level !== 'NONE' && count(level) > 0).toReversed();
  const used = levels.map((level) => `${count(level)} ${level}`).join(', ');
  const idle = count('NONE');
  const rest = idle === 0 ? '' : `; ${idle} more that reach nothing here${all ? '' : ' (--all lists them)'}`;
  const { recordings } = report;
  const skipped =
    (recordings?.skipped ?? 0) === 0 ? '' : `, ${recordings?.skipped} of another format were not`;
  return [
    ...missing.map((file) => `${file} stands on one side only, and is compared with itself\n`),
    ...(recordings === undefined ? [] : [`${recordings.compared} recordings were compared${skipped}\n`]),
    `${rules}: ${used === '' ? `nothing that the rules use has changed since ${from}` : used}${rest}\n`,
  ].join('');
}
