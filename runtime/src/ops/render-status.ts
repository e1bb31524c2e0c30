import { countOf } from './count-of.ts';
import type { Status } from './read-status.ts';

/** The status for a terminal. */
export function renderStatus(status: Status): string {
  return [
    ...status.flows.flatMap(renderFlow),
    ...status.systems.flatMap(renderSystem),
    ...status.pauses
      .filter(({ kind }) => kind === 'halt')
      .map((pause) => `${pause.kind} ${pause.name} since ${pause.since}: ${pause.reason}`),
    ...status.backfills.map(renderBackfill),
    ...renderBlocked(status.blocked),
    ...status.incidents.map(
      ({ kind, subject, message, count, since }) =>
        `alert ${kind} ${subject} since ${since}: ${message}${count === 0 ? '' : ` (${countOf(count, 'record')})`}`,
    ),
    ...status.stranded.map(
      (flow) =>
        `The store holds ${countOf(flow.takenIn, 'record')} of the flow "${flow.flow}", which is not part of this version: ${JSON.stringify(flow.states)}`,
    ),
  ].join('\n');
}

function renderFlow(flow: Status['flows'][number]): string[] {
  const sum = Object.values(flow.states).reduce((total, count) => total + count, 0);
  const proof =
    sum === flow.takenIn
      ? `= ${sum}, the sum of the states`
      : `but the states add up to ${sum}: this is a fault`;
  const waiting =
    flow.oldestWaiting === undefined ? '' : `; the oldest record waits since ${flow.oldestWaiting}`;
  return [
    `${flow.flow}: taken in ${flow.takenIn} ${proof}; read again ${flow.rereads}; read up to ${flow.watermark ?? 'nothing yet'}`,
    `  last read to its end ${flow.lastPass ?? 'never'}${waiting}`,
    ...Object.entries(flow.states).map(([state, count]) => `  ${state.padEnd(12)} ${count}`),
  ];
}

/** One that is well is not worth a line. */
function renderSystem(system: Status['systems'][number]): string[] {
  const { state } = system;
  if (state === 'well' || state === 'not paused' || !('since' in system)) return [];
  const until = 'pausedUntil' in system ? ` until ${system.pausedUntil ?? 'a person resumes it'}` : '';
  return [`system ${system.system} ${state}${until}, since ${system.since}: ${system.reason ?? ''}`];
}

function renderBackfill(backfill: Status['backfills'][number]): string {
  const { kind, flow, key, state, reason, from, ended, asked, judged, writes, reviews } = backfill;
  const what = key === undefined ? `from ${from}` : `of ${key}`;
  const why = reason === undefined ? '' : `: ${reason}`;
  return `${kind} ${flow} ${what} ${state} since ${ended ?? asked}; judged ${judged}, to write ${writes}, to review ${reviews}${why}`;
}

function renderBlocked({ count, oldest }: Status['blocked']): string[] {
  if (count === 0) return [];
  const behind = { sending: 'a write under way', unknown: 'a write of unknown outcome', parked: 'a review' };
  return [
    `${countOf(count, 'key')} ${count === 1 ? 'waits' : 'wait'} behind an older version:`,
    ...oldest.map((one) => `  ${one.flow}/${one.key} since ${one.since}, behind ${behind[one.behind]}`),
    ...(count > oldest.length ? [`  and ${count - oldest.length} more`] : []),
  ];
}
