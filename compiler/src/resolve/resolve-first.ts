import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import type { SourceRef } from '../source/source-ref.ts';
import type { ResolveContext } from './resolve-context.ts';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/;

/** Where a flow begins: `all`, `now`, `seen`, or an ISO instant. A bare date is midnight in the zone of the rules, never of this machine. */
export function resolveFirst(
  context: ResolveContext,
  first: string | undefined,
  at: SourceRef,
): string | undefined {
  if (first === undefined || first === 'all' || first === 'now' || first === 'seen') return first;
  const instant = DAY.test(first)
    ? findMidnight(first, context.workspace.rules.zone ?? 'UTC')
    : INSTANT.test(first)
      ? Date.parse(first)
      : Number.NaN;
  if (!Number.isNaN(instant)) return new Date(instant).toISOString();
  const timeOnly = /T/.test(first) && !Number.isNaN(Date.parse(first));
  const problem = timeOnly
    ? `"${first}" is a time in no zone. Write it with Z or an offset, as in 2026-01-31T09:00:00+13:00.`
    : `"${first}" is no beginning. Write all, now, seen, or a date such as 2026-01-31.`;
  context.found.push(createDiagnostic('invalid-value', { problem }, at));
  return first;
}

/** Epoch milliseconds; not a number where the calendar has no such day. */
function findMidnight(day: string, zone: string): number {
  const utc = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(utc) || !new Date(utc).toISOString().startsWith(day)) return Number.NaN;
  // The offset at a guess is the offset at midnight, save where a change of the clocks lies between: hence once more.
  const guess = utc - measureOffset(utc, zone);
  return utc - measureOffset(guess, zone);
}

/** How far the zone's clock is ahead of UTC at an instant, in milliseconds. */
function measureOffset(instant: number, zone: string): number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const part = new Map(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  const get = (type: Intl.DateTimeFormatPartTypes): number => part.get(type) ?? 0;
  return (
    Date.UTC(get('year'), get('month') - 1, get('day'), get('hour'), get('minute'), get('second')) - instant
  );
}
