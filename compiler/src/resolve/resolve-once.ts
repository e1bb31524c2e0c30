import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import { nameOperation } from '../model/api-model.ts';
import type { Operation } from '../model/api-model.ts';
import type { OnceModel } from '../model/integration-model.ts';
import type { LookUpInput, OnceInput, TargetInput } from '../model/rules-input.ts';
import { childOf } from '../source/source-ref.ts';
import type { SourceRef } from '../source/source-ref.ts';
import { checkPages } from './check-pages.ts';
import { parseDurationMs } from './parse-units.ts';
import { resolveCallInput } from './resolve-call-input.ts';
import type { ResolveContext, ResolvedSystem } from './resolve-context.ts';
import { lookUpPages, resolveAnswer, resolveRecords } from './resolve-source.ts';

interface OnceContext {
  readonly context: ResolveContext;
  readonly system: ResolvedSystem;
  readonly operation: Operation;
  readonly input: TargetInput;
}

/** How a repeat of the write is made harmless, in the order of the rules. */
export function resolveOnce(once: OnceContext, origin: SourceRef): OnceModel[] {
  reportOwnKey(once, childOf(origin, 'with'));
  const given = once.input.once;
  if (given === undefined) return [];
  const isList = Array.isArray(given);
  if (isList) reportUnreached(once.context, given as readonly OnceInput[], childOf(origin, 'once'));
  return [given].flat().flatMap((entry, index) => {
    const at = isList ? childOf(origin, 'once', index) : childOf(origin, 'once');
    return resolveEntry(once, entry as OnceInput, at) ?? [];
  });
}

/** A key from the record goes with every write of it: a target that remembers it answers a change with the first result. */
function reportOwnKey({ context, operation, input }: OnceContext, at: SourceRef): void {
  for (const given of Object.keys(input.with ?? {})) {
    const name = given.replace(/^header\./, '');
    const isKey = operation.parameters.some(
      (parameter) => parameter.in === 'header' && parameter.name === name && /idempoten/i.test(name),
    );
    if (!isKey) continue;
    const problem = `A key that the rules make is the same for each change of a record, and a change would be taken for a repeat. Leave it out, and write once: { kind: key, header: ${name}, lasts: … }, which is of the record, its version and its bytes.`;
    context.found.push(createDiagnostic('invalid-value', { problem }, childOf(at, given)));
  }
}

/** Only a key lapses, so behind anything else no entry is reached; and what never lapses needs no key before it. */
function reportUnreached(context: ResolveContext, given: readonly OnceInput[], at: SourceRef): void {
  given.forEach(({ kind }, index) => {
    const before = given[index - 1]?.kind;
    const problem =
      before !== undefined && before !== 'key'
        ? `This entry is never reached: "${before}" before it never lapses. Leave one of them out, or write a "key" first.`
        : before === 'key' && kind === 'upsert'
          ? 'An upsert never lapses, so the key before it adds nothing. Leave the key out.'
          : before === 'key' && kind === 'key'
            ? 'One key goes with a write. Write look-up for what decides once it has lapsed.'
            : undefined;
    if (problem !== undefined)
      context.found.push(createDiagnostic('invalid-value', { problem }, childOf(at, index)));
  });
}

function resolveEntry(once: OnceContext, entry: OnceInput, at: SourceRef): OnceModel | undefined {
  const { context, operation, input } = once;
  if (entry.kind === 'look-up') return resolveLookUp(once, entry, at);
  if (entry.kind === 'accept-duplicates') {
    if (entry.because === undefined)
      context.found.push(
        createDiagnostic('because-missing', { what: 'Accepting duplicates' }, at, { fix: 'because: …' }),
      );
    return { kind: entry.kind, because: entry.because, origin: at };
  }
  if (entry.kind === 'key') {
    const described = operation.parameters.some(
      (parameter) => parameter.in === 'header' && parameter.name.toLowerCase() === entry.header.toLowerCase(),
    );
    if (!described && entry.because === undefined) {
      const what = `An idempotency key in "${entry.header}", a header that ${nameOperation(operation)} does not describe,`;
      context.found.push(
        createDiagnostic('because-missing', { what }, at, {
          fix: 'because: …   # who says that the target honours it',
        }),
      );
    }
    return {
      kind: 'key',
      header: entry.header,
      lastsMs: parseDurationMs(entry.lasts),
      because: entry.because,
      origin: at,
    };
  }
  if (!Object.hasOwn(input.map, entry.by)) {
    const near = didYouMean(entry.by, Object.keys(input.map));
    context.found.push(
      createDiagnostic('unknown-field', { path: entry.by, where: 'the mapping', near }, childOf(at, 'by')),
    );
  }
  return { kind: 'upsert', by: entry.by, because: entry.because, origin: at };
}

function resolveLookUp(
  { context, system }: OnceContext,
  entry: LookUpInput,
  at: SourceRef,
): OnceModel | undefined {
  const operation = system.operations.find(entry.call, childOf(at, 'call'));
  const answer = operation === undefined ? undefined : resolveAnswer(context, operation, childOf(at, 'call'));
  if (operation === undefined || answer === undefined) return undefined;
  const list = resolveRecords(context, operation, answer, entry.records, childOf(at, 'records'));
  if (list === undefined) return undefined;
  const pages = lookUpPages(system, operation);
  checkPages(context, pages, operation, { answer, record: list?.record });
  const filled = [pages?.send, pages?.size?.name].filter((name) => name !== undefined);
  const callInput = resolveCallInput(context, operation, entry.with, childOf(at, 'with'), {
    filled,
    bodyGiven: false,
    system: system.model,
  });
  return {
    kind: 'look-up',
    operation,
    input: callInput,
    records: list.path,
    record: list.record,
    answer,
    pages,
    settleMs: entry.settle === undefined ? undefined : parseDurationMs(entry.settle),
    probes: entry.probes ?? 1,
    origin: at,
  };
}
