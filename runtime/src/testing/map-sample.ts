import type { Scope } from '../flow.ts';
import { createInstant } from '../instant.ts';
import { createMapper } from '../map/mapper.ts';
import type { Mapper } from '../map/mapper.ts';
import type { FindBlankKind } from '../transforms/blank.ts';
import type { MappingSample } from './mapping-sample.ts';
import type { OracleResult } from './rules-oracle.ts';

/**
 * Runs a generated mapping on one sample, in the form in which the oracle answers.
 * @param findBlankKind what is blank, where the rules name texts that stand for "nothing"
 */
export function mapSample(
  map: (source: never, mapper: Mapper, scope: Scope<never>) => unknown,
  { source, found = {}, ids = {} }: MappingSample,
  findBlankKind?: FindBlankKind,
): OracleResult {
  const mapper = createMapper('', findBlankKind);
  const scope = { now: createInstant(0), ids, found: found as never };
  const item = map(source as never, mapper, scope);
  if (mapper.problems.length > 0)
    return { kind: 'stopped', stops: mapper.problems.map(({ field, action }) => ({ field, action })) };
  // What is sent is JSON: what JSON leaves out is not part of it.
  return { kind: 'mapped', item: JSON.parse(JSON.stringify(item)) as unknown };
}
