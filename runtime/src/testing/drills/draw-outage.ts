import { judgeOutage } from './outage.ts';
import type { OutageCourse } from './outage.ts';
import { formatSpan } from './format-span.ts';
import { describeFault, formatOffset, listEvents } from './render-outage.ts';

const WIDTH = 860;
const LEFT = 64;
const RIGHT = 24;
const TOP = 64;
const CHART = 200;
const CALLS = 56;
const LINE = 20;
/** The column of the times. */
const TIME = 84;
const LONGEST_LINE = 100;

const STYLE = `
svg { color-scheme: light dark; --ink: #1c2430; --soft: #5b6675; --line: #c9d1db; --paper: #ffffff; --away: #fbe9e7; --edge: #b3261e; --bars: #2b6cb0; --area: #2b6cb033; }
@media (prefers-color-scheme: dark) { svg { --ink: #e8edf3; --soft: #a7b1bf; --line: #3b4654; --paper: #14191f; --away: #3a1f1d; --edge: #ff8a80; --bars: #7db5ef; --area: #7db5ef33; } }
text { font: 13px system-ui, sans-serif; fill: var(--ink); }
.title { font-size: 17px; font-weight: 600; }
.soft { fill: var(--soft); font-size: 12px; }
.paper { fill: var(--paper); }
.away { fill: var(--away); }
.edge { stroke: var(--edge); stroke-width: 1; stroke-dasharray: 4 3; }
.axis { stroke: var(--line); stroke-width: 1; }
.backlog { fill: var(--area); stroke: var(--bars); stroke-width: 1.5; }
.call { fill: var(--bars); }
.told { fill: var(--edge); }
`;

/** The course of an outage as a picture of its own, for light and dark, that names nothing outside. */
export function drawOutage(course: OutageCourse): string {
  const { flow, outage, samples } = course;
  const [first, last] = [samples[0]?.atMs ?? 0, samples.at(-1)?.atMs ?? 1];
  const x = (atMs: number): number =>
    round(LEFT + ((atMs - first) / Math.max(1, last - first)) * (WIDTH - LEFT - RIGHT));
  const mostBacklog = Math.max(1, ...samples.map(({ backlog }) => backlog));
  const mostCalls = Math.max(1, ...samples.map(({ calls }) => calls));
  const y = (backlog: number): number => round(TOP + CHART - (backlog / mostBacklog) * CHART);
  const bottom = TOP + CHART;
  const callsTop = bottom + 44;
  const callsBottom = callsTop + CALLS;
  const points = samples.map(({ atMs, backlog }) => `${x(atMs)},${y(backlog)}`).join(' ');
  const bars = samples
    .filter(({ calls }) => calls > 0)
    .map(({ atMs, calls }) => {
      // A single probe is seen beside a catch-up of hundreds.
      const height = Math.max(6, round((calls / mostCalls) * CALLS));
      return `<rect class="call" x="${x(atMs) - 2}" y="${callsBottom - height}" width="3" height="${height}"/>`;
    });
  const events = listEvents(course);
  const marks = course.alerts.map(
    ({ atMs }) => `<circle class="told" cx="${x(atMs)}" cy="${bottom}" r="4"/>`,
  );
  const listTop = callsBottom + 58;
  const lines: readonly (readonly [string, string])[] = [
    ...events.map(({ atMs, what }) => [formatOffset(atMs), what] as const),
    ...judgeEnd(course).map((text) => ['', text] as const),
  ];
  const height = listTop + lines.length * LINE + 8;
  const title = `${flow}: ${outage.system} ${describeFault(outage.fault)} for ${formatSpan(outage.lastsMs)}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escapeText(title)}">
<style>${STYLE}</style>
<rect class="paper" width="${WIDTH}" height="${height}"/>
<text class="title" x="${LEFT}" y="30">${escapeText(title)}</text>
<text class="soft" x="${LEFT}" y="50">records that wait; a dot is a message to people</text>
<rect class="away" x="${x(0)}" y="${TOP}" width="${round(x(outage.lastsMs) - x(0))}" height="${callsBottom - TOP}"/>
<line class="edge" x1="${x(0)}" y1="${TOP}" x2="${x(0)}" y2="${callsBottom}"/>
<line class="edge" x1="${x(outage.lastsMs)}" y1="${TOP}" x2="${x(outage.lastsMs)}" y2="${callsBottom}"/>
<polygon class="backlog" points="${x(first)},${bottom} ${points} ${x(last)},${bottom}"/>
<line class="axis" x1="${LEFT}" y1="${bottom}" x2="${WIDTH - RIGHT}" y2="${bottom}"/>
<text class="soft" x="${LEFT - 8}" y="${TOP + 10}" text-anchor="end">${mostBacklog}</text>
<text class="soft" x="${LEFT - 8}" y="${bottom}" text-anchor="end">0</text>
${marks.join('\n')}
<text class="soft" x="${LEFT}" y="${callsTop - 8}">calls to ${escapeText(outage.system)}, at most ${mostCalls} between two looks</text>
${bars.join('\n')}
<line class="axis" x1="${LEFT}" y1="${callsBottom}" x2="${WIDTH - RIGHT}" y2="${callsBottom}"/>
<text class="soft" x="${x(0)}" y="${callsBottom + 18}">${formatOffset(0)}</text>
<text class="soft" x="${x(outage.lastsMs)}" y="${callsBottom + 18}" text-anchor="middle">${formatOffset(outage.lastsMs)}</text>
${lines.map(([time, text], index) => drawLine(time, text, listTop + index * LINE)).join('\n')}
</svg>
`;
}

function drawLine(time: string, text: string, y: number): string {
  const clock =
    time === '' ? '' : `<text class="soft" x="${LEFT + TIME}" y="${y}" text-anchor="end">${time}</text>`;
  return `${clock}<text x="${LEFT + TIME + 12}" y="${y}">${escapeText(shorten(text))}</text>`;
}

function judgeEnd(course: OutageCourse): string[] {
  const problems = judgeOutage(course);
  const oldest = Math.max(0, ...course.samples.map(({ oldestMs }) => oldestMs));
  return [
    `${course.changed} records changed, ${course.probes} calls met the outage, the oldest record waited ${formatSpan(oldest)}`,
    ...(problems.length === 0
      ? ['nothing lost, nothing doubled, nothing dead']
      : problems.map((problem) => `WRONG: ${problem}`)),
  ];
}

function shorten(text: string): string {
  return text.length <= LONGEST_LINE ? text : `${text.slice(0, LONGEST_LINE - 1)}…`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escapeText(text: string): string {
  const signs: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text
    .toWellFormed()
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replaceAll(/[&<>"']/g, (sign) => signs[sign] ?? sign);
}
