import { formatSteps } from '../model/field-path.ts';
import { childOf } from '../source/source-ref.ts';
import type { SourceRef } from '../source/source-ref.ts';
import type { SchemaPair } from './schema-pair.ts';
import { lineAbove, listUsesBelow } from './use.ts';
import type { Use, UseNode } from './use.ts';
import type { Variance, Verdict } from './variance.ts';

/** Where a pair of schemas stands, and what was found so far. */
export interface Walk {
  readonly side: 'request' | 'response';
  readonly system: string;
  /** `the answer of GET /contacts`. */
  readonly where: string;
  readonly found: Variance[];
  /** What was compared already, by what is used of it: an unused schema is compared once, however often it is named. */
  readonly seen: Map<UseNode | undefined, Set<string>>;
}

export interface Places {
  readonly before: SourceRef;
  readonly after: SourceRef;
  readonly uses: readonly Use[];
}

export function emit(walk: Walk, pair: SchemaPair, path: string, verdict: Verdict | undefined): void {
  if (verdict === undefined) return;
  const below = verdict.below === undefined ? [] : [verdict.below];
  emitAt(walk, path, verdict, {
    before: childOf(pair.before.origin, ...below),
    after: childOf(pair.after.origin, ...below),
    uses: linesOf(pair),
  });
}

function linesOf({ node, holder }: SchemaPair): readonly Use[] {
  if (node !== undefined) return listUsesBelow(node);
  return holder === undefined ? [] : lineAbove(listUsesBelow(holder));
}

export function emitAt(walk: Walk, path: string, verdict: Verdict, places: Places): void {
  const { id, level, advice } = verdict;
  const uses = verdict.uses ?? places.uses;
  const subject = path === '' ? walk.where : `${walk.where}: ${path}`;
  walk.found.push({
    id,
    level,
    system: walk.system,
    says: `${subject} ${verdict.says}`,
    advice,
    before: places.before,
    after: places.after,
    uses: level === 'NONE' ? [] : uses,
  });
}

export function joinName(path: string, name: string): string {
  const step = name === '*' ? '*' : formatSteps([{ kind: 'name', name }]);
  return path === '' || step.startsWith('[') ? `${path}${step}` : `${path}.${step}`;
}
