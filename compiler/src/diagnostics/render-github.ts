import type { LocatedDiagnostic, PlaceReader } from './render-text.ts';

/** GitHub's workflow commands, which place each finding on its line of a pull request. */
export function renderGithub(located: readonly LocatedDiagnostic[], places: PlaceReader): string {
  return located
    .map(({ diagnostic, location }) => {
      const file = escapeProperty(places.displayName(location.file));
      const place = `file=${file},line=${location.line},col=${location.column},endLine=${location.endLine}`;
      return `::${diagnostic.severity} ${place},title=${diagnostic.code}::${escapeData(diagnostic.message)}`;
    })
    .join('\n');
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
