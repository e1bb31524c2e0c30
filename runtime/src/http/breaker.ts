import type { RunContext } from '../run-context.ts';
import { calculateBackoffMs } from './backoff.ts';
import type { CallGate } from './call-gate.ts';
import type { CallFacts } from './decide-call.ts';
import { labelFacts } from './label-facts.ts';
import type { HealthWatch } from './system-health.ts';

/**
 * Leaves a system alone that fails again and again: consecutive failures pause it, for longer each time. After a pause
 * one call goes alone; with each good answer, twice as many may be under way.
 */
export interface Breaker {
  note(facts: CallFacts): void;
  /** It has opened, and nothing has been answered well since. */
  readonly isOpen: boolean;
}

export interface BreakerOptions {
  readonly system: string;
  readonly gate: CallGate;
  readonly health: HealthWatch;
  readonly context: RunContext;
}

const FAILURES = 5;
const BACKOFF = { baseMs: 2000, capMs: 300_000 };

export function createBreaker({ system, gate, health, context }: BreakerOptions): Breaker {
  let failures = 0;
  let openings = 0;
  return {
    get isOpen() {
      return openings > 0;
    },
    note(facts) {
      if (!isFailure(facts)) {
        if (openings > 0 && facts.kind === 'response')
          context.log.info('the system answers again', { system, outcome: 'recovered' });
        failures = 0;
        openings = 0;
        return;
      }
      failures += 1;
      const now = context.clock.now();
      // Calls that were under way when it opened say nothing new. After a pause, the first failure is enough.
      if (gate.pausedUntilMs > now || (failures < FAILURES && openings === 0)) return;
      openings += 1;
      const delayMs = calculateBackoffMs(openings, BACKOFF, () => 0.5 + context.random() / 2);
      gate.narrow();
      gate.pauseUntil(now + delayMs, `it fails: ${labelFacts(facts)}`);
      health.note('failing', labelFacts(facts));
      context.log.warn('the system fails, it is left alone for a while', {
        system,
        outcome: labelFacts(facts),
        delayMs,
      });
    },
  };
}

function isFailure(facts: CallFacts): boolean {
  if (facts.kind === 'response') return facts.status >= 500;
  return facts.kind === 'not-sent' || facts.reason !== 'malformed';
}
