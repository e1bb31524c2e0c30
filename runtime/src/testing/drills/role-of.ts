import type { DrillRow } from './drill.ts';

/** The call that a failure strikes; undefined where the record itself is the failure. */
export function roleOf({ call, name, answer, situation }: DrillRow['given']): string | undefined {
  if (call === undefined || (answer === undefined && situation === undefined)) return undefined;
  if (call === 'read') return 'read';
  if (situation === 'there' || situation === 'another') return `look-up ${name ?? ''}`;
  return `${call === 'create' ? 'write' : call} ${name ?? ''}`;
}
