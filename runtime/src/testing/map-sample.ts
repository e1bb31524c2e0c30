import { createInstant } from '../instant.ts';
import { createMapper } from '../map/mapper.ts';
import type { Mapper } from '../map/mapper.ts';
import type { OracleResult } from './rules-oracle.ts';

/** Runs a generated mapping on one record, in the form in which the oracle answers. */
export function mapSample(
  map: (source: never, mapper: Mapper, now: never, config: never) => unknown,
  source: unknown,
  config?: unknown,
): OracleResult {
  const mapper = createMapper('');
  const item = map(source as never, mapper, createInstant(0) as never, config as never);
  if (mapper.problems.length > 0)
    return { kind: 'stopped', stops: mapper.problems.map(({ field, action }) => ({ field, action })) };
  // What is sent is JSON: what JSON leaves out is not part of it.
  return { kind: 'mapped', item: JSON.parse(JSON.stringify(item)) as unknown };
}
