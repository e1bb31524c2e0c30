import type { Location, SourceRef } from '../source/source-ref.ts';
import type { Diagnostic } from './diagnostic.ts';

/** Where a reference stands, and the text of a line of its file. */
export interface PlaceReader {
  locate(ref: SourceRef): Location;
  lineText(file: string, line: number): string;
  /** The file's name as a person writes it: relative to where they stand. */
  displayName(file: string): string;
}

export interface LocatedDiagnostic {
  readonly diagnostic: Diagnostic;
  readonly location: Location;
  readonly related: readonly { readonly location: Location; readonly message: string }[];
}

/** Sorted by file, place and code, so that the same input always reads the same. */
export function locateAll(diagnostics: readonly Diagnostic[], places: PlaceReader): LocatedDiagnostic[] {
  const located = diagnostics.map((diagnostic) => ({
    diagnostic,
    location: places.locate(diagnostic.at),
    related: diagnostic.related.map(({ at, message }) => ({ location: places.locate(at), message })),
  }));
  return located.toSorted(compareLocated);
}

export function renderText(located: readonly LocatedDiagnostic[], places: PlaceReader): string {
  return located.map((entry) => renderOne(entry, places)).join('\n');
}

export function formatLocation(location: Location, places: PlaceReader): string {
  return `${places.displayName(location.file)}:${location.line}:${location.column}`;
}

function renderOne({ diagnostic, location, related }: LocatedDiagnostic, places: PlaceReader): string {
  const head = `${formatLocation(location, places)} ${diagnostic.severity} ${diagnostic.code}: ${cleanText(diagnostic.message)}`;
  const parts = [head, renderFrame(location, places)];
  for (const place of related) {
    parts.push(
      `  ${formatLocation(place.location, places)} ${cleanText(place.message)}`,
      renderFrame(place.location, places, '  '),
    );
  }
  if (diagnostic.fix !== undefined) parts.push(`  write:\n${indent(diagnostic.fix, '    ')}`);
  return `${parts.join('\n')}\n`;
}

function renderFrame(location: Location, places: PlaceReader, margin = ''): string {
  const line = cleanText(places.lineText(location.file, location.line));
  const number = String(location.line).padStart(5);
  const length = location.endLine === location.line ? Math.max(1, location.endColumn - location.column) : 1;
  const marks = '^'.repeat(Math.min(length, Math.max(1, line.length - location.column + 1)));
  return `${margin}${number} | ${line}\n${margin}${' '.repeat(5)} | ${' '.repeat(location.column - 1)}${marks}`;
}

function indent(text: string, margin: string): string {
  return text
    .split('\n')
    .map((line) => margin + cleanText(line))
    .join('\n');
}

/** Text from a description may hold terminal commands; they are shown as `?`. */
export function cleanText(text: string): string {
  return text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '?');
}

function compareLocated(left: LocatedDiagnostic, right: LocatedDiagnostic): number {
  const [a, b] = [left.location, right.location];
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  if (a.line !== b.line) return a.line - b.line;
  if (a.column !== b.column) return a.column - b.column;
  return left.diagnostic.code < right.diagnostic.code ? -1 : 1;
}
