import { createContext, Script } from 'node:vm';
import { paths } from 'jsonpath-rfc9535';
import type { Json, JsonObject } from '../model/workspace.ts';

export type OverlayAction =
  | { readonly target: string; readonly kind: 'update'; readonly update: Json }
  | { readonly target: string; readonly kind: 'remove' };

/** A filter of a path may hold a pattern, and some patterns take for ever on an unlucky text. */
const TIME_LIMIT_MS = 1000;
const FIND = new Script('find()');

/** @throws Error where the target is not a JSONPath, or takes too long. */
function findMatches(root: Json, target: string): readonly string[] {
  const find = (): readonly string[] => paths(root as never, target);
  return FIND.runInContext(createContext({ find }), { timeout: TIME_LIMIT_MS }) as readonly string[];
}

/**
 * Applies one action of an Overlay 1.0 document to a private copy of a description.
 * @returns how many nodes matched.
 * @throws Error where the target is not a JSONPath of RFC 9535, or takes too long.
 */
export function applyOverlayAction(root: Json, action: OverlayAction): number {
  const matches = findMatches(root, action.target).map(parseNormalizedPath);
  // From the end, so that taking an element out of a list does not move those that are still to go.
  if (action.kind === 'remove') for (const path of matches.toReversed()) removeAt(root, path);
  else for (const path of matches) updateAt(root, path, action.update);
  return matches.length;
}

/** RFC 9535, 2.7: names in single quotes, indexes bare. */
function parseNormalizedPath(path: string): (string | number)[] {
  return [...path.matchAll(/\['((?:[^'\\]|\\.)*)'\]|\[(\d+)\]/gs)].map(([, name, index]) => {
    if (name === undefined) return Number(index);
    return JSON.parse(`"${name.replaceAll(String.raw`\'`, "'").replaceAll('"', String.raw`\"`)}"`) as string;
  });
}

function holderAt(root: Json, path: readonly (string | number)[]): Record<string | number, Json> | undefined {
  let node: Json | undefined = root;
  for (const step of path.slice(0, -1)) {
    if (typeof node !== 'object' || node === null) return undefined;
    node = (node as Record<string | number, Json>)[step];
  }
  return typeof node === 'object' && node !== null ? (node as Record<string | number, Json>) : undefined;
}

function removeAt(root: Json, path: readonly (string | number)[]): void {
  const holder = holderAt(root, path);
  const last = path.at(-1);
  if (holder === undefined || last === undefined) return;
  if (Array.isArray(holder)) holder.splice(Number(last), 1);
  else delete holder[last];
}

function updateAt(root: Json, path: readonly (string | number)[], update: Json): void {
  const last = path.at(-1);
  const holder = holderAt(root, path);
  const target = last === undefined ? root : holder?.[last];
  if (typeof target === 'object' && target !== null) mergeInto(target, update);
  else if (holder !== undefined && last !== undefined) holder[last] = structuredClone(update) as Json;
}

/** Overlay 1.0: objects merge recursively, lists are appended to, other values replace. */
function mergeInto(target: Json, update: Json): void {
  if (Array.isArray(target)) {
    (target as Json[]).push(structuredClone(update) as Json);
    return;
  }
  if (!isObject(target) || !isObject(update)) return;
  const holder = target as Record<string, Json>;
  for (const [key, value] of Object.entries(update)) {
    if (value === undefined || key === '__proto__') continue;
    const held = holder[key];
    if (isObject(held) && isObject(value)) mergeInto(held, value);
    else if (Array.isArray(held) && Array.isArray(value)) held.push(...structuredClone(value));
    else holder[key] = structuredClone(value) as Json;
  }
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
