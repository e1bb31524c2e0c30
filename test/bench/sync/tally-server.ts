import { mapByHand, createRecord, renderPage } from './records.ts';
import { serveMock } from './serve-mock.ts';

/** Serves as many records as its argument says, made as they are asked for, and only counts what is written. */
export interface TallyReport {
  readonly written: number;
  /** Records that were written once and as they should be. */
  readonly right: number;
}

const records = Number(process.argv[2]);
const seen = new Uint8Array(records);
const FIRST_ID = Number(createRecord(0).id);
let written = 0;
let right = 0;

serveMock({
  readPage: (after) => renderPage(Number(after ?? 0), records),
  accept(body) {
    written += 1;
    const { externalId } = JSON.parse(body) as { readonly externalId: string };
    const index = Number(externalId) - FIRST_ID;
    if (seen[index] === 0 && body === JSON.stringify(mapByHand(createRecord(index)))) right += 1;
    seen[index] = 1;
    return written;
  },
  report: (): TallyReport => ({ written, right }),
});
