import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { renderGithub } from '../diagnostics/render-github.ts';
import { renderJson } from '../diagnostics/render-json.ts';
import { locateAll, renderText } from '../diagnostics/render-text.ts';
import type { Host } from '../source/host.ts';
import { createPlaceReader } from './read-places.ts';

export type Format = 'text' | 'json' | 'github';

/** Findings as the user asked for them. */
export function printFindings(
  host: Host,
  folder: string,
  found: readonly Diagnostic[],
  format: Format,
): string {
  if (found.length === 0) return '';
  const places = createPlaceReader(host, folder);
  const located = locateAll(found, places);
  if (format === 'json') return `${renderJson(located, places)}\n`;
  if (format === 'github') return `${renderGithub(located, places)}\n`;
  const errors = found.filter((entry) => entry.severity === 'error').length;
  const count = `${errors} error${errors === 1 ? '' : 's'}, ${found.length - errors} warning${found.length - errors === 1 ? '' : 's'}`;
  const [first] = located;
  const hint = first === undefined ? '' : `; for more: mortise explain ${first.diagnostic.code}`;
  return `${renderText(located, places)}\n${count}${hint}\n`;
}
