import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import type { SourceModel } from '../model/integration-model.ts';
import type { SourceInput } from '../model/rules-input.ts';
import { listRuns } from '../source/cron.ts';
import { childOf } from '../source/source-ref.ts';
import type { SourceRef } from '../source/source-ref.ts';
import { LONGEST_MS, parseDurationMs } from './parse-units.ts';
import type { ResolveContext } from './resolve-context.ts';

export type Timing = Pick<SourceModel, 'everyMs' | 'schedule'>;

const DAY_MS = 86_400_000;
const SHORTEST_MS = 1000;

/** When a flow reads: at an interval, or at the times of a schedule in the zone of the rules. */
export function resolveTiming(context: ResolveContext, input: SourceInput, origin: SourceRef): Timing {
  const { every, at } = input;
  const { zone } = context.workspace.rules;
  if (at === undefined && every === undefined)
    context.found.push(
      createDiagnostic('missing-key', { key: 'every' }, origin, {
        fix: 'every: 5m   # or at: "0 6 * * 1-5", a schedule in the zone of the rules',
      }),
    );
  if (every !== undefined && parseDurationMs(every) > LONGEST_MS) {
    const problem = `Between two readings lie ${every}: that is more than a year. Say at most 366d.`;
    context.found.push(createDiagnostic('invalid-value', { problem }, childOf(origin, 'every')));
  }
  if (every !== undefined && parseDurationMs(every) < SHORTEST_MS) {
    const problem = `Between two readings lie ${every}, and each reading is a call. Say at least 1s.`;
    context.found.push(createDiagnostic('invalid-value', { problem }, childOf(origin, 'every')));
  }
  if (at !== undefined && every !== undefined) {
    const problem = '"every" and "at" both say when to read. Keep one of them.';
    context.found.push(createDiagnostic('invalid-value', { problem }, childOf(origin, 'at')));
  }
  if (at !== undefined && zone === undefined)
    context.found.push(
      createDiagnostic('zone-missing', { field: 'at' }, childOf(origin, 'at'), {
        fix: 'zone: Pacific/Auckland',
      }),
    );
  return measureTiming(input, zone);
}

/** How long it is between two readings at most, and how many there are in a day. */
export function measureTiming({ every, at }: SourceInput, zone = 'UTC'): Timing {
  if (at === undefined)
    return { everyMs: every === undefined ? DAY_MS : parseDurationMs(every), schedule: undefined };
  const runs = (listRuns(at, zone) ?? []).map((run) => run.getTime());
  const gaps = runs.slice(1).map((run, index) => run - (runs[index] ?? run));
  const spanMs = (runs.at(-1) ?? 0) - (runs[0] ?? 0);
  return {
    everyMs: gaps.length === 0 ? DAY_MS : Math.max(...gaps),
    schedule: { cron: at, zone, runsPerDay: spanMs === 0 ? 1 : (gaps.length * DAY_MS) / spanMs },
  };
}
