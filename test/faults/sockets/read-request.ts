/** A request as it came over the wire. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

const END_OF_HEAD = '\r\n\r\n';

/** The first request of what has arrived, and what lies behind it; undefined while it is not whole. */
export function readRequest(
  bytes: Buffer,
): { readonly request: ReceivedRequest; readonly rest: Buffer } | undefined {
  const end = bytes.indexOf(END_OF_HEAD);
  if (end < 0) return undefined;
  const [first = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const [method = '', target = ''] = first.split(' ');
  const headers = Object.fromEntries(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  if (headers['transfer-encoding'] !== undefined) throw new Error('No client here sends a body in chunks.');
  const from = end + END_OF_HEAD.length;
  const to = from + Number(headers['content-length'] ?? 0);
  if (bytes.length < to) return undefined;
  const body = to > from ? bytes.toString('utf8', from, to) : undefined;
  return { request: { method, target, headers, body }, rest: bytes.subarray(to) };
}
