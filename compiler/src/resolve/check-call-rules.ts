import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { CallRule, NotApplied, StatusMatch } from '../model/integration-model.ts';
import { childOf, formatPath } from '../source/source-ref.ts';

/** What a list of `calls` says that somebody must answer for, and what it says in vain. */
export function checkCallRules(rules: readonly CallRule[]): Diagnostic[] {
  return rules.flatMap((rule, index) => [
    ...checkReason(rule),
    ...checkSuccess(rule),
    ...checkReached(rule, rules.slice(0, index)),
  ]);
}

/** Whoever takes a refusal for done, or leaves the record out, loses it without anybody looking. */
function checkReason({ on, do: action, because, origin }: CallRule): Diagnostic[] {
  const isRefusal = on.some(isNoSuccess);
  const isSilent = action === 'skip' || (action === 'ok' && isRefusal);
  if (!isSilent || because !== undefined) return [];
  const what = `"do: ${action}" for ${on.map(nameMatch).join(', ')}`;
  return [createDiagnostic('because-missing', { what }, childOf(origin, 'do'), { fix: 'because: …' })];
}

/** They leave a success what it is; whether one is done may also be asked. */
const KEEPING: ReadonlySet<string> = new Set(['ok', 'unknown', 'exists']);
/** OK and Created (RFC 9110 15.3): what was asked for is done. */
const DONE = [200, 201];

/** A success that is repeated is done twice, and one that is taken for a failure is repeated by whoever sees it. */
function checkSuccess({ on, when, do: action, origin }: CallRule): Diagnostic[] {
  const done = DONE.find((status) =>
    on.some((match) => match.kind === 'range' && match.from <= status && status <= match.to),
  );
  // A condition on the answer itself may know a success that is none.
  const knowsMore = when !== undefined && /\b(?:body|headers)\b/.test(when.text);
  if (done === undefined || knowsMore || KEEPING.has(action)) return [];
  const problem = `"do: ${action}" would take what is done for what is not: a ${done} is success. Leave it out of "on", or say in "when" by what of the body or the headers it is known that it is none.`;
  return [createDiagnostic('invalid-value', { problem }, childOf(origin, 'do'))];
}

/**
 * What a reading takes for success must hold records.
 * @param rules all that hold for it, its own first
 */
export function checkReadRules(rules: readonly CallRule[], reading: string): Diagnostic[] {
  return listReached(rules).flatMap(({ rule: { do: action, origin }, matches }) => {
    const other = matches.find(isNoSuccess);
    if (action !== 'ok' || other === undefined) return [];
    const problem = `"do: ok" for ${nameMatch(other)} reaches the reading by ${reading}: there are no records to go on with, and a page would be lost. Write retry, defer, pause or halt, or move it to the "calls" of the target that it is for.`;
    return [createDiagnostic('invalid-value', { problem }, childOf(origin, 'do'))];
  });
}

/**
 * What a look-up takes for an answer must be one: an outage is not "there is none".
 * @param rules all that hold for it, its own first
 */
export function checkLookUpRules(rules: readonly CallRule[], lookUp: string): Diagnostic[] {
  return listReached(rules).flatMap(({ rule: { when, do: action, origin }, matches }) => {
    const open = matches.find((match) => {
      if (action === 'missing') return when === undefined && (saysNothing(match) || covers(match, TOO_MANY));
      return action === 'ok' && isNoSuccess(match);
    });
    if (open === undefined) return [];
    const way = action === 'missing' ? ', or say in "when" by what in the answer it is known' : '';
    const problem = `"do: ${action}" for ${nameMatch(open)} reaches the look-up ${lookUp}: an answer that says nothing would be taken for one that finds nothing. Write retry, defer, pause or review${way}.`;
    return [createDiagnostic('invalid-value', { problem }, childOf(origin, 'do'))];
  });
}

const TOO_MANY: StatusMatch = { kind: 'range', from: 429, to: 429 };

