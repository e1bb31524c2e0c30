import { z } from 'zod';

// Shapes that stand in several places of the rules.

export const name = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9-]*$/, 'A name here is a letter followed by letters, digits and hyphens.');

/** A value, or `$NAME`. */
export const setting = z.string();

export const duration = z
  .string()
  .regex(/^[1-9][0-9]*(ms|s|m|h|d)$/, 'A duration is a whole number and a unit: 500ms, 30s, 5m, 24h, 7d.');

export const because = z.string().min(1).optional();
