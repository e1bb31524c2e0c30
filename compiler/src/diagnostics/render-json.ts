import { formatPath } from '../source/source-ref.ts';
import type { LocatedDiagnostic, PlaceReader } from './render-text.ts';

/** One JSON object a line: code, severity, message, place, rule path, related places, fix. */
export function renderJson(located: readonly LocatedDiagnostic[], places: PlaceReader): string {
  return located
    .map(({ diagnostic, location, related }) =>
      JSON.stringify({
        code: diagnostic.code,
        severity: diagnostic.severity,
        message: diagnostic.message,
        ...shown(location, places),
        path: formatPath(diagnostic.at.path),
        related: related.map((place) => ({ message: place.message, ...shown(place.location, places) })),
        fix: diagnostic.fix,
      }),
    )
    .join('\n');
}

function shown(location: LocatedDiagnostic['location'], places: PlaceReader) {
  return { ...location, file: places.displayName(location.file) };
}
