import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import { suggest } from '../diagnostics/suggest.ts';
import type { Operation } from '../model/api-model.ts';
import { nameOperation } from '../model/api-model.ts';
import type { LoginInput } from '../model/auth-input.ts';
import { parseFieldPath } from '../model/field-path.ts';
import type { FieldPath } from '../model/field-path.ts';
import type { AuthModel, SystemModel } from '../model/integration-model.ts';
import { childOf } from '../source/source-ref.ts';
import type { SourceRef } from '../source/source-ref.ts';
import { resolveCallInput } from './resolve-call-input.ts';
import { resolvePath } from './resolve-context.ts';
import type { ResolveContext } from './resolve-context.ts';
import type { OperationFinder } from './resolve-operations.ts';
import { findAnswer } from './resolve-source.ts';

const NOWHERE: FieldPath = { text: '', steps: [] };

/**
 * The call of a login: an operation of the description, or a method and a path that the description leaves out, as many
 * do. What is described is held against the description.
 */
export function resolveLogin(
  context: ResolveContext,
  system: SystemModel,
  operations: OperationFinder,
  input: LoginInput,
): AuthModel {
  const origin = childOf(system.origin, 'auth');
  const at = childOf(origin, 'call');
  const { call, take, ...rest } = input;
  const given = parseCall(call);
  const operation =
    given === undefined || isDescribed(given, operations) ? operations.find(call, at) : undefined;
  const { method, path } = operation ?? given ?? { method: 'POST', path: '/' };
  if (path.includes('{')) {
    const problem = `The path ${path} has parameters, and a login has no record to fill them from. Write the path as it is called: POST /sessions.`;
    context.found.push(createDiagnostic('invalid-value', { problem }, at));
  }
  if (operation !== undefined) checkFields(context, system, operation, input);
  return { ...rest, method, path, take: resolveTake(context, take, operation, childOf(origin, 'take')) };
}

interface PlainCall {
  readonly method: string;
  readonly path: string;
}

/** `POST /session`; undefined for an operationId. */
function parseCall(call: string): PlainCall | undefined {
  const match = /^\s*(GET|POST|PUT|PATCH)\s+(\/\S*)\s*$/i.exec(call);
  return match === null ? undefined : { method: (match[1] ?? '').toUpperCase(), path: match[2] ?? '' };
}

/** Or nearly: then it is a slip of the pen, and not a gap of the description. */
function isDescribed(call: PlainCall, { names }: OperationFinder): boolean {
  const [, above = '', last = ''] = /^(.*\/)([^/]*)$/.exec(nameOperation(call)) ?? [];
  const beside = names.flatMap(({ name }) =>
    name.startsWith(above) && !name.slice(above.length).includes('/') ? [name.slice(above.length)] : [],
  );
  return suggest(last, beside) !== undefined;
}

function checkFields(
  context: ResolveContext,
  system: SystemModel,
  operation: Operation,
  { body, form }: LoginInput,
): void {
  // A body without described fields takes any.
  if (operation.body !== undefined && operation.body.schema.properties.size === 0) return;
  const key = form === undefined ? 'body' : 'form';
  const at = childOf(system.origin, 'auth', ...(body === undefined && form === undefined ? [] : [key]));
  const options = { filled: [], bodyGiven: false, system };
  resolveCallInput(context, operation, body ?? form ?? {}, at, options);
}

function resolveTake(
  context: ResolveContext,
  text: string,
  operation: Operation | undefined,
  at: SourceRef,
): FieldPath {
  const answer = operation === undefined ? undefined : findAnswer(operation);
  if (operation !== undefined && answer !== undefined) {
    const where = `the answer of ${nameOperation(operation)}`;
    return resolvePath(context, text, answer, where, at)?.path ?? NOWHERE;
  }
  const path = parseFieldPath(text);
  if (path !== undefined && path.steps.every(({ kind }) => kind !== 'each')) return path;
  const problem = `"${text}" is no path to one token. A path looks like data.token or ["a.b"].`;
  context.found.push(createDiagnostic('invalid-value', { problem }, at));
  return NOWHERE;
}
