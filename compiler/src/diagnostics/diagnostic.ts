import type { SourceRef } from '../source/source-ref.ts';

export type Severity = 'error' | 'warning';

export interface Diagnostic {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly at: SourceRef;
  readonly related: readonly RelatedPlace[];
  /** Lines that can be pasted into the rules file as they stand. */
  readonly fix?: string;
}

export interface RelatedPlace {
  readonly at: SourceRef;
  readonly message: string;
}

/** What every stage returns: its value and all it found. */
export type Result<T> = readonly [T, readonly Diagnostic[]];

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error');
}
