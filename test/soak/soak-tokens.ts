import type { WireOutcome, WireRequest } from '../../runtime/src/http/transport.ts';
import { respond } from '../../runtime/src/testing/memory-transport.ts';
import { makeSecret } from '../crash/canaries.ts';
import { GRACE_MS } from '../faults/fault-tokens.ts';

const LIFETIME_S = 1200;
/** Seeds that a person fetches are told from tokens that were rotated. */
const SEEDS_FROM = 100_000;

/** Rotating refresh tokens (RFC 6749 6, RFC 9700 4.14): the previous one is taken for a while after a rotation. */
export interface SoakTokens {
  /** What the environment gives the service. */
  readonly seed: string;
  answer(request: WireRequest, nowMs: number): WireOutcome;
  holds(request: WireRequest, nowMs: number): boolean;
  /** A person logs in anew, and what was given out before is dead. */
  logIn(): void;
}

export function createSoakTokens(): SoakTokens {
  let issued = 0;
  let logins = 0;
  let seed = makeSecret('refresh', SEEDS_FROM);
  let current = seed;
  let previous = { token: '', untilMs: 0 };
  let access = { token: '', untilMs: 0 };
  return {
    get seed() {
      return seed;
    },
    answer({ body = '' }, nowMs) {
      const given = new URLSearchParams(body).get('refresh_token');
      const isPrevious = given === previous.token && nowMs <= previous.untilMs;
      if (given !== current && !isPrevious)
        return respond(400, { error: 'invalid_grant', error_description: `nobody knows ${given}` });
      if (!isPrevious) previous = { token: current, untilMs: nowMs + GRACE_MS };
      issued += 1;
      current = makeSecret('refresh', issued);
      access = { token: makeSecret('access', issued), untilMs: nowMs + LIFETIME_S * 1000 };
      return respond(200, {
        access_token: access.token,
        refresh_token: current,
        token_type: 'Bearer',
        expires_in: LIFETIME_S,
      });
    },
    holds: ({ headers }, nowMs) =>
      nowMs < access.untilMs && headers['authorization'] === `Bearer ${access.token}`,
    logIn() {
      logins += 1;
      seed = makeSecret('refresh', SEEDS_FROM + logins);
      current = seed;
      previous = { token: '', untilMs: 0 };
      access = { token: '', untilMs: 0 };
    },
  };
}
