import { findCall } from '../../recording/slice.ts';
import type { CallSlice } from '../../recording/slice.ts';
import type { Exchange } from '../exchange.ts';
import { isSuccess } from '../exchange.ts';
import { expectRun, keyOf, systemOf } from '../expect-run.ts';
import type { ExpectOptions, RecordedFlow } from '../expect-run.ts';
import { readAnswerData } from '../recorded-body.ts';
import { copyOf, listPlaces } from '../slice-path.ts';

/** One record that is delivered, on a page of its own, and what was looked up for it: enough to see what one change does. */
export function shortenRecordings(recorded: RecordedFlow, options: ExpectOptions): RecordedFlow {
  const expected = expectRun(recorded, options);
  const chosen = expected.find(({ state }) => state === 'delivered') ?? expected[0];
  if (chosen === undefined) return recorded;
  const { flow, systems, exchanges } = recorded;
  const page = exchanges.find(
    (exchange) =>
      exchange.role === 'read' &&
      isSuccess(exchange) &&
      listRecords(recorded, exchange).some((record) => keyOf(flow, record) === chosen.key),
  );
  if (page === undefined) return recorded;
  const others = exchanges.filter(
    ({ role, key }) => role !== 'read' && (key === undefined || key === chosen.key),
  );
  const templates = exchanges.filter(
    ({ role, name }) =>
      (role === 'write' || role === 'look-up') &&
      !others.some((other) => other.role === role && other.name === name),
  );
  const data = keepRecord(
    readAnswerData(systemOf(systems, page), page),
    chosen.source,
    findCall(options.slice, page),
  );
  const empty = exchanges.filter((exchange) => isEmptyPage(recorded, exchange));
  return { ...recorded, exchanges: [changeAnswer(page, data), ...empty, ...others, ...templates] };
}

/** The page that tells a source's end, where that is one without records. */
function isEmptyPage(recorded: RecordedFlow, exchange: Exchange): boolean {
  return exchange.role === 'read' && isSuccess(exchange) && listRecords(recorded, exchange).length === 0;
}

function listRecords({ flow, systems }: RecordedFlow, exchange: Exchange): readonly unknown[] {
  const records: unknown = flow.read.records(readAnswerData(systemOf(systems, exchange), exchange) as never);
  return Array.isArray(records) ? (records as unknown[]) : [];
}

/** @returns the page's data with this record alone, and without a way to the next page */
function keepRecord(page: unknown, record: unknown, call: CallSlice | undefined): unknown {
  if (call?.records === undefined) return [copyOf(record)];
  const data = copyOf(page);
  for (const { holder, step } of listPlaces(data, call.records))
    (holder as Record<string | number, unknown>)[step] = [copyOf(record)];
  const cursors = Object.entries(call.answer).filter(([, { use }]) => use === 'cursor');
  for (const [path] of cursors)
    for (const { holder, step } of listPlaces(data, path)) delete (holder as Record<string, unknown>)[step];
  return data;
}

/** What a body's bytes ask for is no longer so. */
const OF_BYTES = /^(?:content-(?:encoding|length)|transfer-encoding|link)$/i;

/** The same answer with other data. */
export function changeAnswer(exchange: Exchange, data: unknown): Exchange {
  const { response } = exchange;
  const headers = response.headers.filter(([name]) => !OF_BYTES.test(name));
  return { ...exchange, cut: false, response: { ...response, headers, body: { data } } };
}
