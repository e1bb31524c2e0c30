/** How a body is written and read. */
export interface BodyFormat {
  /** The media type, as requests name it. */
  readonly type: string;
  write(value: unknown): WireBody;
  /**
   * @param hasBrokenBytes the text came from bytes that do not fit its charset, so a replacement character is a loss
   * @throws Error where the text is not of this format
   */
  read(text: string, hasBrokenBytes: boolean): unknown;
  /** Whether an answer that calls itself so may be of this format. */
  accepts(type: string): boolean;
}

export interface WireBody {
  readonly text: string;
  /** With whatever the reader needs to know: `multipart/form-data; boundary=…`. */
  readonly contentType: string;
}

/** `text/csv; charset=utf-8` → `text/csv`. */
export function mediaTypeOf(contentType: string): string {
  return (contentType.split(';')[0] ?? '').trim().toLowerCase();
}

/** Servers that do not know better call everything so. */
export function saysNothing(type: string): boolean {
  return (
    type === '' ||
    type === 'text/plain' ||
    type === 'application/octet-stream' ||
    type === 'binary/octet-stream'
  );
}
