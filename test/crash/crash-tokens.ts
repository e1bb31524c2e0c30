import type { WireAnswer } from '../faults/fault.ts';
import { json } from '../faults/json-answer.ts';
import { makeSecret, readSecretNumber } from './canaries.ts';

const LIFETIME_S = 600;

export interface CrashTokens {
  answer(form: string, nowMs: number): WireAnswer;
  /** The token that a request carries holds now. */
  holds(authorization: string | undefined, nowMs: number): boolean;
  /** What a refresh token was used for that it should not have been. */
  readonly misuses: readonly string[];
  /** Requests that were refused because their refresh token had been used up. */
  readonly refused: number;
}

/**
 * Rotating refresh tokens (RFC 6749 6, RFC 9700 4.14). The previous one is still taken for `graceMs` after a rotation,
 * but never after the one that came for it was used.
 */
export function createCrashTokens(graceMs: number): CrashTokens {
  let issued = 0;
  let rotatedAtMs = Number.NEGATIVE_INFINITY;
  let current = 0;
  let previous = -1;
  let untilMs = 0;
  let refused = 0;
  const misuses: string[] = [];
  return {
    misuses,
    get refused() {
      return refused;
    },
    answer(form, nowMs) {
      const given = readSecretNumber('refresh', new URLSearchParams(form).get('refresh_token') ?? '');
      const isPrevious = given === previous && nowMs <= rotatedAtMs + graceMs;
      if (given < 0) misuses.push('a refresh token that was never given');
      if (given < previous) misuses.push(`refresh token ${given} after ${previous} was used`);
      if (given !== current && !isPrevious) {
        refused += 1;
        return json(400, { error: 'invalid_grant' });
      }
      // Taken within its grace, the old token begins no new grace.
      if (!isPrevious) rotatedAtMs = nowMs;
      previous = given;
      issued += 1;
      current = issued;
      untilMs = nowMs + LIFETIME_S * 1000;
      return json(200, {
        access_token: makeSecret('access', issued),
        refresh_token: makeSecret('refresh', issued),
        token_type: 'Bearer',
        expires_in: LIFETIME_S,
      });
    },
    holds: (authorization, nowMs) =>
      nowMs < untilMs && issued > 0 && authorization === `Bearer ${makeSecret('access', issued)}`,
  };
}
