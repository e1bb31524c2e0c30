/** One HTTP exchange, without retries, redirects or authentication. */
export interface Transport {
  send(request: WireRequest): Promise<WireOutcome>;
  close(): Promise<void>;
}

export interface WireRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** Whole exchange, in milliseconds. */
  readonly timeoutMs: number;
  /** Largest accepted body after decoding, in bytes. */
  readonly maxBytes: number;
}

/**
 * `not-sent`: no byte of the request was written, so repeating it is safe for every write.
 * `unknown`: it may have been applied.
 */
export type WireOutcome =
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly headers: WireHeaders;
      readonly body: Buffer;
    }
  | { readonly kind: 'not-sent'; readonly detail: string }
  | {
      readonly kind: 'unknown';
      readonly reason: 'timeout' | 'cut' | 'too-large' | 'malformed';
      readonly detail: string;
    };

/** Names in lower case; repeated headers joined by `, `. */
export type WireHeaders = Readonly<Record<string, string>>;
