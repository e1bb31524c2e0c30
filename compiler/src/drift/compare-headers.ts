import { nameOperation } from '../model/api-model.ts';
import type { Response } from '../model/api-model.ts';
import { isObject } from '../resolve/follow-reference.ts';
import type { SpecNode } from '../resolve/follow-reference.ts';
import { childOf } from '../source/source-ref.ts';
import { callLine } from './call-line.ts';
import type { OperationPair } from './operation-pair.ts';
import { listMembers, operationNode, placeOf } from './read-side.ts';
import type { SystemSide } from './read-side.ts';
import { nameTypes, typesOf } from './schema-pair.ts';
import type { Use } from './use.ts';
import type { Verdict } from './variance.ts';
import { emitAt } from './walk.ts';
import type { Walk } from './walk.ts';

/** What every service looks at, whatever the rules say: how long to wait, and how much is left. */
const READ_ALWAYS = /^(?:retry-after|ratelimit(?:-\w+)*|x-rate-?limit(?:-\w+)*)$/;

/** The headers of one answer. */
export function compareHeaders(
  walk: Walk,
  pair: OperationPair,
  { was, is }: { readonly was: Response; readonly is: Response },
): void {
  const before = listHeaders(
    pair.left,
    listMembers(pair.left, operationNode(pair.left, pair.before), 'responses', was.status, 'headers'),
  );
  const after = listHeaders(
    pair.right,
    listMembers(pair.right, operationNode(pair.right, pair.after), 'responses', is.status, 'headers'),
  );
  const where = `the answer ${was.status} of ${nameOperation(pair.after)}`;
  for (const [name, from] of before) {
    const to = after.get(name);
    const verdict = judge(pair, name, from, to);
    if (verdict === undefined) continue;
    emitAt({ ...walk, where }, '', verdict, {
      before: placeOf(from.node),
      after: to === undefined ? childOf(is.origin, 'headers') : placeOf(to.node),
      uses: usesOfHeader(pair, name),
    });
  }
  for (const [name, to] of after) {
    if (before.has(name)) continue;
    const verdict: Verdict = { id: 'VA19', says: `has the header ${to.name} now`, level: 'NONE' };
    emitAt({ ...walk, where }, '', verdict, { before: was.origin, after: placeOf(to.node), uses: [] });
  }
}

interface Header {
  readonly name: string;
  readonly node: SpecNode;
  readonly required: boolean;
  readonly types: string;
  readonly nullable: boolean;
}

function listHeaders(side: SystemSide, members: ReadonlyMap<string, SpecNode>): ReadonlyMap<string, Header> {
  return new Map(
    [...members].map(([name, node]) => {
      // Swagger 2.0 gives the type of a header beside its name.
      const given = node.value['schema'];
      const at = isObject(given) ? { ...node, path: [...node.path, 'schema'], value: given } : node;
      const schema = side.schemas.build(at);
      const types = typesOf(schema).length === 0 ? '' : nameTypes(schema);
      const required = node.value['required'] === true;
      return [name.toLowerCase(), { name, node, required, types, nullable: schema.nullable }];
    }),
  );
}

function usesOfHeader({ use }: OperationPair, name: string): readonly Use[] {
  if (use === undefined) return [];
  const own = use.headers.get(name) ?? [];
  return own.length === 0 && READ_ALWAYS.test(name) ? callLine({ use }) : own;
}

function judge(pair: OperationPair, name: string, from: Header, to: Header | undefined): Verdict | undefined {
  const uses = usesOfHeader(pair, name);
  const level = uses.length === 0 ? 'NONE' : 'MEANING';
  if (to === undefined) {
    const says = `no longer has the header ${from.name}`;
    const isPaging = uses.some(({ kind }) => kind === 'next');
    return isPaging ? { id: 'VA17', says, level: 'WIRE' } : { id: 'VA14', says, level };
  }
  const says = `has the header ${from.name}, which`;
  if (from.types !== to.types)
    return {
      id: 'VA14',
      says: `${says} was ${from.types || 'anything'} and is ${to.types || 'anything'}`,
      level,
    };
  if (from.required && !to.required) return { id: 'VA14', says: `${says} may be missing now`, level };
  if (!from.nullable && to.nullable) return { id: 'VA14', says: `${says} may be null now`, level };
  return undefined;
}
