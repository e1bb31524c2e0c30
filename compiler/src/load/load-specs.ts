import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import type { Diagnostic, Result } from '../diagnostics/diagnostic.ts';
import type { RulesInput } from '../model/rules-input.ts';
import type { Json, JsonObject, SpecDocument } from '../model/workspace.ts';
import type { Host } from '../source/host.ts';
import { valueAt } from '../source/source-ref.ts';
import type { SourceRef } from '../source/source-ref.ts';
import { applyOverlayAction } from './apply-overlay.ts';
import type { OverlayAction } from './apply-overlay.ts';
import { parseDescription } from './parse-description.ts';

export interface LoadedSpecs {
  readonly specs: ReadonlyMap<string, readonly SpecDocument[]>;
  readonly documents: ReadonlyMap<string, SpecDocument>;
}

interface Loading {
  readonly host: Host;
  readonly rulesFile: string;
  readonly folder: string;
  readonly inputs: Map<string, string>;
  readonly documents: Map<string, SpecDocument>;
  readonly found: Diagnostic[];
}

const MAX_BYTES = 50_000_000;
const MAX_DEPTH = 400;

/** Reads every description that the rules name, applies overlays, and follows references to other files. */
export function loadSpecs(host: Host, rulesFile: string, rules: RulesInput, inputs: Map<string, string>): Result<LoadedSpecs> {
  const folder = host.resolve(rulesFile, '..');
  const loading: Loading = { host, rulesFile, folder, inputs, documents: new Map(), found: [] };
  const specs = new Map<string, SpecDocument[]>();
  for (const [name, system] of Object.entries(rules.systems)) {
    const named = typeof system.spec === 'string' ? [system.spec] : system.spec;
    const documents = named.flatMap((path, index) => {
      const steps = typeof system.spec === 'string' ? ['spec'] : ['spec', index];
      return loadOne(loading, host.resolve(folder, path), valueAt(rulesFile, ['systems', name, ...steps])) ?? [];
    });
    (system.overlays ?? []).forEach((path, index) => {
      applyOverlay(loading, documents, host.resolve(folder, path), valueAt(rulesFile, ['systems', name, 'overlays', index]));
    });
    specs.set(name, documents);
  }
  for (const document of loading.documents.values()) followReferences(loading, document);
  return [{ specs, documents: loading.documents }, loading.found];
}

function loadOne(loading: Loading, file: string, namedAt: SourceRef): SpecDocument | undefined {
  const known = loading.documents.get(file);
  if (known !== undefined) return known;
  const value = readValue(loading, file, namedAt, 'the rules file');
  if (value === undefined) return undefined;
  const dialect = readDialect(value);
  if (dialect === undefined) {
    const found = String(value['openapi'] ?? value['swagger'] ?? 'without a version');
    loading.found.push(createDiagnostic('spec-version', { found }, valueAt(file, ['openapi']), { related: [{ at: namedAt, message: 'named here' }] }));
    return undefined;
  }
  const document = { file, dialect, value };
  loading.documents.set(file, document);
  return document;
}

function readValue(loading: Loading, file: string, namedAt: SourceRef, what: string): JsonObject | undefined {
  const text = readText(loading, file, namedAt, what);
  if (text === undefined) return undefined;
  const report = (problem: string, at: SourceRef): undefined => {
    loading.found.push(createDiagnostic('spec-malformed', { problem }, at, { related: [{ at: namedAt, message: 'named here' }] }));
  };
  try {
    const value = parseDescription(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return report('it holds no map of keys', valueAt(file, []));
    if (measureDepth(value) > MAX_DEPTH) return report(`it is nested more than ${MAX_DEPTH} levels deep`, valueAt(file, []));
    return value as JsonObject;
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
      loading.found.push(createDiagnostic('too-large', { problem: `${shown} has more than ${MAX_BYTES / 1e6} MB` }, namedAt));
      return undefined;
    }
    loading.inputs.set(file, text);
    return text;
  } catch (error) {
    loading.found.push(createDiagnostic('file-unreadable', { path: shown, problem: (error as Error).message }, namedAt));
    return undefined;
  }
}

