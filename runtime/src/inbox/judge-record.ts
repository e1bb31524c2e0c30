import { hash as digest } from 'node:crypto';
import type { AnyFind, AnyFlow, AnyTarget, Scope } from '../flow.ts';
import { freezeRequest } from '../http/api-request.ts';
import type { FrozenRequest } from '../http/api-request.ts';
import { createInstant } from '../instant.ts';
import { createMapper } from '../map/mapper.ts';
import type { FieldProblem } from '../map/field-rule.ts';
import type { Judgement, KnownKey, PlannedIntent, TakenRecord } from '../store/store.ts';
import { BlankInCallError, findBlankKind } from '../transforms/blank.ts';
import { stringifyExactJson } from '../exact-json.ts';
import { MAYBE, SEEN, UNREAD } from '../store/marks.ts';
import { findMalformed } from './read-path.ts';

export interface JudgeOptions {
  readonly integration: string;
  readonly flow: AnyFlow;
  /** The first complete pass under `first: seen` only marks what is there. */
  readonly marking: boolean;
  readonly nowMs: number;
  /** The stored item, where the record is judged again: what it has reached already is not done twice. */
  readonly itemId?: number;
  readonly editGeneration?: number;
  /** A person put it back: what was delivered before does not stop it. */
  readonly byPerson?: boolean;
  /** That person has changed it. */
  readonly edited?: boolean;
  /** How often a write of it was made anew. */
  readonly remakes?: number;
  /** What was looked up for it so far. */
  readonly found?: FoundSoFar;
}

export interface FoundSoFar {
  readonly values: Readonly<Record<string, unknown>>;
  /** So many of the flow's look-ups for every target have been made. */
  readonly count: number;
  /** Names of the look-ups for single targets that have been made. */
  readonly own: readonly string[];
}

/** Nothing can be said of the record before more is looked up. */
export interface LooksUp {
  readonly state: 'queued';
  readonly reason: string;
  readonly next: AnyFind;
}

function looksUp(next: AnyFind): LooksUp {
  return { state: 'queued', reason: 'what it needs is looked up', next };
}

/**
 * What becomes of one record: kept or not, mapped, checked, and turned into the exact bytes of a write. Pure but for the
 * rules' own expressions; one that throws sends its record to review.
 */
export function judgeRecord(
  source: unknown,
  record: TakenRecord,
  known: KnownKey,
  options: JudgeOptions,
): Judgement | LooksUp {
  const judgement = judge(source, record, known, options);
  return options.byPerson === true ? judgement : askWhereMaybe(judgement, known, options.flow);
}

const MAYBE_APPLIED =
  'the record would be left out now, and an earlier write of it may have been applied: look at the target. A retry and a discard both leave there what is there';

/** What a write may have made is not left out in silence. */
export function askWhereMaybe<J extends Judgement | LooksUp>(
  judgement: J,
  { delivered }: KnownKey,
  flow: AnyFlow,
): J | Judgement {
  const isEnd = judgement.state === 'skipped' || judgement.state === 'ignored' || judgement.state === 'dead';
  if (!isEnd || !delivered.some(({ target }) => target === MAYBE)) return judgement;
  return toReview('may have been applied', `flows.${flow.name}`, MAYBE_APPLIED, flow);
}

function judge(
  source: unknown,
  record: TakenRecord,
  known: KnownKey,
  options: JudgeOptions,
): Judgement | LooksUp {
  const { flow } = options;
  const at = `flows.${flow.name}`;
  if ((flow.findBlankKind ?? findBlankKind)(record.key) !== undefined || record.key.startsWith(BLANK_KEY)) {
    return toReview(
      'blank-key',
      `${at}.from.key`,
      'the record has no key, so it cannot be told from others',
      flow,
    );
  }
  const malformed = findMalformed(source, flow.read.shape);
  const unread = options.marking ? { mark: UNREAD } : {};
  if (malformed !== undefined) return { ...toReview('malformed', `${at}.from`, malformed, flow), ...unread };
  const kept = judgeKept(source, known, options);
  if (kept !== undefined) return kept.reason === 'expression' ? { ...kept, ...unread } : kept;
  if (options.marking) return { state: 'seen', reason: 'there before the first run', mark: SEEN };
  if (isUnread(known) && options.byPerson !== true)
    return toReview('first run', `${at}.from.changes.first`, UNREAD_THEN, flow);
  if (isDelivered(known, flow) && options.byPerson !== true && flow.later.changed !== 'update') {
    if (flow.later.changed === 'ignore')
      return { state: 'ignored', reason: 'delivered before; a change is ignored' };
    if (known.againAs !== undefined) {
      const open = findOpen(options) ?? flow.targets.map((target) => findOpen(options, target)).find(Boolean);
      if (open !== undefined) return looksUp(open);
      if (holdsThis(source, record, known, options))
        return { state: 'unchanged', reason: 'the target holds exactly this' };
    }
    return toReview('changed', `${at}.later.changed`, 'the record was delivered and has changed since', flow);
  }
  const open = findOpen(options);
  if (open !== undefined) return looksUp(open);
  return judgeMapped(source, record, known, options);
}

