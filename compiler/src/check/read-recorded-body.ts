import type { Json } from '../model/workspace.ts';
import { isObject } from '../resolve/follow-reference.ts';
import type { PathStep } from '../source/source-ref.ts';

/** A body as a recording keeps it, as data. */
export interface RecordedData {
  readonly value: Json;
  /** Where it stands in the recording; of a text, the whole text. */
  place(steps: readonly PathStep[]): readonly PathStep[];
}

/** Data of a recording that is made up, or a text that was really sent; undefined for bytes and for text that is no JSON. */
export function readRecordedBody(body: Json | undefined): RecordedData | undefined {
  if (!isObject(body)) return undefined;
  const { data, text } = body;
  if (data !== undefined) return { value: data, place: (steps) => ['response', 'body', 'data', ...steps] };
  if (typeof text !== 'string') return undefined;
  try {
    return { value: JSON.parse(text) as Json, place: () => ['response', 'body', 'text'] };
  } catch {
    return undefined;
  }
}
