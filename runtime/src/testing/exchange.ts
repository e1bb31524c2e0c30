import { readdirSync, readFileSync } from 'node:fs';
import type { Recording } from '../recording/recording.ts';
import type { FlowSlice } from '../recording/slice.ts';

/** A recording, and the file that holds it. */
export interface Exchange extends Recording {
  readonly file: string;
}

export function readText(url: URL): string {
  return readFileSync(url, 'utf8');
}

/** What a flow uses of the descriptions. */
export function readSlice(url: URL): FlowSlice {
  return JSON.parse(readText(url)) as FlowSlice;
}

/** Data of a JSON file; empty where there is none. */
export function readList(url: URL): readonly unknown[] {
  try {
    return JSON.parse(readText(url)) as readonly unknown[];
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return [];
    throw error;
  }
}

/** The recordings of a flow, in the order of their names. */
export function readExchanges(folder: URL): Exchange[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return names
    .toSorted()
    .map((name) => ({ ...(JSON.parse(readText(new URL(name, folder))) as Recording), file: name }));
}

/** Calls that brought what was asked for: those are replayed as the flow's own. */
export function isSuccess({ response }: Pick<Recording, 'response'>): boolean {
  return response.status >= 200 && response.status < 300;
}
