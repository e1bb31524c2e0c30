import { hash } from 'node:crypto';
import { stringifyExactJson } from '../exact-json.ts';
import type { AnyFlow } from '../flow.ts';
import type { RunContext } from '../run-context.ts';

type ChangeTimes = readonly (number | undefined)[];

/** Watches over one pass whether the source keeps what the rules promise of it. */
export interface PageWatch {
  /** @param times when each of the records changed */
  note(page: readonly unknown[], times: ChangeTimes): void;
  /** Every record so far was at least as new as the one before it. */
  readonly isOrdered: boolean;
  /** How often in a row the same records have come. */
  readonly repeats: number;
}

export function createPageWatch(flow: AnyFlow, { log }: RunContext): PageWatch {
  const { order, changes } = flow.read;
  let isOrdered = true;
  let newestMs = Number.NEGATIVE_INFINITY;
  let repeats = 0;
  let last = '';
  const noteOrder = (times: ChangeTimes): void => {
    if (order !== 'oldest-first' || changes.field === undefined || !isOrdered) return;
    for (const time of times) {
      const ms = time ?? newestMs;
      if (ms < newestMs) {
        isOrdered = false;
        log.warn('the source does not give the oldest first, so an interrupted pass begins again', {
          flow: flow.name,
          step: 'read',
          rule: `flows.${flow.name}.from.order`,
        });
        return;
      }
      newestMs = ms;
    }
  };
  return {
    note(page, times) {
      noteOrder(times);
      const sign = page.length === 0 ? '' : hashPage(page);
      repeats = sign !== '' && sign === last ? repeats + 1 : 0;
      last = sign;
    },
    get isOrdered() {
      return isOrdered;
    },
    get repeats() {
      return repeats;
    },
  };
}

/** The first and the last record stand for the page: a cheap sign, and pages that repeat are the same in all of it. */
function hashPage(page: readonly unknown[]): string {
  const text = `${page.length} ${stringifyExactJson(page[0]) ?? ''} ${stringifyExactJson(page.at(-1)) ?? ''}`;
  return hash('sha256', text, 'base64url');
}
