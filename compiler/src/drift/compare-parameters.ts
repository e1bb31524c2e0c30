import type { Operation, Parameter } from '../model/api-model.ts';
import { nameOperation } from '../model/api-model.ts';
import { callLine } from './call-line.ts';
import { compareSchemas } from './compare-schemas.ts';
import { nameParameter } from './list-sent.ts';
import type { OperationPair } from './operation-pair.ts';
import { typesOf } from './schema-pair.ts';
import { listUsesBelow } from './use.ts';
import type { Use, UseNode } from './use.ts';
import type { Verdict } from './variance.ts';
import { emitAt } from './walk.ts';
import type { Walk } from './walk.ts';

/** What stands in the path, the query, the headers and the cookies of a call. */
export function compareParameters(walk: Walk, pair: OperationPair): void {
  const { before, after, use } = pair;
  for (const was of before.parameters) {
    const node = use?.parameters.get(nameParameter(was.in, was.name));
    const is = after.parameters.find((entry) => isSame(was, entry, before, after));
    if (is === undefined) report(walk, pair, was, undefined, removed(was, pair, node));
    else compareParameter(walk, pair, { was, is, node });
  }
  for (const is of after.parameters) {
    if (before.parameters.some((entry) => isSame(entry, is, before, after))) continue;
    const node = use?.parameters.get(nameParameter(is.in, is.name));
    report(walk, pair, undefined, is, added(is, pair, node));
  }
}

/** Header names have no case; a parameter of the path is known by its place in it. */
function isSame(was: Parameter, is: Parameter, before: Operation, after: Operation): boolean {
  if (was.in !== is.in) return false;
  if (was.in === 'header') return was.name.toLowerCase() === is.name.toLowerCase();
  if (was.in !== 'path') return was.name === is.name;
  return placeInPath(before, was) === placeInPath(after, is);
}

function placeInPath({ path }: Operation, { name }: Parameter): number | string {
  const index = [...path.matchAll(/\{([^}]*)\}/g)].findIndex(([, held]) => held === name);
  return index === -1 ? name : index;
}

function removed(was: Parameter, { use }: OperationPair, node: UseNode | undefined): Verdict {
  const says = 'is no longer described';
  const uses = node === undefined ? [] : listUsesBelow(node);
  if (use === undefined || uses.length === 0) return { id: 'VQ6', says, level: 'NONE' };
  if (uses.every(({ kind }) => kind === 'page')) return { id: 'VA17', says, level: 'WIRE' };
  const isKey = was.in === 'header' && was.name.toLowerCase() === use.keyHeader;
  const isCondition = was.in === 'header' && /^if-/i.test(was.name);
  return { id: isKey || isCondition ? 'VQ19' : 'VQ6', says, level: 'MEANING' };
}

function added(is: Parameter, { use }: OperationPair, node: UseNode | undefined): Verdict {
  if (!is.required) return { id: 'VQ20', says: 'may be sent now', level: 'NONE' };
  const isGiven = node !== undefined || isCredential(is);
  const says = isGiven || use === undefined ? 'is required now' : 'is required now, and nothing sends it';
  return { id: 'VQ3', says, level: isGiven || use === undefined ? 'NONE' : 'WIRE' };
}

function isCredential({ in: place, name }: Parameter): boolean {
  return place === 'header' && name.toLowerCase() === 'authorization';
}

interface Both {
  readonly was: Parameter;
  readonly is: Parameter;
  readonly node: UseNode | undefined;
}

function compareParameter(walk: Walk, pair: OperationPair, { was, is, node }: Both): void {
  const { use } = pair;
  report(walk, pair, was, is, styleRule({ was, is, node }));
  const found: Walk['found'] = [];
  const inner: Walk = {
    ...walk,
    found,
    where: `${nameOperation(pair.after)}: ${nameOf(is)}`,
    seen: new Map(),
  };
  const presence = (required: boolean) => ({ required, aboveOptional: false, aboveNullable: false });
  compareSchemas(
    inner,
    {
      before: was.schema,
      after: is.schema,
      was: presence(was.required),
      is: presence(is.required),
      node,
      holder: use === undefined ? undefined : { uses: callLine({ use }), children: new Map() },
    },
    '',
  );
  // A header that names a version is part of the address, so to speak.
  const isVersion = is.in === 'header' && /version/i.test(is.name);
  const uses = use === undefined ? [] : (node?.uses ?? []);
  for (const variance of found) {
    const id = isVersion && variance.id === 'VQ8' ? 'VQ2' : variance.id;
    const line = variance.uses.length > 0 || variance.level === 'NONE' ? variance.uses : lines(pair, uses);
    walk.found.push({ ...variance, id, uses: line });
  }
}

/** What is not sent has no line but that of the call. */
function lines({ use }: OperationPair, uses: readonly Use[]): readonly Use[] {
  return uses.length > 0 ? uses : callLine({ use });
}

/** A single value is written alike in most styles. */
function styleRule({ was, is, node }: Both): Verdict | undefined {
  const types = typesOf(is.schema);
  const isSingle = types.length > 0 && !types.includes('array') && !types.includes('object');
  const styles = isSingle
    ? [was.style, is.style]
    : [`${was.style} ${was.explode}`, `${is.style} ${is.explode}`];
  const [from, to] = styles;
  if (from === to) return undefined;
  const show = ({ style, explode }: Parameter): string => `${style}${explode ? ', exploded' : ''}`;
  const says = `is written as ${show(is)}, and was as ${show(was)}`;
  return { id: 'VQ17', says, level: node === undefined ? 'NONE' : 'WIRE' };
}

function nameOf({ in: place, name }: Parameter): string {
  return place === 'header' ? `the header ${name}` : `the ${place} parameter ${name}`;
}

function report(
  walk: Walk,
  pair: OperationPair,
  was: Parameter | undefined,
  is: Parameter | undefined,
  verdict: Verdict | undefined,
): void {
  const shown = is ?? was;
  if (verdict === undefined || shown === undefined) return;
  const node = pair.use?.parameters.get(nameParameter(shown.in, shown.name));
  emitAt({ ...walk, where: `${nameOperation(pair.after)}: ${nameOf(shown)}` }, '', verdict, {
    before: was?.origin ?? pair.before.origin,
    after: is?.origin ?? pair.after.origin,
    uses: lines(pair, node === undefined ? [] : listUsesBelow(node)),
  });
}
