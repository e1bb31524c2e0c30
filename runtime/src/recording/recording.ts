import { createHash } from 'node:crypto';

/**
 * One request and its answer. What was recorded is kept as it was on the wire, but for what the redaction has replaced;
 * what is made from the descriptions says `synthetic` and holds data, which the service's own format writes.
 */
export interface Recording {
  readonly synthetic?: boolean;
  readonly role: 'read' | 'find' | 'look-up' | 'write' | 'token';
  /** The look-up's or the target's; the first target's where it is left out. */
  readonly name?: string | undefined;
  readonly system: string;
  /** As the description names it: `GET /Contacts/{ContactNumber}`. */
  readonly operation: { readonly method: string; readonly path: string };
  /** Where the item stands in the body of a write. */
  readonly item?: string | undefined;
  /** The key of the record for which the call was made. */
  readonly key?: string | undefined;
  /** The source had more pages, which were not recorded. */
  readonly cut?: boolean;
  /** ISO 8601. */
  readonly recordedAt?: string;
  /** What of the description the integration used when this was recorded. */
  readonly slice?: RecordedSlice;
  readonly request?: RecordedRequest;
  readonly response: {
    readonly status: number;
    readonly headers: readonly RecordedHeader[];
    readonly body?: RecordedBody | undefined;
  };
  /** Where something was replaced. */
  readonly redacted?: readonly Redacted[];
}

export interface RecordedRequest {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly target: string;
  readonly headers: readonly RecordedHeader[];
  readonly body?: RecordedBody | undefined;
}

export interface RecordedSlice {
  /** SHA-256 of everything that was used. */
  readonly sha256: string;
  /** What was said of each field of the answer that is used, by its path. */
  readonly fields: Readonly<Record<string, string>>;
}

/** Name and value as on the wire: in order, with what is repeated. */
export type RecordedHeader = readonly [name: string, value: string];

/** Bytes as text where they are UTF-8, else in base64; or data, where there never were any bytes. */
export type RecordedBody =
  | { readonly text: string; readonly sha256: string }
  | { readonly base64: string; readonly sha256: string }
  | { readonly data: unknown };

export interface Redacted {
  /** `response.body.results[].properties.email` */
  readonly at: string;
  readonly count: number;
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function hashBytes(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export function writeBody(bytes: Buffer): RecordedBody | undefined {
  if (bytes.length === 0) return undefined;
  const sha256 = hashBytes(bytes);
  try {
    const text = strictUtf8.decode(bytes);
    // A reviewer sees no control character, and an editor may lose it.
    if (!/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufeff]/.test(text)) return { text, sha256 };
  } catch {
    // Not UTF-8: the bytes are kept as they are.
  }
  return { base64: bytes.toString('base64'), sha256 };
}

/**
 * The bytes of a body that was recorded; undefined where it is data.
 * @throws Error where they are not those that were recorded
 */
export function readBody(body: RecordedBody | undefined): Buffer | undefined {
  if (body === undefined) return Buffer.alloc(0);
  if ('data' in body) return undefined;
  const bytes = 'text' in body ? Buffer.from(body.text) : Buffer.from(body.base64, 'base64');
  if (hashBytes(bytes) !== body.sha256)
    throw new Error(
      'The body is not what was recorded: its SHA-256 is another. Recordings are not edited by hand; record again.',
    );
  return bytes;
}

/** The value of a header, by its name in any case; repeated ones joined. */
export function findHeader(headers: readonly RecordedHeader[], name: string): string | undefined {
  const values = headers.filter(([given]) => given.toLowerCase() === name).map(([, value]) => value);
  return values.length === 0 ? undefined : values.join(', ');
}

/** `1-read-01.json`: in the order of their names, recordings stand in the order in which a flow needs them. */
export function nameRecording({ role, name, isFirst }: RecordingPlace, count: number): string {
  const order = { token: 0, read: 1, find: 2, 'look-up': 2, write: 3 }[role];
  const whose = name === undefined || isFirst ? '' : `-${toFileName(name)}`;
  return `${order}-${role}${whose}-${String(count).padStart(2, '0')}.json`;
}

export interface RecordingPlace {
  readonly role: Recording['role'];
  readonly name: string | undefined;
  /** Of the flow's targets: its name goes without saying. */
  readonly isFirst: boolean;
}

function toFileName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9]+/g, '-').toLowerCase();
}
