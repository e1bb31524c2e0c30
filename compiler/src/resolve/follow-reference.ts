import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import type { Json, JsonObject, Refusal, SpecDocument } from '../model/workspace.ts';
import { isRemote, resolveLocation } from '../source/resolve-location.ts';
import { valueAt } from '../source/source-ref.ts';
import type { PathStep } from '../source/source-ref.ts';
import { toSwaggerReference } from '../source/swagger-path.ts';

/** A node of a description and where it stands. */
export interface SpecNode {
  readonly file: string;
  readonly path: readonly PathStep[];
  readonly value: JsonObject;
}

/** The descriptions as one system sees them, and the files that were not read. */
export interface SpecFiles {
  readonly documents: ReadonlyMap<string, SpecDocument>;
  readonly refusals: ReadonlyMap<string, Refusal>;
  /** The files that stand for what has an address. */
  readonly copies: ReadonlyMap<string, string>;
}

const MAX_HOPS = 50;

/** The node that a chain of `$ref` ends at, or the node whose reference leads nowhere. */
export function followReference(
  files: SpecFiles,
  node: SpecNode,
): { readonly end: SpecNode } | { readonly broken: SpecNode; readonly ref: string } {
  let current = node;
  for (let hop = 0; typeof current.value['$ref'] === 'string'; hop += 1) {
    const ref = current.value['$ref'];
    const next = hop < MAX_HOPS ? findReference(files, current, ref) : undefined;
    if (next === undefined) return { broken: current, ref };
    current = next;
  }
  return { end: current };
}

/** Why a reference leads nowhere. */
export function explainReference(files: SpecFiles, node: SpecNode, given: string): Diagnostic {
  const isSwagger = files.documents.get(node.file)?.dialect === '2.0';
  const ref = isSwagger ? toSwaggerReference(given) : given;
  const at = valueAt(node.file, [...node.path, '$ref']);
  const [location = ''] = ref.split('#');
  if (isRemote(location) && !files.copies.has(location)) {
    const problem = 'Mortise fetches nothing; keep a copy, and say under "references" where it is';
    return createDiagnostic('ref-not-allowed', { ref, problem }, at, {
      fix: `systems.….references:\n  - { address: ${JSON.stringify(location)}, file: ./… }`,
    });
  }
  const refusal = files.refusals.get(
    location === '' ? node.file : (resolveLocation(node.file, location, files.copies) ?? ''),
  );
  if (refusal?.kind === 'not-allowed')
    return createDiagnostic('ref-not-allowed', { ref, problem: refusal.problem }, at, {
      fix: 'systems.….references: [../…]   # the file or its folder, seen from the rules file, where you trust it',
    });
  if (refusal?.kind === 'missing')
    return createDiagnostic('file-not-found', { path: refusal.path, what: 'the reference' }, at);
  return createDiagnostic('ref-not-found', { ref, near: hintForReference(files.documents, node, given) }, at);
}

function findReference({ documents, copies }: SpecFiles, from: SpecNode, ref: string): SpecNode | undefined {
  const [location = '', pointer = ''] = ref.split('#');
  const file = location === '' ? from.file : resolveLocation(from.file, location, copies);
  const document = file === undefined ? undefined : documents.get(file);
  if (file === undefined || document === undefined) return undefined;
  const path = decodePointer(pointer);
  let value: Json | undefined = document.value;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as JsonObject)[step];
  }
  return isObject(value) ? { file, path, value } : undefined;
}

/** RFC 6901 inside a URI fragment: percent-decoded first, then `~1` and `~0`. */
function decodePointer(pointer: string): string[] {
  const decode = (step: string): string => {
    try {
      return decodeURIComponent(step);
    } catch {
      return step;
    }
  };
  return pointer
    .split('/')
    .slice(1)
    .map((step) => decode(step).replaceAll('~1', '/').replaceAll('~0', '~'));
}

function hintForReference(documents: ReadonlyMap<string, SpecDocument>, from: SpecNode, ref: string): string {
  const path = decodePointer(ref.split('#')[1] ?? '');
  const siblings = documents.get(from.file)?.value['components'];
  const section = isObject(siblings) ? siblings[path[1] ?? ''] : undefined;
  return isObject(section) ? didYouMean(path.at(-1) ?? '', Object.keys(section)) : '';
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
