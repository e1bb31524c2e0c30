/** The records of the benchmark, as the mock serves them and as both sides read them. */
export interface SourceRecord {
  readonly id: string;
  readonly email: string;
  readonly first: string;
  readonly last: string;
  readonly company: string;
  readonly city: string;
  readonly seats: number;
  readonly updatedAt: string;
}

export interface SourcePage {
  readonly results: readonly SourceRecord[];
  readonly next?: string;
}

export interface TargetContact {
  readonly externalId: string | undefined;
  readonly email: string | undefined;
  readonly name: string | undefined;
  readonly company: string | undefined;
  readonly city: string | undefined;
  readonly seats: number | undefined;
}

export const RECORDS = 10_000;
export const PAGE_SIZE = 100;
export const CONCURRENCY = 10;

export function createRecord(index: number): SourceRecord {
  return {
    id: String(500_000 + index),
    email: `person.${index}@example.com`,
    first: `First ${index % 97}`,
    last: `Last ${index}`,
    company: `Company ${index % 1009} Pty Ltd`,
    city: `City ${index % 211}`,
    seats: index % 50,
    updatedAt: new Date(Date.UTC(2026, 0, 1) + index * 1000).toISOString(),
  };
}

/** Page number `index` of so many records, as the source answers it. */
export function renderPage(index: number, records: number): string {
  const start = index * PAGE_SIZE;
  const results = Array.from({ length: Math.min(PAGE_SIZE, Math.max(0, records - start)) }, (_, offset) =>
    createRecord(start + offset),
  );
  const page: SourcePage = start + PAGE_SIZE < records ? { results, next: String(index + 1) } : { results };
  return JSON.stringify(page);
}

/** The mapping by hand: of the bare loop, and by its text of Node-RED, so it may use nothing from outside. */
export function mapByHand(source: SourceRecord): TargetContact {
  return {
    externalId: source.id,
    email: source.email.trim().toLowerCase(),
    name: `${source.first} ${source.last}`,
    company: source.company,
    city: source.city,
    seats: source.seats,
  };
}
