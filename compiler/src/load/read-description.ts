import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { JsonObject, Refusal, SpecDocument } from '../model/workspace.ts';
import type { Host } from '../source/host.ts';
import { MAX_DEPTH, MAX_NODES, measureValue } from '../source/measure-value.ts';
import { valueAt } from '../source/source-ref.ts';
import type { SourceRef } from '../source/source-ref.ts';
import type { AllowedPlace } from './read-references.ts';
import { parseDescription } from './parse-description.ts';

/** What the loaders of descriptions share. */
export interface Loading {
  readonly host: Host;
  readonly rulesFile: string;
  readonly folder: string;
  /** Folders below which the references of a file may lead, where they are not those of the file itself. */
  readonly roots: Map<string, readonly string[]>;
  readonly inputs: Map<string, string>;
  readonly documents: Map<string, SpecDocument>;
  readonly refusals: Map<string, Refusal>;
  readonly places: readonly AllowedPlace[];
  /** Those of the places that a reference leads to. */
  readonly used: Set<AllowedPlace>;
  /** The copies of what has an address. */
  readonly copies: ReadonlyMap<string, string>;
  readonly found: Diagnostic[];
}

const MAX_BYTES = 50_000_000;

/** The map that a YAML or JSON file holds; undefined, with a finding, where it holds none. */
export function readValue(
  loading: Loading,
  file: string,
  namedAt: SourceRef,
  what: string,
): JsonObject | undefined {
  const text = readText(loading, file, namedAt, what);
  if (text === undefined) return undefined;
  const report = (problem: string, at: SourceRef): undefined => {
    loading.found.push(
      createDiagnostic('spec-malformed', { problem }, at, {
        related: [{ at: namedAt, message: 'named here' }],
      }),
    );
  };
  try {
    const value = parseDescription(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return report('it holds no map of keys', valueAt(file, []));
    const excess = measureValue(value);
    if (excess === 'too-deep')
      return report(`it is nested more than ${MAX_DEPTH} levels deep`, valueAt(file, []));
    if (excess === undefined) return value as JsonObject;
    const problem = `${loading.host.relative(loading.folder, file)} has more than ${MAX_NODES / 1e6} million values, aliases counted each time`;
    loading.found.push(createDiagnostic('too-large', { problem }, namedAt));
    return undefined;
  } catch (error) {
    const message = (error as Error).message.split('\n')[0] ?? '';
    const offset = findOffset(error as Error, text);
    return report(message, { ...valueAt(file, []), raw: { start: offset, end: offset + 1 } });
  }
}

function readText(loading: Loading, file: string, namedAt: SourceRef, what: string): string | undefined {
  const shown = loading.host.relative(loading.folder, file);
  try {
    const text = loading.host.readFile(file);
    if (text === undefined) {
      loading.found.push(createDiagnostic('file-not-found', { path: shown, what }, namedAt));
      return undefined;
    }
    if (text.length > MAX_BYTES) {
      loading.found.push(
        createDiagnostic('too-large', { problem: `${shown} has more than ${MAX_BYTES / 1e6} MB` }, namedAt),
      );
      return undefined;
    }
    loading.inputs.set(file, text);
    return text;
  } catch (error) {
    loading.found.push(
      createDiagnostic('file-unreadable', { path: shown, problem: (error as Error).message }, namedAt),
    );
    return undefined;
  }
}

/** js-yaml gives `mark.position`; V8's JSON parser names the position in its message. */
function findOffset(error: Error & { mark?: { position?: number } }, text: string): number {
  const position =
    error.mark?.position ?? Number(/position (\d+)/.exec(error.message)?.[1] ?? text.length - 1);
  return Math.max(0, Math.min(position, text.length - 1));
}
