import type { WireOutcome } from '../http/transport.ts';
import type { Scrubber } from '../log/scrub.ts';
import type { AuthenticatorOptions } from './credentials.ts';
import { readTokenAnswer } from './read-token-answer.ts';
import type { TokenAnswer } from './read-token-answer.ts';

/** A client as the token endpoint knows it: RFC 6749 2.3. */
export interface TokenClient {
  readonly tokenUrl: string;
  readonly client?: string;
  readonly secret?: string;
  readonly send?: 'basic' | 'body';
}

type RequestOptions = Pick<AuthenticatorOptions, 'transport' | 'scrubber'> & {
  readonly context: Pick<AuthenticatorOptions['context'], 'clock'>;
};

const TOKEN_TIMEOUT_MS = 20_000;
const TOKEN_MAX_BYTES = 1_000_000;

/** One request to the token endpoint. Redirects are not followed. */
export async function requestToken(
  target: TokenClient,
  grant: Readonly<Record<string, string>>,
  options: RequestOptions,
): Promise<TokenAnswer> {
  const form = new URLSearchParams(grant);
  const headers: Record<string, string> = {
    'content-type': 'application/x-www-form-urlencoded',
    accept: 'application/json',
  };
  const { client, secret } = target;
  if (client !== undefined && secret !== undefined && target.send !== 'body') {
    const pair = joinPair(client, secret);
    options.scrubber.add(pair);
    headers['authorization'] = `Basic ${pair}`;
  } else {
    if (client !== undefined) form.set('client_id', client);
    if (secret !== undefined) form.set('client_secret', secret);
  }
  const outcome = await options.transport.send({
    method: 'POST',
    url: target.tokenUrl,
    headers,
    body: form.toString(),
    timeoutMs: TOKEN_TIMEOUT_MS,
    maxBytes: TOKEN_MAX_BYTES,
  });
  const read = (answer: WireOutcome): TokenAnswer =>
    readTokenAnswer(answer, grant['refresh_token'], options.context.clock.now());
  const answer = read(outcome);
  // Some servers refuse with a 200: what they quote is hidden before it is cut to a length.
  return answer.kind === 'failed' && outcome.kind === 'response'
    ? read(hideBody(outcome, options.scrubber))
    : answer;
}

function hideBody(
  outcome: Extract<WireOutcome, { readonly kind: 'response' }>,
  scrubber: Scrubber,
): WireOutcome {
  return { ...outcome, body: Buffer.from(scrubber.scrub(outcome.body.toString('utf8'))) };
}

/** RFC 6749 2.3.1: both parts are form-encoded before they are joined. */
function joinPair(client: string, secret: string): string {
  return Buffer.from(`${encodeURIComponent(client)}:${encodeURIComponent(secret)}`).toString('base64');
}
