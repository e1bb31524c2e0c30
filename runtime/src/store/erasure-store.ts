export interface EraseRequest {
  readonly key: string;
  /** Only of this flow; of every flow that holds the key where it is left out. */
  readonly flow?: string;
  /** Leaves nothing behind that would know the record again, so that it is new when it comes again. */
  readonly forget: boolean;
  readonly actor: string;
}

export type EraseEnd =
  | {
      readonly kind: 'erased';
      readonly flows: readonly string[];
      /** Versions of the record that were taken in. */
      readonly records: number;
      /** Tombstones that were lifted by `forget`. */
      readonly lifted: number;
      /** The write-ahead log was emptied too; false where another process held on to it. */
      readonly truncated: boolean;
    }
  /** Whether a write has reached the target is not known yet, so nothing was erased. */
  | {
      readonly kind: 'unresolved';
      readonly flow: string;
      readonly state: 'sending' | 'unknown' | 'parked';
      readonly review: number | undefined;
    }
  | { readonly kind: 'erased before'; readonly flows: readonly string[]; readonly truncated: boolean }
  | { readonly kind: 'none' };

/** What the law asks for: nothing of a record is left but a keyed digest of its key. */
export interface ErasureStore {
  erase(request: EraseRequest, nowMs: number): Promise<EraseEnd>;
}
