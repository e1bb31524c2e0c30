import { query } from 'jsonpath-rfc9535';
import type { Json, JsonObject } from '../model/workspace.ts';

export interface OverlayAction {
  readonly target: string;
  readonly update?: Json;
  readonly remove?: boolean;
}

/**
 * Applies one action of an Overlay 1.0 document to a private copy of a description.
 * @returns how many nodes matched.
 * @throws Error where the target is not a JSONPath of RFC 9535.
 */
export function applyOverlayAction(root: Json, action: OverlayAction): number {
  const matches = query(root as never, action.target) as Json[];
  const wanted = new Set(matches.filter((match) => typeof match === 'object' && match !== null));
  if (action.remove === true) {
    removeNodes(root, wanted);
    return matches.length;
  }
  for (const node of wanted) mergeInto(node, action.update);
  return matches.length;
}

function removeNodes(node: Json | undefined, wanted: ReadonlySet<Json>): void {
  if (typeof node !== 'object' || node === null) return;
  if (Array.isArray(node)) {
    for (let index = node.length - 1; index >= 0; index -= 1) {
      if (wanted.has(node[index] as Json)) node.splice(index, 1);
      else removeNodes(node[index] as Json, wanted);
    }
    return;
  }
  const holder = node as Record<string, Json>;
  for (const key of Object.keys(holder)) {
    if (wanted.has(holder[key] as Json)) delete holder[key];
    else removeNodes(holder[key], wanted);
  }
}

/** Overlay 1.0: objects merge recursively, lists are appended to, other values replace. */
function mergeInto(target: Json, update: Json | undefined): void {
  if (update === undefined) return;
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
