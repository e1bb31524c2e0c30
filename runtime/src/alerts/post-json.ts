import type { Clock } from '../clock.ts';
import { readAskedUntil } from '../http/rate-limit-headers.ts';
import type { Transport } from '../http/transport.ts';
import type { AlertDelivery } from './channel.ts';
import { flatten } from './render-alert.ts';

const TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 100_000;

/** One POST, without a second try and without redirects: whoever keeps the alerts decides when to send again. */
export async function postJson(
  { transport, clock }: { readonly transport: Transport; readonly clock: Clock },
  url: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<AlertDelivery> {
  const outcome = await transport.send({
    method: 'POST',
    url,
    // Some receivers refuse a request that does not say what sends it.
    headers: { 'content-type': 'application/json', 'user-agent': 'mortise', ...headers },
    body,
    timeoutMs: TIMEOUT_MS,
    maxBytes: MAX_ANSWER_BYTES,
  });
  if (outcome.kind !== 'response') return { kind: 'failed', detail: flatten(outcome.detail) };
  if (outcome.status >= 200 && outcome.status < 300) return { kind: 'sent' };
  const words = flatten(outcome.body.toString('utf8'));
  const untilMs = readAskedUntil(outcome.headers, clock.now());
  return {
    kind: 'failed',
    detail: `answered ${outcome.status}${words === '' ? '' : `: ${words}`}`,
    ...(untilMs === undefined ? {} : { untilMs }),
  };
}
