/** A record as a caller sends it, once its shape has been checked. */
export type SentRecord = Readonly<Record<string, unknown>>;

export interface CheckedRecord {
  readonly sent: SentRecord;
  /** Why the ledger refuses it; empty where it does not. */
  readonly errors: readonly string[];
}

export interface CheckedBody {
  readonly records: readonly CheckedRecord[];
  /** Where the request strays from the published description. */
  readonly breaches: readonly string[];
  /** True when the body cannot be read at all: nothing is applied. */
  readonly unreadable: boolean;
}

/** One element of a write: the record as stored, or as it was sent with the reasons for refusing it. */
export interface WriteResult {
  readonly record: SentRecord;
  readonly errors: readonly string[];
}

export interface WriteMode {
  readonly createOnly: boolean;
  /** One refused record leaves the ledger as it was. */
  readonly allOrNothing: boolean;
}

/** One kind of records, as whoever writes sees it. */
export interface RecordBook {
  /** Where lists of it stand in bodies. */
  readonly field: 'Contacts' | 'Invoices';
  /** How an answer says that an element was refused. */
  readonly refused: SentRecord;
  check(body: unknown): CheckedBody;
  write(writes: readonly CheckedRecord[], mode: WriteMode): WriteResult[];
}
