import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import type { Result } from '../diagnostics/diagnostic.ts';
import type { RulesInput } from '../model/rules-input.ts';
import type { JsonObject, Refusal, SpecDocument } from '../model/workspace.ts';
import type { Host } from '../source/host.ts';
import { valueAt } from '../source/source-ref.ts';
import type { SourceRef } from '../source/source-ref.ts';
import { convertSwagger } from './convert-swagger.ts';
import { resolveLocation } from '../source/resolve-location.ts';
import { applyOverlays } from './apply-overlays.ts';
import { followReferences } from './follow-references.ts';
import { findUnusedReferences, readReferences } from './read-references.ts';
import { readValue } from './read-description.ts';
import type { Loading } from './read-description.ts';

export interface LoadedSpecs {
  readonly specs: ReadonlyMap<string, readonly SpecDocument[]>;
  readonly documents: ReadonlyMap<string, SpecDocument>;
  readonly refusals: ReadonlyMap<string, Refusal>;
  /** The files that stand for what has an address. */
  readonly copies: ReadonlyMap<string, string>;
}

/** Reads every description that the rules name, applies overlays, and follows references to other files. */
export function loadSpecs(
  host: Host,
  rulesFile: string,
  rules: RulesInput,
  inputs: Map<string, string>,
): Result<LoadedSpecs> {
  const folder = host.resolve(rulesFile, '..');
  const { places, found } = readReferences(host, rulesFile, rules);
  const loading: Loading = {
    host,
    rulesFile,
    folder,
    roots: new Map(),
    inputs,
    documents: new Map(),
    refusals: new Map(),
    places,
    used: new Set(),
    copies: new Map(
      places.flatMap(({ address, path }) => (address === undefined ? [] : [[address, path] as const])),
    ),
    found: [...found],
  };
  const specs = new Map<string, SpecDocument[]>();
  for (const [name, system] of Object.entries(rules.systems)) {
    const named = typeof system.spec === 'string' ? [system.spec] : system.spec;
    const documents = named.flatMap((path, index) => {
      const steps = typeof system.spec === 'string' ? ['spec'] : ['spec', index];
      return loadNamed(loading, path, valueAt(rulesFile, ['systems', name, ...steps])) ?? [];
    });
    const overlays = (system.overlays ?? []).map((path, index) => ({
      file: host.resolve(folder, path),
      at: valueAt(rulesFile, ['systems', name, 'overlays', index]),
    }));
    specs.set(name, applyOverlays(loading, documents, overlays));
  }
  // An overlay may bring references of its own.
  for (const document of [...specs.values()].flat()) followReferences(loading, document);
  for (const document of loading.documents.values()) followReferences(loading, document);
  loading.found.push(...findUnusedReferences(places, loading.used));
  const { refusals, copies } = loading;
  return [{ ...convertAll(specs, loading), refusals, copies }, loading.found];
}

/** Overlays and references are written for the file as it is; only then what is Swagger 2.0 becomes OpenAPI 3.0. */
function convertAll(
  specs: ReadonlyMap<string, readonly SpecDocument[]>,
  { documents, copies }: Pick<Loading, 'documents' | 'copies'>,
): Pick<LoadedSpecs, 'specs' | 'documents'> {
  const converted = new Map<JsonObject, SpecDocument>();
  const convert = (document: SpecDocument): SpecDocument => {
    if (document.dialect !== '2.0') return document;
    const known = converted.get(document.value);
    if (known !== undefined) return known;
    const lookUp = (ref: string): JsonObject | undefined => findPointer({ documents, copies }, document, ref);
    const made = { ...document, value: convertSwagger(document.value, lookUp) };
    converted.set(document.value, made);
    return made;
  };
  return {
    specs: new Map([...specs].map(([name, list]) => [name, list.map(convert)])),
    documents: new Map([...documents].map(([file, document]) => [file, convert(document)])),
  };
}

/** What a reference leads to before anything is converted. */
function findPointer(
  { documents, copies }: Pick<Loading, 'documents' | 'copies'>,
  from: SpecDocument,
  ref: string,
): JsonObject | undefined {
  const [location = '', pointer = ''] = ref.split('#');
  const file = location === '' ? from.file : resolveLocation(from.file, location, copies);
  const document = location === '' ? from : documents.get(file ?? '');
  let value: unknown = document?.value;
  for (const step of pointer.split('/').slice(1)) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[step.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return typeof value === 'object' && value !== null ? (value as JsonObject) : undefined;
}

function loadNamed(loading: Loading, path: string, namedAt: SourceRef): SpecDocument | undefined {
  if (!/^https?:\/\//i.test(path))
    return loadOne(loading, loading.host.resolve(loading.folder, path), namedAt);
  const problem =
    'it is an address. A description is a file beside the rules, committed with them, so that what is built does not change by itself: fetch it, and name the file.';
  loading.found.push(createDiagnostic('file-unreadable', { path, problem }, namedAt));
  return undefined;
}

function loadOne(loading: Loading, file: string, namedAt: SourceRef): SpecDocument | undefined {
  const known = loading.documents.get(file);
  if (known !== undefined) return known;
  const value = readValue(loading, file, namedAt, 'the rules file');
  if (value === undefined) return undefined;
  const dialect = readDialect(value);
  if (dialect === undefined) {
    const found = String(value['openapi'] ?? value['swagger'] ?? 'without a version');
    loading.found.push(
      createDiagnostic('spec-version', { found }, valueAt(file, ['openapi']), {
        related: [{ at: namedAt, message: 'named here' }],
      }),
    );
    return undefined;
  }
  const document = { file, dialect, value };
  loading.documents.set(file, document);
  return document;
}

/** Unquoted, YAML reads `3.0` as the number 3, and `2.0` as 2. */
function readDialect(value: JsonObject): SpecDocument['dialect'] | undefined {
  const version = String(value['openapi'] ?? '');
  if (version === '' && /^2(\.0)?$/.test(String(value['swagger'] ?? ''))) return '2.0';
  if (version === '3' || /^3\.0(\.|$)/.test(version)) return '3.0';
  if (/^3\.2(\.|$)/.test(version)) return '3.2';
  return /^3\.1(\.|$)/.test(version) ? '3.1' : undefined;
}
