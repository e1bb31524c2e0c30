/** One thing that was looked at. */
export interface Finding {
  readonly area: 'system' | 'store' | 'key' | 'alerts';
  /** The system or the channel. */
  readonly subject: string;
  readonly outcome: 'ok' | 'warning' | 'wrong';
  /** A sentence, with a way out where something is wrong. */
  readonly message: string;
}