/** js-yaml gives `mark.position`; V8's JSON parser names the position in its message. */
function findOffset(error: Error & { mark?: { position?: number } }, text: string): number {
  const position = error.mark?.position ?? Number(/position (\d+)/.exec(error.message)?.[1] ?? text.length - 1);
  return Math.max(0, Math.min(position, text.length - 1));
}

function readDialect(value: JsonObject): '3.0' | '3.1' | undefined {
  const version = String(value['openapi'] ?? '');
  if (version.startsWith('3.0')) return '3.0';
  return version.startsWith('3.1') ? '3.1' : undefined;
}

function measureDepth(root: Json): number {
  let deepest = 0;
  const stack: [Json | undefined, number][] = [[root, 1]];
  for (let entry = stack.pop(); entry !== undefined; entry = stack.pop()) {
    const [node, depth] = entry;
    if (typeof node !== 'object' || node === null) continue;
    deepest = Math.max(deepest, depth);
    if (depth > MAX_DEPTH) return depth;
    for (const child of Object.values(node)) stack.push([child, depth + 1]);
  }
  return deepest;
}

function applyOverlay(loading: Loading, documents: readonly SpecDocument[], file: string, namedAt: SourceRef): void {
  const overlay = readValue(loading, file, namedAt, 'the rules file');
  if (overlay === undefined) return;
  const actions = overlay['actions'];
  if (!String(overlay['overlay'] ?? '').startsWith('1.') || !Array.isArray(actions)) {
    loading.found.push(createDiagnostic('overlay-malformed', { problem: 'it has no "overlay: 1.0.0" with a list of "actions"' }, valueAt(file, [])));
    return;
  }
  actions.forEach((action: Json, index) => {
    const at = valueAt(file, ['actions', index, 'target']);
    const target = String((action as JsonObject | null)?.['target'] ?? '');
    try {
      const count = documents.reduce((sum, document) => sum + applyOverlayAction(document.value, action as unknown as OverlayAction), 0);
      if (count === 0) loading.found.push(createDiagnostic('overlay-no-match', { target }, at));
    } catch (error) {
      loading.found.push(createDiagnostic('overlay-malformed', { problem: `${target}: ${(error as Error).message}` }, at));
    }
  });
}

/** References to other files are read while they stay below the rules file's folder; nothing is fetched. */
function followReferences(loading: Loading, document: SpecDocument): void {
  visitReferences(document.value, [], (ref, path) => {
    const [location = ''] = ref.split('#');
    if (location === '') return;
    const at = valueAt(document.file, path);
    if (/^[a-z][a-z0-9+.-]*:/i.test(location) || location.startsWith('//')) {
      loading.found.push(createDiagnostic('ref-not-allowed', { ref, problem: 'Mortise fetches nothing; keep a copy beside the description' }, at));
      return;
    }
    const file = loading.host.resolve(document.file, '..', location);
    if (loading.documents.has(file)) return;
    const root = loading.host.resolve(document.file, '..');
    const real = loading.host.realPath(file) ?? file;
    if (loading.host.relative(root, real).startsWith('..') && loading.host.relative(loading.folder, real).startsWith('..')) {
      loading.found.push(createDiagnostic('ref-not-allowed', { ref, problem: 'it leaves the folder of the description' }, at));
      return;
    }
    const value = readValue(loading, file, at, 'the reference');
    // Inserted while the map is walked, so its own references are followed too.
    if (value !== undefined) loading.documents.set(file, { file, dialect: document.dialect, value });
  });
}

function visitReferences(node: Json | undefined, path: readonly (string | number)[], visit: (ref: string, path: (string | number)[]) => void): void {
  if (typeof node !== 'object' || node === null) return;
  if (Array.isArray(node)) {
    node.forEach((child, index) => visitReferences(child, [...path, index], visit));
    return;
  }
  for (const [key, child] of Object.entries(node)) {
    if (key === '$ref' && typeof child === 'string') visit(child, [...path, key]);
    else visitReferences(child, [...path, key], visit);
  }
}

