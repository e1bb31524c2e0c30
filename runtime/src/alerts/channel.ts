import type { AlertKind } from './alert-options.ts';

/** One thing that is wrong, or was: many records with one cause are one incident. */
export interface IncidentReport {
  readonly kind: AlertKind;
  /** The flow, system or channel that it concerns. */
  readonly subject: string;
  readonly phase: 'new' | 'still' | 'recovered';
  /** A sentence for a person, without secrets and without record data. */
  readonly message: string;
  /** How many records it concerns now; 0 where it concerns none. */
  readonly count: number;
  readonly sinceMs: number;
  /** Where the rules decided it; `mortise explain` leads on from there. */
  readonly rule?: string;
}

/** One message to one channel: everything that has changed there since the last one. */
export interface AlertMessage {
  /** The same for every try of one message, so that a receiver can tell a repeat. */
  readonly id: string;
  readonly integration: string;
  readonly atMs: number;
  readonly incidents: readonly IncidentReport[];
}

export type AlertDelivery =
  | { readonly kind: 'sent' }
  /** `untilMs`: the channel wants nothing further before this moment. */
  | { readonly kind: 'failed'; readonly detail: string; readonly untilMs?: number };

/** A place where people read alerts. Never throws: a channel that is down is itself something to tell. */
export interface AlertChannel {
  readonly name: string;
  send(message: AlertMessage): Promise<AlertDelivery>;
  close(): Promise<void>;
}
