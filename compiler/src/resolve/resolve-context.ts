import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import type { Operation, Schema } from '../model/api-model.ts';
import { parseFieldPath } from '../model/field-path.ts';
import type { FieldPath } from '../model/field-path.ts';
import type {
  CallRule,
  Data,
  Expression,
  PagesModel,
  SystemModel,
  Value,
} from '../model/integration-model.ts';
import type { EmptyList, CallRuleInput, PagesInput, Scalar } from '../model/rules-input.ts';
import type { Workspace } from '../model/workspace.ts';
import { childOf, keyAt } from '../source/source-ref.ts';
import type { SourceRef } from '../source/source-ref.ts';
import { checkCallRules } from './check-call-rules.ts';
import { findField } from './find-field.ts';
import { LONGEST_MS, parseDurationMs, parseStatusMatch } from './parse-units.ts';
import type { OperationFinder } from './resolve-operations.ts';

/** What the resolvers share: the workspace, the systems by name, and the place for findings. */
export interface ResolveContext {
  readonly workspace: Workspace;
  readonly systems: ReadonlyMap<string, ResolvedSystem>;
  readonly found: Diagnostic[];
}

export interface ResolvedSystem {
  readonly model: SystemModel;
  readonly operations: OperationFinder;
  readonly pages: readonly { readonly pattern: string; readonly model: PagesModel }[];
}

export function findSystem(context: ResolveContext, name: string, at: SourceRef): ResolvedSystem | undefined {
  const system = context.systems.get(name);
  if (system === undefined) {
    const near = didYouMean(name, context.systems.keys());
    context.found.push(createDiagnostic('unknown-system', { name, near }, at));
  }
  return system;
}

/** A path that must exist in a schema; undefined (and a finding with both places) where it does not. */
export function resolvePath(
  context: ResolveContext,
  text: string,
  root: Schema,
  where: string,
  at: SourceRef,
): { readonly path: FieldPath; readonly schema: Schema; readonly readOnly: boolean } | undefined {
  const path = parseFieldPath(text);
  if (path === undefined) {
    const problem = `"${text}" is no path. A path looks like Contacts[0].Name or ["a.b"].`;
    context.found.push(createDiagnostic('invalid-value', { problem }, at));
    return undefined;
  }
  const field = findField(root, path);
  if (field.kind === 'missing') {
    const related = [{ at: root.origin, message: 'the description of it' }];
    context.found.push(
      createDiagnostic('unknown-field', { path: field.path, where, near: field.near }, at, { related }),
    );
    return undefined;
  }
  return { path, schema: { ...field.schema, nullable: field.nullable }, readOnly: field.readOnly };
}

/** A scalar of the rules: TypeScript where it begins with `=`, else itself, as it was typed. */
export function resolveValue(context: ResolveContext, given: Scalar | EmptyList, at: SourceRef): Value {
  if (typeof given === 'string' && given.startsWith('='))
    return { kind: 'expression', expression: resolveExpression(given, at), at };
  if (typeof given === 'string' && /^\s+=/.test(given)) {
    const problem =
      'A blank stands before the "=", so this would be sent as it is. Write it without, or as ="…" where the text is meant.';
    context.found.push(createDiagnostic('invalid-value', { problem }, at));
  }
  const text = context.workspace.sourceText(at.path) ?? (Array.isArray(given) ? '[]' : String(given));
  return { kind: 'literal', value: given, text, at };
}

export function resolveExpression(given: string, at: SourceRef): Expression {
  return { text: given.slice(1), at };
}

export function resolveData(context: ResolveContext, given: unknown, at: SourceRef): Data {
  if (Array.isArray(given)) {
    return {
      kind: 'list',
      items: given.map((item, index) => resolveData(context, item, childOf(at, index))),
      at,
    };
  }
  if (typeof given === 'object' && given !== null) {
    const entries = Object.entries(given).map(
      ([key, value]) => [key, resolveData(context, value, childOf(at, key))] as const,
    );
    return { kind: 'map', entries, at };
  }
  return resolveValue(context, given as Scalar, at);
}

