import type { Json, SpecDocument } from '../model/workspace.ts';
import { resolveLocation } from '../source/resolve-location.ts';
import { valueAt } from '../source/source-ref.ts';
import type { PathStep } from '../source/source-ref.ts';
import { readValue } from './read-description.ts';
import type { Loading } from './read-description.ts';

/** Below these keys stands data, and a `$ref` in it is data too. */
const DATA_KEYS: ReadonlySet<string> = new Set(['example', 'examples', 'default', 'enum', 'const']);
/** Below these keys stand names that somebody chose, so that `example` may be one of them. */
const NAME_MAPS: ReadonlySet<string> = new Set([
  'properties',
  'patternProperties',
  'schemas',
  'paths',
  '$defs',
  'definitions',
  'responses',
  'headers',
  'requestBodies',
  'content',
  'encoding',
]);

/**
 * Reads the files that references name while they stay below the folder of the rules file or of the description that the
 * rules name, or lead where the rules allow it; nothing is fetched.
 * What is not read is remembered, and is a finding only where the rules reach the reference.
 */
export function followReferences(loading: Loading, document: SpecDocument): void {
  visitReferences(document.value, [], false, (ref, path) => {
    const [location = ''] = ref.split('#');
    const file = location === '' ? undefined : resolveLocation(document.file, location, loading.copies);
    const copy = loading.places.find(({ address }) => address === location);
    if (copy !== undefined) loading.used.add(copy);
    if (file === undefined || loading.documents.has(file) || loading.refusals.has(file)) return;
    const roots = loading.roots.get(document.file) ?? [loading.host.resolve(document.file, '..')];
    const real = loading.host.realPath(file);
    const judged = real ?? file;
    const isInside = (folder: string): boolean => !loading.host.relative(folder, judged).startsWith('..');
    const place = loading.places.find((one) => isInside(one.path));
    if (place !== undefined) loading.used.add(place);
    else if (copy === undefined && !isInside(loading.folder) && !roots.some(isInside)) {
      loading.refusals.set(file, { kind: 'not-allowed', problem: 'it leaves the folder of the description' });
      return;
    }
    if (real === undefined) {
      loading.refusals.set(file, { kind: 'missing', path: loading.host.relative(loading.folder, file) });
      return;
    }
    const value = readValue(loading, file, valueAt(document.file, path), 'the reference');
    // Inserted while the map is walked, so its own references are followed too.
    if (value === undefined) return;
    loading.roots.set(file, roots);
    loading.documents.set(file, { file, dialect: document.dialect, value });
  });
}

function visitReferences(
  node: Json | undefined,
  path: readonly PathStep[],
  inNameMap: boolean,
  visit: (ref: string, path: readonly PathStep[]) => void,
): void {
  if (typeof node !== 'object' || node === null) return;
  if (Array.isArray(node)) {
    node.forEach((child, index) => visitReferences(child, [...path, index], false, visit));
    return;
  }
  for (const [key, child] of Object.entries(node)) {
    if (!inNameMap && (DATA_KEYS.has(key) || key.startsWith('x-'))) continue;
    if (key === '$ref' && typeof child === 'string') visit(child, [...path, key]);
    else visitReferences(child, [...path, key], !inNameMap && NAME_MAPS.has(key), visit);
  }
}