interface Reached {
  readonly rule: CallRule;
  /** Those of its cases that no rule before it takes. */
  readonly matches: readonly StatusMatch[];
}

function listReached(rules: readonly CallRule[]): Reached[] {
  return rules.map((rule, index) => {
    const earlier = rules.slice(0, index).filter(({ when }) => when === undefined);
    const isTaken = (match: StatusMatch): boolean =>
      earlier.some((before) => before.on.some((wide) => covers(wide, match)));
    return { rule, matches: rule.on.filter((match) => !isTaken(match)) };
  });
}

function isNoSuccess(match: StatusMatch): boolean {
  return match.kind === 'class' || match.from < 200 || match.to > 299;
}

/** Of a write with one of these nobody knows whether it was applied, so they are no end of it. */
const ENDING: ReadonlySet<string> = new Set(['ok', 'fail', 'skip', 'missing']);

/** Whether a fact says of every status of a match that nothing was applied. */
export function isKnownUnapplied(match: StatusMatch, notApplied: readonly NotApplied[]): boolean {
  if (match.kind === 'class') return false;
  for (let status = match.from; status <= match.to; status += 1)
    if (!isUnapplied(status, notApplied)) return false;
  return true;
}

export function isUnapplied(status: number, notApplied: readonly NotApplied[]): boolean {
  return notApplied.some(({ from, to }) => from <= status && status <= to);
}

/** What a target's own rules say of a write of unknown outcome, which `once` resolves however they are written. */
export function checkWriteRules(rules: readonly CallRule[], notApplied: readonly NotApplied[]): Diagnostic[] {
  return rules.flatMap(({ on, when, do: action, origin }) => {
    const open = on.find(
      (match) => isOpen(match, action, when !== undefined) && !isKnownUnapplied(match, notApplied),
    );
    if (open === undefined) return [];
    const way =
      open.kind === 'class'
        ? 'Leave it out, or write review or halt.'
        : 'Leave it out of "on", write review, or say in "when" by what in the answer it is known that nothing was done.';
    const problem = `"do: ${action}" would not hold for ${open.kind === 'class' ? open.name : '408 and 5xx'}: nobody knows whether the write was applied, so "once" resolves it. ${way}`;
    return [createDiagnostic('invalid-value', { problem }, childOf(origin, 'do'))];
  });
}

function isOpen(match: StatusMatch, action: string, knowsMore: boolean): boolean {
  if (match.kind === 'class') return match.name !== 'not-sent' && ENDING.has(action);
  return saysNothing(match) && !knowsMore && ['fail', 'skip', 'missing'].includes(action);
}

/** 408 and 5xx: nothing is said of what was asked for. */
function saysNothing(match: StatusMatch): boolean {
  return match.kind === 'class' || match.to >= 500 || (match.from <= 408 && match.to >= 408);
}

/** The first rule that fits decides, so one whose every case an earlier one takes holds for nothing. */
function checkReached({ on, origin }: CallRule, before: readonly CallRule[]): Diagnostic[] {
  const earlier = before.filter(({ when }) => when === undefined);
  const takers = on.map((match) => earlier.find((rule) => rule.on.some((other) => covers(other, match))));
  if (on.length === 0 || takers.includes(undefined)) return [];
  const places = [...new Set(takers.map((taker) => formatPath(taker?.origin.path ?? [])))];
  const problem = `This rule never holds: ${places.join(' and ')} before it takes ${on.map(nameMatch).join(', ')}. Write the narrower one first.`;
  return [createDiagnostic('invalid-value', { problem }, childOf(origin, 'on'))];
}

function covers(wide: StatusMatch, narrow: StatusMatch): boolean {
  if (wide.kind === 'class') return narrow.kind === 'class' && narrow.name === wide.name;
  return narrow.kind === 'range' && wide.from <= narrow.from && narrow.to <= wide.to;
}

function nameMatch(match: StatusMatch): string {
  if (match.kind === 'class') return match.name;
  return match.from === match.to ? `${match.from}` : `${match.from}-${match.to}`;
}
