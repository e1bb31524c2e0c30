import { createDiagnostic } from '../../diagnostics/create-diagnostic.ts';
import { nameOperation } from '../../model/api-model.ts';
import type { CheckedTarget } from '../../model/checked-model.ts';
import type { CallInput, CallRule, StatusMatch, TargetModel } from '../../model/integration-model.ts';
import { isKnownUnapplied } from '../../resolve/check-call-rules.ts';
import { childOf } from '../../source/source-ref.ts';
import { collectInput } from '../collect-expressions.ts';
import type { Gate, GateContext } from '../gate-context.ts';
import { listRecordReads } from '../list-reads.ts';

/** A record is tried for this long before it is a dead letter: section 8.3. */
const RETRY_HORIZON_MS = 24 * 3_600_000;

/** They send the write again, or take it for done: neither is known to be right after an unknown outcome. */
const UNSAFE_ACTIONS: ReadonlySet<string> = new Set(['retry', 'defer', 'wait', 'pause', 'ok', 'refresh']);

/** Opens where a repeat of a write could make a second object. No policy may answer. */
export const onceGate: Gate = {
  name: 'once',
  check(context) {
    for (const checked of context.flows.flatMap(({ targets }) => targets)) {
      const { target } = checked;
      const operation = nameOperation(target.operation);
      const problem = target.mode === 'update' ? undefined : findProblem(target, checked.tier);
      if (problem !== undefined) {
        context.found.push(
          createDiagnostic(
            'once',
            { operation, problem },
            childOf(target.origin, target.once.length === 0 ? target.mode : 'once'),
            {
              related: [{ at: target.operation.origin, message: 'the operation' }],
              fix: suggestOnce(checked),
            },
          ),
        );
        continue;
      }
      const upsert = target.once.find((entry) => entry.kind === 'upsert');
      // A call that only creates knows nothing again, unless its vendor says so.
      if (target.mode === 'create' && upsert !== undefined && upsert.because === undefined)
        context.found.push(
          createDiagnostic(
            'because-missing',
            { what: 'An upsert by a call that only creates' },
            upsert.origin,
            {
              fix: 'because: …   # where the vendor says that it knows the object again; else kind: look-up, or key',
            },
          ),
        );
      for (const rule of target.calls.filter((entry) => entry.do === 'exists')) {
        if (target.once.some((entry) => entry.kind === 'look-up') || target.mode === 'update') continue;
        const text =
          '"exists" looks the object up and adopts it, and this target has no look-up. Add one to "once", or write review.';
        context.found.push(createDiagnostic('invalid-value', { problem: text }, childOf(rule.origin, 'do')));
      }
      for (const once of target.once) {
        if (once.kind !== 'look-up' || looksAtSent(once.input, context.expressions)) continue;
        const text =
          'This asks for the same whatever is sent, so what is found would be the object of another record. Ask by what the new object is known by: { …: =sent.… }.';
        context.found.push(
          createDiagnostic('invalid-value', { problem: text }, childOf(once.origin, 'with')),
        );
      }
      for (const rule of unsafeRules(checked)) {
        context.found.push(
          createDiagnostic('unsafe-retry', { operation }, rule.origin, { fix: 'do: review' }),
        );
      }
      context.register.push({
        gate: 'once',
        subject: `${checked.flow.name}.${target.name}${target.mode === 'update' ? ', an update' : ''}`,
        chosen: describeTier(checked),
        from: 'rules',
        because: target.once.flatMap((entry) =>
          entry.kind === 'accept-duplicates' ? [entry.because] : [],
        )[0],
        evidence: target.once.length === 0 ? 'spec' : 'author',
        origin: childOf(target.origin, 'once'),
      });
    }
  },
};

/** The tier of section 8.4: how a repeat is made harmless. */
export function findTier(target: TargetModel): CheckedTarget['tier'] {
  if (
    target.mode !== 'create' &&
    ['PUT', 'PATCH', 'DELETE'].includes(target.operation.method) &&
    /\{[^}]+\}$/.test(target.operation.path)
  )
    return 0;
  switch (target.once[0]?.kind) {
    case 'key':
      return 1;
    case 'upsert':
      return 2;
    case 'look-up':
      return target.once[0].settleMs === undefined ? 3 : 4;
    case 'accept-duplicates':
    case undefined:
      return 5;
  }
}

