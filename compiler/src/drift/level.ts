/**
 * What a change does to this integration. WIRE: a call is refused, or an answer cannot be read. MEANING: all is
 * understood, and a value or a decision means something else. SOURCE: generated text differs, behaviour does not.
 */
export const LEVELS = ['NONE', 'SOURCE', 'MEANING', 'WIRE'] as const;
export type Level = (typeof LEVELS)[number];

export function isAtLeast(level: Level, least: Level): boolean {
  return LEVELS.indexOf(level) >= LEVELS.indexOf(least);
}
