import type { Scrubber } from '../log/scrub.ts';
import type { Transport } from './transport.ts';

/**
 * A transport whose failures quote no secret. Systems send back what they were sent, and their words go into reviews,
 * alerts and the store, cut to a length; a secret must be gone before that, or its first half stays. An answer of
 * success is left as it is: it may be what brings a token.
 */
export function createDiscreetTransport(transport: Transport, scrubber: Scrubber): Transport {
  return {
    async send(request) {
      const outcome = await transport.send(request);
      if (outcome.kind !== 'response') return { ...outcome, detail: scrubber.scrub(outcome.detail) };
      if (outcome.status < 300 || outcome.body.length === 0) return outcome;
      const text = outcome.body.toString('utf8');
      const scrubbed = scrubber.scrub(text);
      // Bytes that hold no secret stay the same, whatever they are.
      return scrubbed === text ? outcome : { ...outcome, body: Buffer.from(scrubbed) };
    },
    close: () => transport.close(),
  };
}
