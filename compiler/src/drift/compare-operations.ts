import type { Operation } from '../model/api-model.ts';
import { nameOperation } from '../model/api-model.ts';
import { findAnswer } from '../resolve/resolve-source.ts';
import { childOf } from '../source/source-ref.ts';
import { callLine } from './call-line.ts';
import { compareParameters } from './compare-parameters.ts';
import { compareResponses } from './compare-responses.ts';
import { compareRoots } from './compare-schemas.ts';
import { compareSecurity } from './compare-security.ts';
import type { OperationPair } from './operation-pair.ts';
import { operationNode } from './read-side.ts';
import { listUsesBelow } from './use.ts';
import type { UseNode } from './use.ts';
import type { Verdict } from './variance.ts';
import { emitAt } from './walk.ts';
import type { Walk } from './walk.ts';

/** All that changed of one operation, as one of its calls uses it; or as nobody does. */
export function compareOperation(pair: OperationPair): void {
  const { before, after, found, use } = pair;
  const name = nameOperation(after);
  const walk: Walk = { ...pair, side: 'request', where: name, found };
  const report = (verdict: Verdict | undefined): void => {
    if (verdict === undefined) return;
    const below = verdict.below === undefined ? [] : [verdict.below];
    const uses = callLine(pair);
    const places = { before: childOf(before.origin, ...below), after: childOf(after.origin, ...below), uses };
    emitAt(walk, '', verdict, places);
  };
  report(renamed(pair));
  report(deprecated(pair));
  compareParameters(walk, pair);
  compareBody(walk, pair, report);
  compareResponses({ ...walk, side: 'response' }, pair);
  compareSecurity(walk, pair);
  const [was, is] = [findAnswer(before), findAnswer(after)];
  if (was === undefined || is === undefined) return;
  const answer: Walk = { ...walk, side: 'response', where: `the answer of ${name}` };
  compareRoots(answer, was, is, nodeOf(use?.answer));
}

/** A root of which nothing is used is not used. */
export function nodeOf(node: UseNode | undefined): UseNode | undefined {
  return node === undefined || listUsesBelow(node).length === 0 ? undefined : node;
}

function renamed({ before, after, use }: OperationPair): Verdict | undefined {
  const level = use === undefined ? 'NONE' : 'SOURCE';
  if (before.path !== after.path)
    return { id: 'VA21', says: `names the parameters of its path otherwise (it was ${before.path})`, level };
  if (before.id === after.id) return undefined;
  const says = `has ${nameId(after)}, and had ${nameId(before)}`;
  const isNamed = use !== undefined && use.named === before.id;
  const advice = `The rules name it by its id: write ${nameOperation(after)}, which outlives ids.`;
  return { id: 'VA21', says, level, below: 'operationId', ...(isNamed ? { advice } : {}) };
}

function nameId({ id }: Operation): string {
  return id === undefined ? 'no operationId' : `the operationId ${id}`;
}

/** A day of its end may be named in an extension; the header of that name is only seen once it runs. */
function deprecated({ before, after, left, right, use }: OperationPair): Verdict | undefined {
  const [was, is] = [operationNode(left, before)?.value, operationNode(right, after)?.value];
  const day = (value: typeof was): string | undefined => {
    const given = value?.['x-sunset'] ?? value?.['x-sunset-date'] ?? value?.['x-removal-date'];
    return given === undefined ? undefined : String(given as string);
  };
  const isNew = was?.['deprecated'] !== true && is?.['deprecated'] === true;
  const isMoved = day(is) !== undefined && day(is) !== day(was);
  if (!isNew && !isMoved) return undefined;
  const until = day(is) === undefined ? '' : `, and ends on ${day(is)}`;
  return {
    id: 'VA18',
    says: `is deprecated${isNew ? ' now' : ''}${until}`,
    level: use === undefined ? 'NONE' : 'SOURCE',
    below: 'deprecated',
  };
}

function compareBody(
  walk: Walk,
  { before, after, use }: OperationPair,
  report: (verdict: Verdict | undefined) => void,
): void {
  const [was, is] = [before.body, after.body];
  const node = nodeOf(use?.body);
  if (was === undefined && is === undefined) return;
  if (is === undefined) {
    const level = node === undefined ? 'NONE' : 'MEANING';
    report({ id: 'VQ6', says: 'describes no body any more', level, below: 'requestBody' });
    return;
  }
  const isDemanded = is.required && was?.required !== true;
  const isMissing = isDemanded && use !== undefined && node === undefined;
  if (isDemanded) {
    const says = `needs a body now${isMissing ? ', and nothing sends one' : ''}`;
    report({ id: 'VQ3', says, level: isMissing ? 'WIRE' : 'NONE', below: 'requestBody' });
  } else if (was === undefined)
    report({ id: 'VQ20', says: 'takes a body now', level: 'NONE', below: 'requestBody' });
  if (was === undefined) return;
  if (was.mediaType !== is.mediaType) {
    const says = `takes ${is.mediaType}, and took ${was.mediaType}`;
    report({ id: 'VQ12', says, level: node === undefined ? 'NONE' : 'WIRE', below: 'requestBody' });
  }
  compareEncodings(walk, { before, after, use });
  compareRoots({ ...walk, where: `the body of ${nameOperation(after)}` }, was.schema, is.schema, node);
}

/** How the fields of a form are written. */
function compareEncodings(
  walk: Walk,
  { before, after, use }: Pick<OperationPair, 'before' | 'after' | 'use'>,
): void {
  const [was, is] = [before.body?.encoding, after.body?.encoding];
  const names = new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])]);
  for (const name of names) {
    const [from, to] = [was?.get(name), is?.get(name)];
    const show = (given: typeof from): string =>
      JSON.stringify([given?.style, given?.explode, given?.contentType]);
    if (show(from) === show(to)) continue;
    const node = use?.body.children.get(name);
    const verdict: Verdict = {
      id: from?.contentType === to?.contentType ? 'VQ17' : 'VQ12',
      says: 'is written in another form',
      level: node === undefined ? 'NONE' : 'WIRE',
    };
    emitAt({ ...walk, where: `the body of ${nameOperation(after)}` }, name, verdict, {
      before: from?.origin ?? before.origin,
      after: to?.origin ?? after.origin,
      uses: node === undefined ? [] : listUsesBelow(node),
    });
  }
}
