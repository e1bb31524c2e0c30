import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { Agent, request as send } from 'undici';
import type { Transport, WireHeaders, WireOutcome, WireRequest } from './transport.ts';

export interface UndiciTransportOptions {
  readonly connections: number;
}

/** One agent per system: its connections, and nothing shared with other systems. */
export function createUndiciTransport(options: UndiciTransportOptions): Transport {
  const agent = new Agent({ connections: options.connections, pipelining: 1, connect: { timeout: 10_000 } });
  return {
    send: (request) => exchange(agent, request),
    close: () => agent.close(),
  };
}

async function exchange(agent: Agent, request: WireRequest): Promise<WireOutcome> {
  try {
    const answer = await send(request.url, {
      dispatcher: agent,
      method: request.method as 'GET',
      headers: request.headers,
      body: request.body ?? null,
      signal: AbortSignal.timeout(request.timeoutMs),
      headersTimeout: request.timeoutMs,
      bodyTimeout: request.timeoutMs,
    });
    const headers = flatten(answer.headers);
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > request.maxBytes) return tooLarge(request);
      chunks.push(chunk);
    }
    return decode(answer.statusCode, headers, chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks), request);
  } catch (error) {
    return classify(error as Error & { readonly code?: string });
  }
}

/** Decoded strictly: a body that was cut inside its compression is an error, never a shorter body. */
function decode(status: number, headers: WireHeaders, body: Buffer, request: WireRequest): WireOutcome {
  const encoding = headers['content-encoding']?.toLowerCase() ?? 'identity';
  if (encoding === 'identity' || body.length === 0) return { kind: 'response', status, headers, body };
  const limits = { maxOutputLength: request.maxBytes };
  const decoders: Readonly<Record<string, (input: Buffer) => Buffer>> = {
    gzip: (input) => gunzipSync(input, limits),
    deflate: (input) => inflateSync(input, limits),
    br: (input) => brotliDecompressSync(input, limits),
  };
  const decoder = decoders[encoding];
  if (decoder === undefined) return { kind: 'unknown', reason: 'malformed', detail: `content-encoding ${encoding} is not understood` };
  try {
    return { kind: 'response', status, headers, body: decoder(body) };
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') return tooLarge(request);
    return { kind: 'unknown', reason: 'malformed', detail: `the ${encoding} body is damaged: ${(error as Error).message}` };
  }
}

function tooLarge(request: WireRequest): WireOutcome {
  return { kind: 'unknown', reason: 'too-large', detail: `the answer has more than ${request.maxBytes} bytes` };
}

function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): WireHeaders {
  const flat: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

/** Only failures to connect are surely before the first byte; a reused connection that closed is not. */
const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);

function classify(error: Error & { readonly code?: string; readonly cause?: unknown }): WireOutcome {
  const detail = `${error.code ?? error.name}: ${error.message}`;
  if (NOT_SENT.has(error.code ?? '') || isTlsFailure(error)) return { kind: 'not-sent', detail };
  const timedOut = error.name === 'TimeoutError' || error.code === 'UND_ERR_HEADERS_TIMEOUT' || error.code === 'UND_ERR_BODY_TIMEOUT';
  if (timedOut) return { kind: 'unknown', reason: 'timeout', detail };
  if (error.code?.startsWith('HPE_') === true) return { kind: 'unknown', reason: 'malformed', detail };
  return { kind: 'unknown', reason: 'cut', detail };
}

function isTlsFailure(error: { readonly code?: string }): boolean {
  const code = error.code ?? '';
  return code.startsWith('CERT_') || code.startsWith('ERR_TLS_') || code === 'DEPTH_ZERO_SELF_SIGNED_CERT' || code === 'SELF_SIGNED_CERT_IN_CHAIN';
}