const UNREAD_THEN =
  'it was there before the first run, and could not be read then: a retry has it written, a discard leaves it as it is';

const CREATED_BEFORE =
  'the object was created before, and a create is not repeated; change it at the target by hand, then discard this';

/** Marks a key that was made up for a record without one. */
export const BLANK_KEY = '\u0000blank:';

/** The next look-up to make, of those for every target, or of those for one. */
function findOpen({ flow: { find = [] }, found }: JudgeOptions, target?: AnyTarget): AnyFind | undefined {
  if (target !== undefined)
    return find.find((one) => one.target === target.name && found?.own.includes(one.name) !== true);
  return find.filter((one) => one.target === undefined)[found?.count ?? 0];
}

/** Each condition is asked as soon as what it needs is known. */
function judgeKept(source: unknown, known: KnownKey, options: JudgeOptions): Judgement | undefined {
  const { flow, byPerson = false, found } = options;
  const scope = createScope(known, options);
  for (const rule of flow.keep) {
    if ((rule.needs ?? 0) > (found?.count ?? 0)) continue;
    let holds: boolean;
    try {
      holds = rule.when(source, scope);
    } catch (error) {
      return toReview(
        'expression',
        `${rule.rule}.when`,
        `the expression failed: ${(error as Error).message}`,
        flow,
      );
    }
    if (holds) continue;
    if (isHeld(known, flow)) {
      const left = `flows.${flow.name}.later.left`;
      if (flow.later.left === 'review' && !byPerson)
        return toReview('left', left, 'the record was delivered and is no longer kept', flow);
      if (isDelivered(known, flow) || rule.otherwise === 'skip')
        return { state: 'ignored', reason: 'delivered before; no longer kept' };
    }
    if (byPerson && rule.otherwise === 'review') continue;
    if (rule.otherwise === 'skip') return { state: 'skipped', reason: rule.rule };
    if (rule.otherwise === 'fail') return { state: 'dead', reason: `${rule.rule}: not kept` };
    return toReview('keep', rule.rule, 'the record does not meet the condition', flow);
  }
  return undefined;
}

/** Nothing has become of it but that mark. */
function isUnread({ delivered }: KnownKey): boolean {
  return delivered.length > 0 && delivered.every(({ target }) => target === UNREAD);
}

/** Every target holds some version of it, or it was there before the first run. */
function isDelivered({ delivered }: KnownKey, flow: AnyFlow): boolean {
  if (delivered.some((entry) => entry.target === SEEN)) return true;
  return flow.targets.every((target) => delivered.some((entry) => entry.target === target.name));
}

/** Some target holds some version of it, or it was there before the first run. */
function isHeld({ delivered }: KnownKey, { targets }: AnyFlow): boolean {
  return delivered.some(({ target }) => target === SEEN || targets.some(({ name }) => name === target));
}

/** The write to the first target that does not hold this version yet. */
function judgeMapped(
  source: unknown,
  record: TakenRecord,
  known: KnownKey,
  options: JudgeOptions,
): Judgement | LooksUp {
  const { flow, itemId } = options;
  let reached = false;
  let created = false;
  for (const target of flow.targets) {
    const delivered = known.delivered.find((entry) => entry.target === target.name);
    if (delivered !== undefined && itemId !== undefined && delivered.itemId === itemId) {
      reached = true;
      continue;
    }
    // Whoever asks for it: a second object would come of a create that is repeated.
    if (delivered !== undefined && target.mode === 'create' && target.update === undefined) {
      created = true;
      continue;
    }
    // A record that has reached only some of its targets goes on to the others, whatever becomes of later changes.
    if (delivered !== undefined && flow.later.changed !== 'update' && options.byPerson !== true) continue;
    const open = findOpen(options, target);
    if (open !== undefined) return looksUp(open);
    const judgement = judgeTarget(source, record, known, { ...options, target });
    if (judgement !== undefined) return judgement;
  }
  if (created && !reached && options.byPerson === true)
    return toReview('created before', `flows.${flow.name}.to`, CREATED_BEFORE, flow);
  return reached ? { state: 'delivered' } : { state: 'unchanged', reason: 'the target holds exactly this' };
}

/** For a version that is judged once more, and everything looked up: no target would be written to. */
function holdsThis(source: unknown, record: TakenRecord, known: KnownKey, options: JudgeOptions): boolean {
  return options.flow.targets.every(
    (target) =>
      (target.mode === 'create' && target.update === undefined) ||
      judgeTarget(source, record, known, { ...options, target }) === undefined,
  );
}

/** What the rules may use beside the record. */
export function createScope(known: KnownKey, { nowMs, found }: Pick<JudgeOptions, 'nowMs' | 'found'>): Scope {
  return {
    now: createInstant(nowMs),
    ids: Object.fromEntries(known.delivered.map((entry) => [entry.target, entry.remoteId])),
    found: found?.values ?? {},
  };
}

