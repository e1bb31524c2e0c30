import { readdirSync, readFileSync } from 'node:fs';

/** One request and its response, as a recording holds them. */
export interface Exchange {
  readonly synthetic?: boolean;
  readonly role: 'read' | 'find' | 'look-up' | 'write';
  /** The look-up's or the target's; the first target's where it is left out. */
  readonly name?: string;
  readonly system: string;
  readonly operation: { readonly method: string; readonly path: string };
  /** Where the item stands in the body of a write. */
  readonly item?: string;
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: unknown;
  };
}

export function readText(url: URL): string {
  return readFileSync(url, 'utf8');
}

export function readExchanges(folder: URL): Exchange[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return names.toSorted().map((name) => JSON.parse(readText(new URL(name, folder))) as Exchange);
}
