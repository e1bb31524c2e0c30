import type { SourceRecord } from '../faults/fault.ts';
import type { Dice } from './dice.ts';

/** A system whose records come and change all the time. */
export interface SoakSource {
  readonly records: ReadonlyMap<string, SourceRecord>;
  /** Something changes at this moment: a new record, another content, or only the time of the last change. */
  edit(nowMs: number): void;
  /** Filtered by `since`, inclusive, in the order of change; a cursor names the record that a page ended with. */
  read(url: URL): { readonly rows: readonly SourceRecord[]; readonly next: string | null };
}

export interface SourceOptions {
  readonly dice: Dice;
  readonly startMs: number;
  /** Each content is written once, so that the name tells which; else contents come back. */
  readonly isJournal: boolean;
}

const FIRST = 25;
const MOST = 40;
const PAGE_SIZE = 10;
const DAY = 86_400_000;
/** Longer names stay out. */
export const TOO_LONG = 'x'.repeat(70);
/** The target refuses names with this in them. */
export const UNWANTED = 'unwanted';

export function createSoakSource({ dice, startMs, isJournal }: SourceOptions): SoakSource {
  const records = new Map<string, SourceRecord>();
  let edits = 0;
  const write = (id: string, name: string, nowMs: number): void => {
    const number = Number(id.slice(1));
    records.set(id, {
      id,
      name,
      email: `${id}@example.com`,
      amount: number + 0.5,
      kind: number % 2 === 0 ? 'person' : 'company',
      day: '2026-03-05T12:00:00Z',
      updated: new Date(nowMs).toISOString(),
    });
  };
  const drawName = (id: string): string => {
    edits += 1;
    const trouble = dice.chance(0.03) ? ` ${TOO_LONG}` : dice.chance(0.03) ? ` ${UNWANTED}` : '';
    return `Name ${id} ${isJournal ? `v${edits}` : dice.pick(['red', 'green', 'blue'])}${trouble}`;
  };
  for (let at = 0; at < FIRST; at += 1) write(`r${at}`, drawName(`r${at}`), startMs - DAY + at * 60_000);
  return {
    records,
    edit(nowMs) {
      if (records.size < MOST && dice.chance(0.06)) {
        write(`r${records.size}`, drawName(`r${records.size}`), nowMs);
        return;
      }
      const record = records.get(dice.pick([...records.keys()]));
      if (record === undefined) return;
      write(record.id, dice.chance(0.1) ? record.name : drawName(record.id), nowMs);
    },
    read(url) {
      const since = url.searchParams.get('since') ?? '';
      const after = url.searchParams.get('cursor') ?? '';
      const matching = [...records.values()]
        .filter((record) => record.updated >= since && placeOf(record) > after)
        .toSorted((left, right) => (placeOf(left) < placeOf(right) ? -1 : 1));
      const rows = matching.slice(0, PAGE_SIZE);
      const last = rows.at(-1);
      return { rows, next: matching.length > rows.length && last !== undefined ? placeOf(last) : null };
    },
  };
}

function placeOf({ updated, id }: SourceRecord): string {
  return `${updated}|${id}`;
}
