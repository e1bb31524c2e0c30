import type { Clock } from '../clock.ts';

/** A call as it is about to go out: what a hand-written function in `custom/` may look at. */
export interface CustomAuthRequest {
  readonly method: string;
  /** Whole address, with the query as it will be sent. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly clock: Clock;
}

/** What is added to the call. */
export interface CustomAuthAnswer {
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
}
