import type { Operation, Response } from '../model/api-model.ts';
import { nameOperation } from '../model/api-model.ts';
import type { CallRule } from '../model/integration-model.ts';
import { findAnswer } from '../resolve/resolve-source.ts';
import { childOf } from '../source/source-ref.ts';
import { callLine } from './call-line.ts';
import { compareHeaders } from './compare-headers.ts';
import { compareRoots } from './compare-schemas.ts';
import type { OperationPair } from './operation-pair.ts';
import { listMembers, operationNode } from './read-side.ts';
import { listUsesBelow } from './use.ts';
import type { Use } from './use.ts';
import type { Verdict } from './variance.ts';
import { emitAt } from './walk.ts';
import type { Walk } from './walk.ts';

/** The statuses of an operation, their media types and headers, and the bodies that only call rules read. */
export function compareResponses(walk: Walk, pair: OperationPair): void {
  const { before, after, use } = pair;
  const line = callLine({ use });
  const report = (
    verdict: Verdict | undefined,
    was: Response | undefined,
    is: Response | undefined,
  ): void => {
    if (verdict === undefined) return;
    emitAt({ ...walk, where: nameOperation(after) }, '', verdict, {
      before: was?.origin ?? childOf(before.origin, 'responses'),
      after: is?.origin ?? childOf(after.origin, 'responses'),
      uses: line,
    });
  };
  for (const was of before.responses) {
    const is = after.responses.find(({ status }) => status === was.status);
    if (is === undefined) {
      if (!isDescribed(after, was.status)) report(removed(pair, was), was, undefined);
      continue;
    }
    report(mediaTypeRule(pair, was, is), was, is);
    compareHeaders(walk, pair, { was, is });
    compareBodies(walk, pair, was, is);
  }
  for (const is of after.responses)
    if (!isDescribed(before, is.status)) report(added(pair, is), undefined, is);
}

function isDescribed({ responses }: Operation, status: string): boolean {
  const range = `${status[0]}XX`;
  return responses.some((entry) => entry.status === status || entry.status.toUpperCase() === range);
}

function isSuccess(status: string): boolean {
  return /^2/.test(status);
}

/** Done, with an answer that can be read as the other is: the service takes both alike. */
function isDone({ status, schema }: Response): boolean {
  return /^20[01]$/.test(status) && schema !== undefined;
}

function added({ use }: OperationPair, is: Response): Verdict {
  const { status } = is;
  const id = isSuccess(status) ? 'VA11' : 'VA12';
  const says = status === 'default' ? 'describes what else it may answer' : `can also answer ${status}`;
  if (use === undefined || status === 'default') return { id, says, level: 'NONE', below: 'responses' };
  const rule = findRule(use.calls, status);
  if (rule !== undefined)
    return { id, says: `${says}, for which there is a decision (${rule.do})`, level: 'NONE' };
  if (!isSuccess(status)) return { id, says, level: 'MEANING' };
  return { id, says, level: isDone(is) ? 'SOURCE' : 'WIRE' };
}

function removed({ use, after }: OperationPair, was: Response): Verdict {
  const { status } = was;
  const says = `no longer describes the answer ${status}`;
  if (isSuccess(status)) {
    const isLeft = after.responses.some(isDone);
    const level = use === undefined ? 'NONE' : isLeft ? 'SOURCE' : 'WIRE';
    return { id: 'VA11', says, level };
  }
  const rule = use?.calls.find(({ on }) =>
    on.some((match) => match.kind === 'range' && match.from === match.to && match.from === Number(status)),
  );
  if (rule === undefined) return { id: 'VA12', says, level: 'NONE' };
  const decided: Use = { kind: 'call', at: rule.origin, mentions: [], field: undefined, sent: undefined };
  return { id: 'VA12', says, level: 'MEANING', uses: [decided] };
}

/** A rule that holds for the status whatever else is answered. */
function findRule(calls: readonly CallRule[], status: string): CallRule | undefined {
  return calls.find(
    (rule) =>
      rule.when === undefined && rule.on.some((match) => match.kind === 'range' && spans(match, status)),
  );
}

function spans({ from, to }: { readonly from: number; readonly to: number }, status: string): boolean {
  const digit = Number(status[0]);
  const [least, most] = /^\d{3}$/.test(status)
    ? [Number(status), Number(status)]
    : [digit * 100, digit * 100 + 99];
  return from <= least && most <= to;
}

/** The service asks for one media type by name, so that another beside it changes nothing. */
function mediaTypeRule(
  { right, after, use }: OperationPair,
  was: Response,
  is: Response,
): Verdict | undefined {
  if (was.mediaType === is.mediaType) return undefined;
  const says = `answers ${was.status} as ${is.mediaType ?? 'nothing'}, and answered as ${was.mediaType ?? 'nothing'}`;
  const isRead = use !== undefined && isSuccess(was.status) && was.mediaType !== undefined;
  const offered = listMembers(right, operationNode(right, after), 'responses', is.status, 'content');
  const isLeft = [...offered.keys()].some((type) => type.split(';')[0]?.trim() === was.mediaType);
  return { id: 'VA13', says, level: !isRead ? 'NONE' : isLeft ? 'SOURCE' : 'WIRE' };
}

/** What the rules read of an answer's fields is compared elsewhere; here, what `when` reads, and what nobody does. */
function compareBodies(walk: Walk, pair: OperationPair, was: Response, is: Response): void {
  if (was.schema === undefined || is.schema === undefined) return;
  const isMain = was.schema === findAnswer(pair.before) && is.schema === findAnswer(pair.after);
  const status = isMain ? '' : ` ${was.status}`;
  const inner: Walk = { ...walk, where: `the answer${status} of ${nameOperation(pair.after)}` };
  const read = pair.use?.bodies.filter(
    ({ rule, node }) =>
      listUsesBelow(node).length > 0 &&
      rule.on.some((match) => match.kind === 'range' && spans(match, was.status)),
  );
  for (const { node } of read ?? []) compareRoots(inner, was.schema, is.schema, node);
  if (!isMain) compareRoots(inner, was.schema, is.schema, undefined);
}
