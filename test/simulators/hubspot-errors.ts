import { jsonAnswer } from './answer.ts';
import type { Answer } from './answer.ts';
import { createSeededRandom } from './seeded-random.ts';

export interface HubspotErrors {
  answer(status: number, message: string): Answer;
}

const categories: Readonly<Record<number, string>> = {
  400: 'VALIDATION_ERROR',
  401: 'INVALID_AUTHENTICATION',
  404: 'OBJECT_NOT_FOUND',
  429: 'RATE_LIMITS',
};

/** Error bodies as HubSpot sends them; a 429 names the policy that ran out. */
export function createHubspotErrors(): HubspotErrors {
  const random = createSeededRandom(1);
  return {
    answer(status, message) {
      const category = categories[status] ?? 'INTERNAL_ERROR';
      const base = { status: 'error', message, correlationId: random.uuid(), category };
      if (status !== 429) return jsonAnswer(status, base);
      return jsonAnswer(429, { ...base, errorType: 'RATE_LIMIT', policyName: 'TEN_SECONDLY_ROLLING' });
    },
  };
}
