import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { renderGithub } from '../diagnostics/render-github.ts';
import { cleanText, locateAll, renderText } from '../diagnostics/render-text.ts';
import type { PlaceReader } from '../diagnostics/render-text.ts';
import { isAtLeast } from '../drift/level.ts';
import type { Level } from '../drift/level.ts';
import type { Use } from '../drift/use.ts';
import { VARIANCE_RULES } from '../drift/variance-rules.ts';
import type { Variance } from '../drift/variance.ts';
import { formatPath } from '../source/source-ref.ts';
import type { SourceRef } from '../source/source-ref.ts';
import type { Format } from './print-findings.ts';

export interface PrintOptions {
  readonly format: Format;
  readonly failOn: Level;
  /** Also what nothing uses. */
  readonly all: boolean;
}

const CODES = { WIRE: 'drift-wire', MEANING: 'drift-meaning', SOURCE: 'drift-source' } as const;

/** What changed, in the form that was asked for; what no flow uses only where all is wanted. */
export function printDrift(
  variances: readonly Variance[],
  places: PlaceReader,
  { format, failOn, all }: PrintOptions,
): string {
  const used = variances.filter(({ level }) => level !== 'NONE');
  const idle = all ? variances.filter(({ level }) => level === 'NONE') : [];
  if (format === 'json')
    return [...used, ...idle].map((entry) => `${renderJsonLine(entry, places, failOn)}\n`).join('');
  const located = locateAll(
    used.map((entry) => {
      const diagnostic = toDiagnostic(entry, failOn);
      return format === 'github' ? withLines(diagnostic, entry, places) : diagnostic;
    }),
    places,
  );
  if (format === 'github') return located.length === 0 ? '' : `${renderGithub(located, places)}\n`;
  const lines = idle.map(
    ({ id, says, after }) => `${showPlace(after, places)} none ${id}: ${cleanText(says)}\n`,
  );
  return `${located.length === 0 ? '' : `${renderText(located, places)}\n`}${lines.toSorted().join('')}`;
}

function toDiagnostic({ level, ...variance }: Variance, failOn: Level): Diagnostic {
  const { id, says, after, before, uses } = variance;
  const code = CODES[level as keyof typeof CODES];
  const params = { id, says, advice: adviceOf(variance) };
  const related = [
    {
      at: before,
      message: VARIANCE_RULES[id].side === 'recording' ? 'described here' : 'as it was',
    },
    ...uses.map((use) => ({ at: use.at, message: `${formatPath(use.at.path)} ${verbOf(use)}` })),
  ];
  const diagnostic = createDiagnostic(code, params, after, { related });
  // What makes the command fail is an error, whatever its level is for others.
  return { ...diagnostic, severity: isAtLeast(level, failOn) ? 'error' : 'warning' };
}

/** An annotation shows its message and nothing beside it. */
function withLines(diagnostic: Diagnostic, { uses }: Variance, places: PlaceReader): Diagnostic {
  const lines = uses.map(({ at }) => `${formatPath(at.path)} (${showPlace(at, places)})`);
  return { ...diagnostic, message: `${diagnostic.message} Rules: ${lines.join(', ')}` };
}

function adviceOf({ id, advice }: Pick<Variance, 'id' | 'advice'>): string {
  return advice ?? VARIANCE_RULES[id].advice;
}

function verbOf({ kind, sent }: Use): string {
  if (kind === 'call') return 'calls it';
  return sent === undefined ? 'uses it' : 'sends it';
}

function renderJsonLine(variance: Variance, places: PlaceReader, failOn: Level): string {
  const { level, id, system, says, before, after, uses } = variance;
  return JSON.stringify({
    level,
    severity: level === 'NONE' ? undefined : isAtLeast(level, failOn) ? 'error' : 'warning',
    id,
    change: VARIANCE_RULES[id].change,
    system,
    message: says,
    advice: level === 'NONE' ? undefined : adviceOf(variance),
    after: show(after, places),
    before: show(before, places),
    rules: uses.map((use) => ({ path: formatPath(use.at.path), ...show(use.at, places) })),
  });
}

function show(at: SourceRef, places: PlaceReader) {
  const location = places.locate(at);
  return { ...location, file: places.displayName(location.file) };
}

function showPlace(at: SourceRef, places: PlaceReader): string {
  const { file, line, column } = show(at, places);
  return `${file}:${line}:${column}`;
}
