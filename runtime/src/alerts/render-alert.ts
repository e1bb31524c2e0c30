import type { AlertKind } from './alert-options.ts';
import type { AlertMessage, IncidentReport } from './channel.ts';

/** A message in words: a title for a subject or a first line, and one line for each incident. */
export interface AlertText {
  readonly title: string;
  readonly lines: readonly string[];
}

const PHASES = ['new', 'still', 'recovered'] as const;

/** What waits for a person comes before what may pass by itself. */
const GRAVEST_FIRST: readonly AlertKind[] = [
  'halt',
  'auth',
  'dead-letter',
  'pause',
  'stale',
  'channel',
  'review',
];

/** More would hide the new ones, and Slack cuts a message of its own accord. */
const MOST_LINES = 20;
const LONGEST_MESSAGE = 300;

/** What has changed, new things first. Every text is one line without control characters, whatever it was made from. */
export function renderAlert(message: AlertMessage): AlertText {
  const sorted = PHASES.flatMap((phase) => message.incidents.filter((incident) => incident.phase === phase));
  const lines = sorted.slice(0, MOST_LINES).map(renderIncident);
  const rest = sorted.slice(MOST_LINES);
  if (rest.length > 0) lines.push(`and ${rest.length} more: ${countPhases(rest)}`);
  return { title: renderTitle(message), lines };
}

function renderTitle({ integration, incidents }: AlertMessage): string {
  const open = incidents.filter(({ phase }) => phase !== 'recovered');
  const kinds = new Set((open.length > 0 ? open : incidents).map(({ kind }) => kind));
  const gravest = GRAVEST_FIRST.find((kind) => kinds.has(kind));
  const end = gravest === undefined ? 'nothing to tell' : `${countPhases(incidents)}: ${gravest}`;
  return `[${flatten(integration)}] ${end}`;
}

function countPhases(incidents: readonly IncidentReport[]): string {
  return PHASES.map((phase) => ({
    phase,
    count: incidents.filter((incident) => incident.phase === phase).length,
  }))
    .filter(({ count }) => count > 0)
    .map(({ phase, count }) => `${count} ${phase}`)
    .join(', ');
}

function renderIncident({ phase, kind, subject, message, count, sinceMs, rule }: IncidentReport): string {
  const parts = [flatten(subject), ...(count === 0 ? [] : [countRecords(kind, count)]), flatten(message)];
  const since = phase === 'recovered' ? 'began' : 'since';
  return `${phase.toUpperCase()} ${kind}: ${parts.join(': ')} (${since} ${formatMinute(sinceMs)}${rule === undefined ? '' : `, rule ${flatten(rule)}`})`;
}

function countRecords(kind: AlertKind, count: number): string {
  const records = count === 1 ? '1 record' : `${count} records`;
  if (kind === 'dead-letter') return `${records} failed for good`;
  return count === 1 ? `${records} waits` : `${records} wait`;
}

/** `2026-01-05 09:00 UTC`. */
function formatMinute(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/**
 * One line that shows what it holds: without line breaks and control characters, which would forge lines or headers,
 * and without characters that are not seen or turn the direction of what follows.
 */
export function flatten(text: string): string {
  const line = text
    .toWellFormed()
    .replaceAll(/[\s\u0000-\u001f\u007f-\u009f]+/gu, ' ')
    .replaceAll(/[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/gu, '')
    .trim();
  const signs = [...line];
  return signs.length > LONGEST_MESSAGE ? `${signs.slice(0, LONGEST_MESSAGE).join('')}…` : line;
}
