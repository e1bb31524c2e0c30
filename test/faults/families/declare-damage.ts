import type { Exchange, Family, Fault, WireAnswer } from '../fault.ts';
import { json } from '../json-answer.ts';
import type { WireResponse } from '../sockets/render-answer.ts';

/** A way in which an answer is made useless to whoever is careful. */
export interface Damage {
  readonly id: string;
  readonly title: string;
  readonly harm: (answer: WireResponse, exchange: Exchange) => WireAnswer;
  readonly stalls?: true;
  /** Who does not look closely reads it all the same, so nothing answers a write like this that was not applied. */
  readonly isLegible?: true;
}

/** A way in which an answer is unusual, and still says all that it should. */
export interface Oddity {
  readonly id: string;
  readonly title: string;
  readonly dress: (answer: WireResponse, exchange: Exchange) => WireAnswer;
}

/**
 * An answer that cannot be believed. Once, it is asked for again; while it lasts, nothing behind it is read, and a write
 * waits. Nobody knows whether a write was applied, so its tier says how that is found out.
 */
export function declareDamage(family: Family, damage: Damage): readonly Fault[] {
  const { id, title, harm, stalls, isLegible } = damage;
  const write: Pick<Fault, 'timings'> = isLegible === true ? { timings: ['after'] } : {};
  const answer = (exchange: Exchange, good: () => WireAnswer): WireAnswer =>
    harm(findAnswer(exchange, good), exchange);
  const common = { id, family, ...(stalls === undefined ? {} : { stalls }) } as const;
  const once: readonly Fault[] = [
    {
      ...common,
      title: `${title} (read, once)`,
      expect: 'OK',
      timings: ['before'],
      exchange: { at: 'read', times: 1, answer },
    },
    {
      ...common,
      ...write,
      title: `${title} (write, once)`,
      expect: 'OK',
      blind: 'QUARANTINE',
      exchange: { at: 'write', times: 1, answer },
    },
  ];
  // Each strike of a stall takes real time.
  if (stalls === true) return once;
  return [
    ...once,
    {
      ...common,
      title: `${title} (read)`,
      expect: 'REJECT',
      timings: ['before'],
      exchange: { at: 'read', answer },
    },
    {
      ...common,
      ...write,
      title: `${title} (write)`,
      expect: 'REJECT',
      tiers: [0, 1, 2],
      exchange: { at: 'write', answer },
    },
    // Who looks first finds what was applied, and has nothing to say.
    {
      ...common,
      ...write,
      title: `${title} (write, looked up)`,
      expect: 'OK',
      tiers: [3, 4],
      exchange: { at: 'write', answer },
    },
  ];
}

/** An answer that is to be understood, however long it comes like this. */
export function declareOddity(family: Family, { id, title, dress }: Oddity): readonly Fault[] {
  const answer = (exchange: Exchange, good: () => WireAnswer): WireAnswer =>
    dress(findAnswer(exchange, good), exchange);
  return [
    {
      id,
      family,
      title: `${title} (read)`,
      expect: 'OK',
      isHarmless: true,
      timings: ['before'],
      exchange: { at: 'read', answer },
    },
    {
      id,
      family,
      title: `${title} (write)`,
      expect: 'OK',
      isHarmless: true,
      timings: ['after'],
      exchange: { at: 'write', answer },
    },
  ];
}

/** The good one; where the side effect is not to happen, one that looks like it, as of something in between. */
function findAnswer({ role, timing }: Exchange, good: () => WireAnswer): WireResponse {
  const answer = role === 'write' && timing === 'before' ? json(200, { id: 't77' }) : good();
  if (answer.kind !== 'response') throw new Error('The world has no good answer.');
  return answer;
}