export function resolveCallRules(
  context: ResolveContext,
  given: readonly CallRuleInput[] | undefined,
  at: SourceRef,
): CallRule[] {
  const rules = (given ?? []).map((rule, index) => {
    const origin = childOf(at, index);
    const on = [rule.on].flat().flatMap((status) => {
      const match = parseStatusMatch(status as string | number);
      if (match?.kind === 'range' && match.from > match.to) {
        const problem = `"${String(status)}" runs backwards. Write ${match.to}-${match.from}.`;
        context.found.push(createDiagnostic('invalid-value', { problem }, childOf(origin, 'on')));
        return [];
      }
      if (match !== undefined) return [match];
      const problem = `"${String(status)}" is no status (404, 4xx, 500-504) and no class (not-sent, unknown, timeout, malformed, too-large).`;
      context.found.push(createDiagnostic('invalid-value', { problem }, childOf(origin, 'on')));
      return [];
    });
    const when = rule.when === undefined ? undefined : resolveExpression(rule.when, childOf(origin, 'when'));
    if (rule.after !== undefined && rule.do !== 'wait' && rule.do !== 'pause') {
      const problem =
        '"after" says how long to wait or pause where the server names no time. Write do: wait or do: pause.';
      context.found.push(createDiagnostic('invalid-value', { problem }, childOf(origin, 'after')));
    }
    const afterMs = rule.after === undefined ? undefined : parseDurationMs(rule.after);
    if (afterMs !== undefined && afterMs > LONGEST_MS) {
      const problem = `A pause of ${rule.after} is more than a year. Write at most 366d, or do: halt, which waits for a person.`;
      context.found.push(createDiagnostic('invalid-value', { problem }, childOf(origin, 'after')));
    }
    return { origin, on, when, do: rule.do, afterMs, because: rule.because };
  });
  context.found.push(...checkCallRules(rules));
  return rules;
}

export function resolvePages(context: ResolveContext, given: PagesInput, origin: SourceRef): PagesModel {
  const next = given.next === undefined ? undefined : parseFieldPath(given.next);
  if (given.next !== undefined && next === undefined) {
    const problem = `"${given.next}" is no path. A path looks like paging.next.after.`;
    context.found.push(createDiagnostic('invalid-value', { problem }, childOf(origin, 'next')));
  }
  const need = (key: 'next' | 'send'): void => {
    if (given[key] === undefined)
      context.found.push(createDiagnostic('missing-key', { key }, origin, { fix: `${key}: …` }));
  };
  if ((given.kind === 'cursor' && given.last === undefined) || given.kind === 'next-url') need('next');
  if (given.kind === 'cursor' || given.kind === 'page' || given.kind === 'offset') need('send');
  if (given.kind === 'none' && given.because === undefined) {
    context.found.push(
      createDiagnostic('because-missing', { what: '"pages: none"' }, origin, { fix: 'because: …' }),
    );
  }
  const last = given.last === undefined ? undefined : parseFieldPath(given.last);
  if (given.last !== undefined && (last === undefined || given.kind !== 'cursor')) {
    const problem =
      last === undefined
        ? `"${given.last}" is no path. A path looks like id.`
        : '"last" names the record behind which the next page begins, which only a cursor does. Write kind: cursor.';
    context.found.push(createDiagnostic('invalid-value', { problem }, childOf(origin, 'last')));
  }
  const isCounted = given.kind === 'page' || given.kind === 'offset';
  if (isCounted && given.next !== undefined && (given.until ?? 'missing') !== 'missing') {
    const problem = `"next" is not looked at where a page that is ${given.until} is the last. Leave one of the two out.`;
    context.found.push(createDiagnostic('invalid-value', { problem }, childOf(origin, 'until')));
  }
  const [size] = Object.entries(given.size ?? {});
  return {
    origin,
    kind: given.kind,
    next,
    last,
    send: given.send,
    size: size === undefined ? undefined : { name: size[0], count: size[1] },
    until: given.until ?? (isCounted && given.next === undefined ? endOf(size) : 'missing'),
    isUntilStated: given.until !== undefined,
    depth: given.depth,
    start: given.start ?? (given.kind === 'page' ? 1 : 0),
    because: given.because,
  };
}

/** Of pages whose size nobody has asked for, none is known to be shorter than it could be. */
function endOf(size: readonly [string, number] | undefined): PagesModel['until'] {
  return size === undefined ? 'empty' : 'short';
}

/** The paging that holds for an operation: its own, else the system's first pattern that fits. */
export function choosePages(
  system: ResolvedSystem,
  operation: Operation,
  own: PagesModel | undefined,
): PagesModel | undefined {
  if (own !== undefined) return own;
  const name = `${operation.method} ${operation.path}`;
  return system.pages.find(({ pattern }) => matchesPattern(pattern, name))?.model;
}

/**
 * `POST …search` against `POST /crm/contacts/search`: `*` stands for anything, the rest for itself. Each part is taken
 * where it comes first, so that many stars cost no more than one: a regular expression would try every combination.
 */
export function matchesPattern(pattern: string, name: string): boolean {
  const [first = '', ...rest] = pattern.toLowerCase().split('*');
  const text = name.toLowerCase();
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

export function keyOf(at: SourceRef): SourceRef {
  return keyAt(at.file, at.path);
}
