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
  return [
    `${flow}: ${outage.system} ${describeFault(outage.fault)} for ${formatSpan(outage.lastsMs)}, one record every ${formatSpan(outage.everyMs)}`,
    '',
    'records that wait',
    ...rows,
    `       └${drawAxis(shown, outage.lastsMs)}`,
    '',
    ...events,
    '',
    `  ${changed} records changed: ${ends.join(', ') || 'none came to an end'}; ${probes} calls met the outage; the oldest record waited ${formatSpan(oldest)}`,
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
    const before = samples.filter((one) => one.atMs <= atMs).at(-1) ?? first;
    return { ...before, atMs };
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
}: OutageCourse): { readonly atMs: number; readonly what: string }[] {
  const { system, lastsMs } = outage;
  return [
    { atMs: 0, what: `${system} ${describeFault(outage.fault)}` },
    ...alerts.map(({ atMs, channel, phase, kind, subject, message }) => ({
      atMs,
      what: `told to ${channel}: ${phase} ${kind}, ${subject}: ${message}`,
    })),
    { atMs: lastsMs, what: `${system} is back${personNeeded ? ', and a person lets it go on' : ''}` },
    ...(caughtUpMs === undefined
      ? []
      : [{ atMs: lastsMs + caughtUpMs, what: 'everything that had waited is delivered' }]),
  ].toSorted((left, right) => left.atMs - right.atMs);
}

export function describeFault(fault: OutageCourse['outage']['fault']): string {
  if (fault === 'down') return 'refuses connections';
  return fault === 'timeout' ? 'answers nothing' : `answers ${fault}`;
}

/** `+1 h 05 min`, from the beginning of the outage. */
export function formatOffset(ms: number): string {
  return `${ms < 0 ? '-' : '+'}${formatSpan(Math.abs(ms))}`;
}

/** `45 s`, `5 min`, `6 h`, `6 h 20 min`, `2 d 3 h`. */
export function formatSpan(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  const parts =
    hours < 48 ? [hours, 'h', minutes % 60, 'min'] : [Math.floor(hours / 24), 'd', hours % 24, 'h'];
  return parts[2] === 0 ? `${parts[0]} ${parts[1]}` : parts.join(' ');
}
