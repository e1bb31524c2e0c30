import { formatSpan } from './format-span.ts';
import { judgeOutage } from './outage.ts';
import type { OutageCourse, OutageSample } from './outage.ts';

const COLUMNS = 72;
const BARS = ' ▁▂▃▄▅▆▇█';
const HEIGHT = 4;

/** The course of an outage for a terminal: the backlog over time, what was told when, and how it ended. */
export function renderOutage(course: OutageCourse): string {
  const { flow, outage, samples, alerts, changed, states, probes, personNeeded } = course;
  const problems = judgeOutage(course);
  const shown = resample(samples);
  const most = Math.max(1, ...shown.map(({ backlog }) => backlog));
  const rows = Array.from({ length: HEIGHT }, (_, row) => {
    const label = row === 0 ? `${most}`.padStart(6) : row === HEIGHT - 1 ? '0'.padStart(6) : '      ';
    return `${label} ┤${shown.map(({ backlog }) => barOf(backlog / most, HEIGHT - 1 - row)).join('')}`;
  });
  const oldest = Math.max(0, ...samples.map(({ oldestMs }) => oldestMs));
  const events = listEvents(course).map(({ atMs, what }) => `  ${formatOffset(atMs).padStart(9)}  ${what}`);
  const ends = Object.entries(states)
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${count} ${state}`);
  const unread = changed - Object.values(states).reduce((sum, count) => sum + count, 0);
  const waits = unread > 0 ? [...ends, `${unread} not read yet`] : ends;
  return [
    `${flow}: ${outage.system} ${describeFault(outage.fault)} for ${formatSpan(outage.lastsMs)}, one record every ${formatSpan(outage.everyMs)}`,
    '',
    'records that wait',
    ...rows,
    `       └${drawAxis(shown, outage.lastsMs)}`,
    '',
    ...events,
    '',
    `  ${changed} records changed: ${waits.join(', ') || 'none came to an end'}; ${probes} calls met the outage; the oldest record waited ${formatSpan(oldest)}`,
    `  ${alerts.length} messages to people${personNeeded ? '; a person had to let it go on' : ''}`,
    ...(problems.length === 0
      ? ['  nothing lost, nothing doubled, nothing dead']
      : problems.map((problem) => `  WRONG: ${problem}`)),
    '',
  ].join('\n');
}

/** As many moments as fit a line, evenly over the time. */
function resample(samples: readonly OutageSample[]): OutageSample[] {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined) return [];
  return Array.from({ length: COLUMNS }, (_, column) => {
    const atMs = first.atMs + ((last.atMs - first.atMs) * column) / (COLUMNS - 1);
    const nextMs = first.atMs + ((last.atMs - first.atMs) * (column + 1)) / (COLUMNS - 1);
    const before = samples.filter((one) => one.atMs <= atMs).at(-1) ?? first;
    const within = samples.filter((one) => one.atMs > atMs && one.atMs < nextMs);
    // A peak between two columns is what a picture of an outage is for.
    return { ...before, atMs, backlog: Math.max(before.backlog, ...within.map(({ backlog }) => backlog)) };
  });
}

function barOf(share: number, row: number): string {
  const eighths = Math.round(share * HEIGHT * 8) - row * 8;
  return BARS[Math.max(0, Math.min(8, eighths))] ?? ' ';
}

/** The time of the outage is drawn thick. */
function drawAxis(shown: readonly OutageSample[], lastsMs: number): string {
  return shown.map(({ atMs }) => (atMs >= 0 && atMs <= lastsMs ? '━' : '─')).join('');
}

/** What happened, in the order of time. */
export function listEvents({
  outage,
  alerts,
  caughtUpMs,
  personNeeded,
  states,
}: OutageCourse): { readonly atMs: number; readonly what: string }[] {
  const { system, lastsMs } = outage;
  return [
    { atMs: 0, what: `${system} ${describeFault(outage.fault)}` },
    ...alerts.map(({ atMs, channel, phase, kind, subject, message }) => ({
      atMs,
      what: `told to ${channel}: ${phase} ${kind}, ${subject}: ${message}`,
    })),
    { atMs: lastsMs, what: `${system} is back${personNeeded ? ', and a person lets it go on' : ''}` },
    ...(caughtUpMs === undefined ? [] : [{ atMs: lastsMs + caughtUpMs, what: endOf(states) }]),
  ].toSorted((left, right) => left.atMs - right.atMs);
}

function endOf(states: OutageCourse['states']): string {
  const review = states['review'] ?? 0;
  return `everything that had waited is delivered${review === 0 ? '' : `, or waits for a person (${review})`}`;
}

export function describeFault(fault: OutageCourse['outage']['fault']): string {
  if (fault === 'down') return 'refuses connections';
  return fault === 'timeout' ? 'answers nothing' : `answers ${fault}`;
}

/** `+1 h 05 min`, from the beginning of the outage. */
export function formatOffset(ms: number): string {
  return `${ms < 0 ? '-' : '+'}${formatSpan(Math.abs(ms))}`;
}
