import type { Exchange, WireAnswer } from './fault.ts';
import { json } from './json-answer.ts';

export const STATIC_TOKEN = 'static-token-of-the-target';
export const SEED_REFRESH = 'rt-seed';
/** How long the previous refresh token is still taken after a rotation. */
export const GRACE_MS = 60_000;
const LIFETIME_S = 600;

export interface TokenServer {
  answer(form: string, nowMs: number): WireAnswer;
  /** A 401 where the request carries no token that holds now. */
  refuse(exchange: Omit<Exchange, 'proceed'>): WireAnswer | undefined;
}

/** Rotating refresh tokens (RFC 6749 6, RFC 9700 4.14), or one fixed bearer token. */
export function createTokenServer(rotates: boolean): TokenServer {
  let access: { readonly token: string; readonly untilMs: number } | undefined;
  let refresh = SEED_REFRESH;
  let previous: { readonly token: string; readonly untilMs: number } | undefined;
  let count = 0;
  return {
    answer(form, nowMs) {
      const given = new URLSearchParams(form).get('refresh_token');
      const isPrevious = previous !== undefined && given === previous.token && nowMs <= previous.untilMs;
      if (given !== refresh && !isPrevious) return json(400, { error: 'invalid_grant' });
      count += 1;
      if (!isPrevious) previous = { token: refresh, untilMs: nowMs + GRACE_MS };
      refresh = `rt-${count}`;
      access = { token: `at-${count}`, untilMs: nowMs + LIFETIME_S * 1000 };
      return json(200, {
        access_token: access.token,
        refresh_token: refresh,
        token_type: 'Bearer',
        expires_in: LIFETIME_S,
      });
    },
    refuse({ headers, atMs }) {
      const wanted = rotates
        ? access !== undefined && atMs < access.untilMs
          ? access.token
          : undefined
        : STATIC_TOKEN;
      const given = headers['authorization'];
      return wanted !== undefined && given === `Bearer ${wanted}`
        ? undefined
        : json(401, { error: 'invalid_token' });
    },
  };
}