function findProblem(target: TargetModel, tier: number): string | undefined {
  if (tier === 0) return undefined;
  const [first, second] = target.once;
  if (first === undefined)
    return 'has nothing that makes a repeat harmless, so an answer that is lost could mean a second object.';
  if (first.kind === 'key' && first.lastsMs <= RETRY_HORIZON_MS && second === undefined) {
    return 'has an idempotency key that may lapse while a record is still being tried (24 hours), and nothing after it. Say how long it lasts, where that is longer, or what decides then, as a list: [{ kind: key, … }, { kind: look-up, … }].';
  }
  return undefined;
}

function suggestOnce(checked: CheckedTarget): string {
  const { once, mode } = checked.target;
  const [first] = once;
  const field = findKeyField(checked) ?? '…';
  const lookUp = `{ kind: look-up, call: …, with: { …: =sent.${/^\w/.test(field) ? field : '…'} }, records: … }`;
  if (first?.kind === 'key')
    return `once: [{ kind: key, header: ${first.header}, lasts: … }, ${lookUp}]   # or only lasts: …, where the vendor keeps a key for more than 24h`;
  if (mode === 'create')
    return `once: ${lookUp}   # by what the new object is known by; or kind: key (header, lasts), accept-duplicates (because)`;
  return `once: { kind: upsert, by: ${field} }   # where the target knows an object again by it; or kind: key (header, lasts), look-up (call, with, records), accept-duplicates (because)`;
}

function looksAtSent(input: CallInput, expressions: GateContext['expressions']): boolean {
  return collectInput(input).some((expression) => {
    const tree = expressions.get(expression)?.tree;
    // What could not be read has a finding of its own.
    return tree === undefined || listRecordReads(tree, 'sent').length > 0;
  });
}

function unsafeRules(checked: CheckedTarget): CallRule[] {
  if (checked.tier !== 5) return [];
  const { target } = checked;
  return [...target.calls, ...target.system.calls].filter(
    (rule) =>
      UNSAFE_ACTIONS.has(rule.do) &&
      rule.on.some((match) => isUnknownOutcome(match) && !isKnownUnapplied(match, target.notApplied)),
  );
}

/** Whether the write may have happened all the same. */
function isUnknownOutcome(match: StatusMatch): boolean {
  if (match.kind === 'class') return match.name !== 'not-sent';
  return match.to >= 500 || (match.from <= 408 && match.to >= 408);
}

/** What an index that lags must have said before a write is repeated. */
export function describeProbes({ once }: TargetModel): string {
  const lookUp = once.find((entry) => entry.kind === 'look-up');
  const seconds = (lookUp?.settleMs ?? 0) / 1000;
  const probes = lookUp?.probes ?? 1;
  return probes === 1
    ? `1 look-up, ${seconds} s after the write, has found nothing`
    : `${probes} look-ups, ${seconds} s apart, have found nothing`;
}

/** Somebody has said why the path need not be the record's own: the records that name one object overwrite one another. */
export function mayShare({ once }: TargetModel): boolean {
  return once.some(
    (entry) => (entry.kind === 'upsert' || entry.kind === 'accept-duplicates') && entry.because !== undefined,
  );
}

export function describeTier({ target, tier }: CheckedTarget): string {
  const { once } = target;
  const upsert = once.find((entry) => entry.kind === 'upsert');
  const key = once.find((entry) => entry.kind === 'key');
  const text = {
    0: mayShare(target)
      ? 'tier 0: the path names the object, which several records may share; a repeat gives the same state'
      : 'tier 0: the path holds the object’s own id, so a repeat gives the same state',
    1: `tier 1: idempotency key in ${key?.header ?? ''}`,
    2: `tier 2: the target matches on ${upsert?.by ?? ''}, so a repeat updates`,
    3: 'tier 3: looked up before it is created',
    4: `tier 4: looked up before it is created, in an index that lags: a repeat waits until ${describeProbes(target)}`,
    5: `tier 5: a repeat could ${target.mode === 'update' ? 'apply a change twice' : 'make a second object'}; an unknown outcome goes to review`,
  }[tier];
  return once.length > 1
    ? `${text}; then ${once
        .slice(1)
        .map((entry) => entry.kind)
        .join(', ')}`
    : text;
}

/** The field that is given the record's own key as it stands, as YAML takes it. */
function findKeyField({ flow, target }: CheckedTarget): string | undefined {
  const key = `source.${flow.source.key.text}`;
  const field = target.fields.find(({ values }) =>
    values.some((value) => value.kind === 'expression' && value.expression.text.trim() === key),
  );
  const path = field?.path.text;
  // Brackets end a plain text of YAML inside braces.
  return path === undefined || /^[\w.]+$/.test(path) ? path : JSON.stringify(path);
}
