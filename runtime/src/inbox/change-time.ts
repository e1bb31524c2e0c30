import type { AnyFlow } from '../flow.ts';
import { readInstantMs } from '../transforms/time.ts';

/** When the source says that a record changed; undefined where it does not say so readably. */
export function changeTimeMs(flow: AnyFlow, source: unknown): number | undefined {
  try {
    const value = flow.read.changes.field?.(source);
    return value === undefined || value === null ? undefined : readInstantMs(String(value), 'UTC');
  } catch {
    return undefined;
  }
}
