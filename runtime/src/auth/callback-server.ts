import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { operatorError } from '../errors.ts';

/** Waits on this machine for the browser that comes back from a login: RFC 8252 7.3. */
export interface CallbackServer {
  /** Where the browser has to come back to. */
  readonly redirectUri: string;
  /** The parameters of the first visit that `isOurs` accepts. */
  readonly answer: Promise<URLSearchParams>;
  close(): Promise<void>;
}

/**
 * @param redirect `http://127.0.0.1:8976/callback`; the port 0 takes any
 * @param isOurs false for a visit that does not belong to this login: it is turned away, and the waiting goes on
 * @throws OperatorError where nothing can listen there
 */
export async function startCallbackServer(
  redirect: string,
  isOurs: (parameters: URLSearchParams) => boolean,
): Promise<CallbackServer> {
  const url = new URL(redirect);
  let resolveAnswer: (parameters: URLSearchParams) => void = () => undefined;
  const answer = new Promise<URLSearchParams>((resolve) => {
    resolveAnswer = resolve;
  });
  const server = createServer((request, response) => {
    const visit = readVisit(request);
    if (visit === undefined || visit.pathname !== url.pathname || request.method !== 'GET') {
      say(response, 404, 'There is nothing here.');
      return;
    }
    const accepted = isOurs(visit.searchParams);
    say(
      response,
      accepted ? 200 : 400,
      accepted
        ? 'The login has come back. How it ended stands in the terminal; this window can be closed.'
        : 'This does not belong to the login that is waiting.',
    );
    if (accepted) resolveAnswer(visit.searchParams);
  });
  const port = await listen(server, url);
  const taken = new URL(redirect);
  taken.port = String(port);
  return {
    // As it is registered, to the letter, unless the port was left open.
    redirectUri: url.port === '0' ? taken.href : redirect,
    answer,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function readVisit(request: IncomingMessage): URL | undefined {
  return URL.parse(request.url ?? '', 'http://callback.invalid') ?? undefined;
}

function say(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
  response.end(`${text}\n`);
}

function listen(server: Server, url: URL): Promise<number> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(operatorError(`Nothing can listen at ${url.host} for the login to come back: ${error.message}`));
    });
    server.listen(Number(url.port === '' ? '80' : url.port), host, () =>
      resolve((server.address() as AddressInfo).port),
    );
  });
}
