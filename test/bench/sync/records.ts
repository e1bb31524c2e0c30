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

export function createRecords(): readonly SourceRecord[] {
  return Array.from({ length: RECORDS }, (_, index) => ({
    id: String(500_000 + index),
    email: `person.${index}@example.com`,
    first: `First ${index % 97}`,
    last: `Last ${index}`,
    company: `Company ${index % 1009} Pty Ltd`,
    city: `City ${index % 211}`,
    seats: index % 50,
    updatedAt: new Date(Date.UTC(2026, 0, 1) + index * 1000).toISOString(),
  }));
}
