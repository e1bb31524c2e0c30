import type { Socket } from 'node:net';

/** What a fault must end in: `../research` calls these the outcome classes. */
export type FaultClass = 'OK' | 'REJECT' | 'QUARANTINE' | 'PAUSE' | 'DELAY';

export const FAMILIES = ['T', 'E', 'S', 'RL', 'AU', 'P', 'D', 'C', 'X'] as const;
export type Family = (typeof FAMILIES)[number];

/** Kinds of exchange that the world serves. */
export type ExchangeRole = 'read' | 'write' | 'look-up' | 'token';

/** What goes back over the wire. */
export type WireAnswer =
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: Buffer;
    }
  /** No byte of the request arrived. */
  | { readonly kind: 'refused' }
  /** The connection ended, or nothing came in time. */
  | { readonly kind: 'cut' | 'timeout' }
  /** For the layer of sockets alone: whatever it writes to the connection, or does to it. */
  | { readonly kind: 'raw'; readonly title: string; readonly write: (socket: Socket) => void };

/** One request as the world sees it. */
export interface Exchange {
  readonly role: ExchangeRole;
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** Of its role: 0, 1, 2, …; every try counts. */
  readonly index: number;
  /** The page that is read, or the place of the record that is written: 0, 1, 2, …. */
  readonly place: number;
  readonly atMs: number;
  readonly timing: Timing;
  /** Does what was asked and says so. */
  readonly proceed: () => WireAnswer;
}

export type Position = 'first' | 'middle' | 'last';
/** Whether the side effect has happened when the fault strikes. */
export type Timing = 'before' | 'after';

export interface FaultCase {
  readonly position: Position;
  readonly timing: Timing;
  readonly tier: Tier;
}

export type Tier = 0 | 1 | 2 | 3 | 4 | 5;

/** A record of the source, as the world hands it out. */
export interface SourceRecord {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly amount: number;
  readonly kind: string;
  readonly day: string;
  readonly updated: string;
}

/** When a fault strikes. */
export interface Trigger {
  readonly at: ExchangeRole;
  /** How often it strikes from its position on; until it is cleared where left out. */
  readonly times?: number;
  /** Further conditions. */
  readonly when?: (exchange: Omit<Exchange, 'proceed'>) => boolean;
  /** A write: it strikes not only the record at the position but also those behind it. */
  readonly rest?: boolean;
}

/** One way in which a call goes wrong. */
export interface ExchangeFault extends Trigger {
  /** The answer instead of the good one. With `after`, the side effect has happened. */
  readonly answer: (exchange: Exchange, good: () => WireAnswer, fired: number) => WireAnswer;
}

/** Where a request ends up instead of at the system: no byte of it arrives. For the layer of sockets alone. */
export type Way =
  | 'unknown-name'
  | 'failing-name-server'
  | 'silent-name-server'
  | 'old-address'
  | 'closed-port'
  | 'black-hole'
  | 'reset'
  | 'expired-certificate'
  | 'certificate-of-another-host'
  | 'self-signed-certificate'
  | 'silent-handshake';

/** The network leads elsewhere. */
export interface WayFault extends Trigger {
  readonly way: Way;
}

export interface Fault {
  /** As in the catalogue of faults: `RL6`. */
  readonly id: string;
  readonly family: Family;
  readonly title: string;
  readonly expect: FaultClass;
  /** What a write of tier 5 ends in instead, where its outcome is unknown. */
  readonly blind?: FaultClass;
  readonly exchange?: ExchangeFault;
  readonly way?: WayFault;
  /** Unusual and no trouble: everything gets through while it lasts. */
  readonly isHarmless?: true;
  /** Only the client's own time-out ends it. */
  readonly stalls?: true;
  /** The record at the position, as JSON text, made faulty. */
  readonly record?: (record: SourceRecord) => string;
  /** Changes the source once while it is being read, before the page at the position. */
  readonly source?: (world: SourceControl) => void;
  /** Changes the answers of the source from the page at the position on, as JSON text. */
  readonly page?: (text: string, at: { readonly url: URL; readonly fired: number }) => string;
  /** What the target should hold of the faulty record; undefined where it stays out. */
  readonly wanted?: (record: SourceRecord) => Readonly<Record<string, unknown>> | undefined;
  /** What the source holds in the end, where that is not what the fault made of it. */
  readonly oracle?: (world: SourceControl) => void;
  /** How the flow pages, where not by the cursor that the source gives. */
  readonly paging?: 'offset' | 'next-url';
  readonly lookbackMs?: number;
  /** Rows that the source gives at once, whatever it is asked for. */
  readonly pageSize?: number;
  /** The machine's clock is set, so many milliseconds on, when the fault strikes. */
  readonly clockShiftMs?: number;
  /** Work on the store that fails, as the file system lets it. */
  readonly store?: {
    readonly method: 'takeIn' | 'settle' | 'claimIntents' | 'savePass';
    readonly times?: number;
    readonly code: string;
  };
  /** The channel over which people are told does not take anything. */
  readonly alertsDown?: boolean;
  /** In milliseconds: no call to the faulty system before so long after the fault. */
  readonly notBeforeMs?: number;
  /** Only where the position matters; all three where left out. */
  readonly positions?: readonly Position[];
  readonly timings?: readonly Timing[];
  readonly tiers?: readonly Tier[];
}

/** What a fault may do to the source. */
export interface SourceControl {
  readonly records: SourceRecord[];
  readonly position: Position;
}

/** A fault of the catalogue that is not run here, and why. */
export interface LeftOut {
  readonly id: string;
  readonly reason: string;
}
