/** What a mapping is given: a record, what was looked up for it, and what earlier targets call it. */
export interface MappingSample {
  readonly source: unknown;
  readonly found?: Readonly<Record<string, unknown>> | undefined;
  readonly ids?: Readonly<Record<string, string | undefined>> | undefined;
}
