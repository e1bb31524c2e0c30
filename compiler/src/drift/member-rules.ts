import type { Property, Schema } from '../model/api-model.ts';
import type { Use, UseNode } from './use.ts';
import type { Verdict } from './variance.ts';

/** A property that is no longer described where it is sent. @param holder the object as it is now */
export function removedInRequest(uses: readonly Use[], holder: Schema): Verdict {
  const says = 'is no longer described';
  if (uses.length === 0) return { id: 'VQ6', says, level: 'NONE' };
  if (uses.every(({ kind }) => kind === 'page')) return { id: 'VA17', says, level: 'WIRE', uses };
  // Most servers pass over what they do not know; one that says it takes nothing else refuses.
  return { id: 'VQ6', says, level: holder.closed ? 'WIRE' : 'MEANING', uses };
}

/** @param node what is sent of the object that has the property now */
export function addedInRequest(
  { required, schema }: Property,
  node: UseNode | undefined,
  child: UseNode | undefined,
): Verdict {
  if (!required || schema.readOnly) return { id: 'VQ20', says: 'may be sent now', level: 'NONE' };
  const says = 'is required now';
  if (node === undefined || child !== undefined) return { id: 'VQ4', says, level: 'NONE' };
  return { id: 'VQ4', says: `${says}, and nothing sends it`, level: 'WIRE' };
}

/** A property that is no longer answered. */
export function removedInResponse(uses: readonly Use[]): Verdict {
  const says = 'is no longer described';
  const has = (kind: Use['kind']): boolean => uses.some((use) => use.kind === kind);
  if (uses.length === 0) return { id: 'VA1', says, level: 'NONE' };
  const lists = uses.filter(({ kind }) => kind === 'records');
  if (lists.length > 0) return { id: 'VA16', says, level: 'WIRE', uses: lists };
  if (uses.every(({ kind }) => kind === 'next')) return { id: 'VA17', says, level: 'WIRE', uses };
  return { id: 'VA1', says, level: has('token') ? 'WIRE' : 'MEANING', uses };
}

export function addedInResponse(): Verdict {
  return { id: 'VA19', says: 'is answered now', level: 'NONE' };
}
