import type { Store } from './store.ts';

/** A store as its contract asks for it. */
export interface ContractStore {
  readonly store: Store;
  /** Another connection to the same store, as a command in another process has. */
  readonly open: () => Store;
}
