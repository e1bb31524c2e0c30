import type { SourceRef } from '../source/source-ref.ts';
import { catalog } from './catalog.ts';
import type { Code, ParamsOf } from './catalog.ts';
import type { Diagnostic, RelatedPlace } from './diagnostic.ts';

export interface DiagnosticExtras {
  readonly related?: readonly RelatedPlace[];
  readonly fix?: string;
}

/** One finding; the catalog's sentence decides which parameters the code takes. */
export function createDiagnostic<C extends Code>(
  code: C,
  params: ParamsOf<C>,
  at: SourceRef,
  extras: DiagnosticExtras = {},
): Diagnostic {
  const entry = catalog[code];
  const message = (entry.message as (given: ParamsOf<C>) => string)(params);
  const { related = [], fix } = extras;
  const base = { code, severity: entry.severity, message, at, related };
  return fix === undefined ? base : { ...base, fix };
}
