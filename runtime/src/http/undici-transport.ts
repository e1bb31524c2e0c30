import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { Agent } from 'undici';
import type { Dispatcher } from 'undici';
import type { ClientCertificate } from '../auth/client-certificate.ts';
import type { Transport, WireHeaders, WireOutcome, WireRequest } from './transport.ts';

export interface UndiciTransportOptions {
  readonly connections: number;
  /** What a connection shows of the client. */
  readonly certificate?: ClientCertificate | undefined;
  /** Told of each whole answer before anything is done to it. */
  readonly onAnswer?: ((request: WireRequest, answer: WireAnswer) => void) | undefined;
}

/** An answer as it came over the wire: its headers in order, with what is repeated, and its body as it was encoded. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

/** One agent per system: its connections, and nothing shared with other systems. */
export function createUndiciTransport(options: UndiciTransportOptions): Transport {
  const connect = { timeout: 10_000, ...options.certificate };
  const agent = new Agent({ connections: options.connections, pipelining: 1, connect });
  return {
    send: (request) => exchange(agent, request, options.onAnswer),
    // A call whose header undici refuses while it waits in its queue is never ended there, and `close` would wait for it.
    close: () => agent.destroy(),
  };
}

/** Undici's own handler rather than `request`: no stream and no abort signal a call, which cost more than the call. */
function exchange(
  agent: Agent,
  request: WireRequest,
  onAnswer: UndiciTransportOptions['onAnswer'],
): Promise<WireOutcome> {
  return new Promise((resolve) => {
    let running: Dispatcher.DispatchController | undefined;
    let expired: Error | undefined;
    const deadline = setTimeout(() => {
      expired = new Error(`no whole answer within ${request.timeoutMs} ms`);
      expired.name = 'TimeoutError';
      // Without a connection nothing was written, and nothing will be: the request is given up as it begins.
      if (running === undefined) finish({ kind: 'not-sent', detail: expired.message });
      else running.abort(expired);
    }, request.timeoutMs);
    const finish = (outcome: WireOutcome): void => {
      clearTimeout(deadline);
      resolve(outcome);
    };
    const collect = collectAnswer(request, finish, onAnswer);
    const onRequestStart = (controller: Dispatcher.DispatchController): void => {
      running = controller;
      if (expired !== undefined) controller.abort(expired);
    };
    try {
      agent.dispatch(describeDispatch(request), { onRequestStart, ...collect });
    } catch (error) {
      finish(classify(error as Error));
    }
  });
}

function describeDispatch(request: WireRequest): Dispatcher.DispatchOptions {
  const { origin, path } = splitAddress(request.url);
  return {
    origin,
    path,
    method: request.method as 'GET',
    headers: request.headers,
    body: request.body ?? null,
    // The deadline of the whole exchange is ours.
    headersTimeout: 0,
    bodyTimeout: 0,
  };
}

/** Taken apart without parsing where it is plainly in order, as our own addresses are. */
const PLAIN_ADDRESS = /^(https?:\/\/[a-z0-9.-]+(?::\d+)?)(\/[\w\-./%~!$&'()*+,;=:@?]*)$/;

function splitAddress(address: string): { readonly origin: string; readonly path: string } {
  const [, origin, path] = PLAIN_ADDRESS.exec(address) ?? [];
  if (origin !== undefined && path !== undefined && !path.includes('/.')) return { origin, path };
  const url = new URL(address);
  return { origin: url.origin, path: `${url.pathname}${url.search}` };
}

function collectAnswer(
  request: WireRequest,
  finish: (outcome: WireOutcome) => void,
  onAnswer: UndiciTransportOptions['onAnswer'],
): Dispatcher.DispatchHandler {
  let status = 0;
  let raw: Dispatcher.DispatchController['rawHeaders'];
  let headers: WireHeaders = {};
  const chunks: Buffer[] = [];
  let size = 0;
  return {
    // An interim answer (1xx) comes first and is overwritten by the final one.
    onResponseStart(controller, statusCode, received) {
      status = statusCode;
      raw = controller.rawHeaders;
      headers = flatten(received);
    },
    onResponseData(controller, chunk) {
      size += chunk.length;
      if (size <= request.maxBytes) {
        chunks.push(chunk);
        return;
      }
      finish(tooLarge(request));
      controller.abort(new Error('the answer is too large'));
    },
    onResponseEnd() {
      const body = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
      onAnswer?.(request, { status, headers: listRaw(raw, headers), body });
      finish(decode(status, headers, body, request));
    },
    onResponseError(_controller, error) {
      finish(classify(error));
    },
  };
}

/** Names and values by turns; values are bytes (RFC 9110 5.5). */
function listRaw(raw: Dispatcher.DispatchController['rawHeaders'], flat: WireHeaders): [string, string][] {
  if (!Array.isArray(raw)) return Object.entries(flat);
  const texts = raw.map((part) => (typeof part === 'string' ? part : part.toString('latin1')));
  return texts.flatMap((name, index): [string, string][] =>
    index % 2 === 0 ? [[name, texts[index + 1] ?? '']] : [],
  );
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
  if (decoder === undefined)
    return { kind: 'unknown', reason: 'malformed', detail: `content-encoding ${encoding} is not understood` };
  try {
    return { kind: 'response', status, headers, body: decoder(body) };
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') return tooLarge(request);
    return {
      kind: 'unknown',
      reason: 'malformed',
      detail: `the ${encoding} body is damaged: ${(error as Error).message}`,
    };
  }
}

function tooLarge(request: WireRequest): WireOutcome {
  return {
    kind: 'unknown',
    reason: 'too-large',
    detail: `the answer has more than ${request.maxBytes} bytes`,
  };
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
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  // undici refuses a header or an address before it connects.
  'UND_ERR_INVALID_ARG',
]);

function classify(error: Error & { readonly code?: string; readonly cause?: unknown }): WireOutcome {
  const detail = `${error.code ?? error.name}: ${error.message}`;
  if (NOT_SENT.has(error.code ?? '') || isTlsFailure(error)) return { kind: 'not-sent', detail };
  if (error.name === 'TimeoutError') return { kind: 'unknown', reason: 'timeout', detail };
  if (error.code?.startsWith('HPE_') === true) return { kind: 'unknown', reason: 'malformed', detail };
  return { kind: 'unknown', reason: 'cut', detail };
}

function isTlsFailure(error: { readonly code?: string }): boolean {
  const code = error.code ?? '';
  return (
    code.startsWith('CERT_') ||
    code.startsWith('ERR_TLS_') ||
    code === 'DEPTH_ZERO_SELF_SIGNED_CERT' ||
    code === 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' ||
    code.startsWith('UNABLE_TO_GET_ISSUER_CERT') ||
    code === 'SELF_SIGNED_CERT_IN_CHAIN'
  );
}