const NO_ID =
  'the target has the object and nobody knows what it calls it, so it cannot be changed: change it there by hand, then discard this';

type TargetOptions = JudgeOptions & { readonly target: AnyTarget; readonly updates?: boolean };

/** Undefined where the target holds exactly this. */
function judgeTarget(
  source: unknown,
  record: TakenRecord,
  known: KnownKey,
  options: TargetOptions,
): Judgement | undefined {
  const { flow, target } = options;
  const rulePath = `flows.${flow.name}.to.${target.name}.map`;
  const mapper = createMapper(rulePath, flow.findBlankKind);
  const scope = createScope(known, options);
  let item: unknown;
  let intent: PlannedIntent;
  try {
    const { update } = target;
    const made = known.delivered.find((entry) => entry.target === target.name);
    const changes = update !== undefined && made !== undefined;
    // What was there before the first run was made by somebody else, and without a look-up nobody knows what it is called.
    const isMarked = made === undefined && known.delivered.some((entry) => entry.target === SEEN);
    const isNameless = changes ? made.remoteId === undefined : isMarked && target.lookUp === undefined;
    if (update !== undefined && isNameless) return toReview('no id', rulePath, NO_ID, flow);
    item = (changes ? update : target).map(source, mapper, scope);
    const stopped = judgeProblems(mapper.problems, item, flow);
    if (stopped !== undefined) return stopped;
    const { editGeneration = known.againAs ?? 0 } = options;
    const request = freezeRequest(
      changes
        ? update.request(item, source, scope, made.remoteId ?? '')
        : target.request(item, source, scope),
    );
    intent = planIntent(request, record, { ...options, editGeneration, updates: changes });
  } catch (error) {
    const message = `the record cannot be written: ${(error as Error).message}`;
    const reason = error instanceof BlankInCallError ? 'blank: path' : 'expression';
    return toReview(reason, rulePath, message, flow, item);
  }
  const delivered = known.delivered.find((entry) => entry.target === target.name);
  const same = delivered?.confirmedHash === intent.hash && delivered.attemptedHash === intent.hash;
  return same && !isForced(options) ? undefined : { state: 'waiting', intent };
}

/** What a person puts back is written whatever the target holds; of what they edit, only what is not there yet. */
function isForced({ flow, byPerson, edited }: JudgeOptions): boolean {
  return byPerson === true && (flow.targets.length === 1 || edited !== true);
}

/** The gravest decision counts; all problems are shown. */
function judgeProblems(
  problems: readonly FieldProblem[],
  item: unknown,
  flow: AnyFlow,
): Judgement | undefined {
  const first =
    problems.find((entry) => entry.action === 'fail') ??
    problems.find((entry) => entry.action === 'review') ??
    problems[0];
  if (first === undefined) return undefined;
  const message = problems.map((entry) => entry.message).join('; ');
  if (first.action === 'skip') return { state: 'skipped', reason: `${first.rule}: ${first.problem}` };
  if (first.action === 'fail')
    return { state: 'dead', reason: `${first.rule}: ${message}`, cause: `${first.rule}: ` };
  return toReview(`${first.problem} ${first.field}`, first.rule, message, flow, item);
}

export function toReview(
  reason: string,
  rule: string,
  message: string,
  flow: AnyFlow,
  mapped?: unknown,
): Judgement {
  const text = mapped === undefined ? undefined : writeJson(mapped);
  return {
    state: 'review',
    reason,
    review: { reason, rule, message, fingerprint: `${flow.name}:${rule}:${reason}`, mapped: text },
  };
}

/** What JSON cannot hold is not shown; the review says why the record could not be written. */
function writeJson(value: unknown): string | undefined {
  try {
    return stringifyExactJson(value);
  } catch {
    return undefined;
  }
}

/** The exact bytes, and the key that goes with them through every retry: section 8.4. */
function planIntent(request: FrozenRequest, record: TakenRecord, options: TargetOptions): PlannedIntent {
  const { flow, target, integration, editGeneration = 0, remakes = 0, updates = false } = options;
  const hash = digest('sha256', `${request.method}\n${request.target}\n${request.body ?? ''}`, 'base64url');
  const parts = [
    integration,
    flow.name,
    target.name,
    record.key,
    record.version,
    hash,
    remakes === 0 ? String(editGeneration) : `${editGeneration}.${remakes}`,
  ];
  const idempotencyKey = digest('sha256', JSON.stringify(parts), 'hex').slice(0, 40);
  const headers =
    target.key === undefined || updates
      ? request.headers
      : { ...request.headers, [target.key.header.toLowerCase()]: idempotencyKey };
  return {
    target: target.name,
    idempotencyKey,
    operation: request.operation,
    method: request.method,
    path: request.target,
    headers,
    body: request.body,
    hash,
    ...(updates ? { updates } : {}),
  };
}
