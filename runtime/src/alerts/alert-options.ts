/** What can be told to people: section 8.8. `channel`: another channel cannot be reached. */
export type AlertKind = 'review' | 'dead-letter' | 'halt' | 'pause' | 'auth' | 'stale' | 'channel';

/** Where alerts go. `secret` signs the generic webhook (Standard Webhooks, `whsec_…` or plain text). */
export type ChannelOptions =
  | { readonly kind: 'slack'; readonly url: string }
  | { readonly kind: 'email'; readonly to: string; readonly smtp: string; readonly from?: string }
  | { readonly kind: 'webhook'; readonly url: string; readonly secret: string };

/** One line of `alerts.send`. */
export interface AlertRoute {
  readonly when: readonly AlertKind[];
  /** The name of a channel. */
  readonly to: string;
  /** Only what concerns this flow. */
  readonly flow?: string;
  /** At most one message in so long. */
  readonly everyMs?: number;
  /** For `stale`: a flow that has not come up to date for so long. */
  readonly overMs?: number;
  /** The rule's path. */
  readonly rule: string;
}

export interface AlertOptions {
  readonly channels: Readonly<Record<string, ChannelOptions>>;
  readonly send: readonly AlertRoute[];
}
