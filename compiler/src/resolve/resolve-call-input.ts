import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import type { Operation, Parameter, Schema } from '../model/api-model.ts';
import { nameOperation } from '../model/api-model.ts';
import type { CallInput, SystemModel } from '../model/integration-model.ts';
import { childOf, keyAt } from '../source/source-ref.ts';
import type { SourceRef } from '../source/source-ref.ts';
import { findField } from './find-field.ts';
import { resolveData } from './resolve-context.ts';
import type { ResolveContext } from './resolve-context.ts';

export interface CallInputOptions {
  /** Names that something else fills: paging, the mapped item, an idempotency header. */
  readonly filled: readonly string[];
  /** Whether the body comes from elsewhere (a write's mapping). */
  readonly bodyGiven: boolean;
  readonly system: SystemModel;
}

/** Sorts `with` into parameters and body fields, and finds what is unknown or missing. */
export function resolveCallInput(
  context: ResolveContext,
  operation: Operation,
  given: Readonly<Record<string, unknown>>,
  at: SourceRef,
  options: CallInputOptions,
): CallInput {
  const parameters: CallInput['parameters'][number][] = [];
  const body: CallInput['body'][number][] = [];
  const fields = operation.body?.schema;
  for (const [key, value] of Object.entries(given)) {
    const place = splitPlace(key);
    const parameter = operation.parameters.find(
      (entry) => entry.name === place.name && (place.in === undefined || entry.in === place.in),
    );
    const field =
      place.in === undefined || place.in === 'body' ? findBodyField(fields, place.name) : undefined;
    const data = resolveData(context, value, childOf(at, key));
    const paged = options.filled.find((name) => name.startsWith(`${place.name}.`));
    if (paged !== undefined && parameter === undefined && field !== undefined)
      reportFilled(context, place.name, paged, keyAt(at.file, [...at.path, key]));
    if (parameter !== undefined) parameters.push({ parameter, value: data });
    else if (field !== undefined && !options.bodyGiven)
      body.push({ name: place.name, schema: field, value: data });
    else reportUnknown(context, operation, key, { at, isMapped: field !== undefined });
  }
  reportMissing(context, operation, { parameters, body }, at, options);
  return { parameters, body };
}

/** Two hands on one object: what stands under "with" would be lost, or the page asked for would be. */
function reportFilled(context: ResolveContext, name: string, paged: string, at: SourceRef): void {
  const problem = `"${name}" is made by the paging, which fills "${paged}": take it out of "with"; a size of pages stands under "pages".`;
  context.found.push(createDiagnostic('invalid-value', { problem }, at));
}

function splitPlace(key: string): { readonly name: string; readonly in: string | undefined } {
  const match = /^(path|query|header|cookie|body)\.(.+)$/.exec(key);
  return match === null ? { name: key, in: undefined } : { name: match[2] ?? '', in: match[1] };
}

function findBodyField(schema: Schema | undefined, name: string): Schema | undefined {
  if (schema === undefined) return undefined;
  const field = findField(schema, { text: name, steps: [{ kind: 'name', name }] });
  return field.kind === 'found' ? field.schema : undefined;
}

function reportUnknown(
  context: ResolveContext,
  operation: Operation,
  name: string,
  { at, isMapped }: { readonly at: SourceRef; readonly isMapped: boolean },
): void {
  const near = isMapped ? ' It is part of the body, which the mapping makes: write it under map.' : '';
  const names = [
    ...operation.parameters.map((parameter) => parameter.name),
    ...(operation.body?.schema.properties.keys() ?? []),
  ];
  const related = [{ at: operation.origin, message: 'the operation' }];
  context.found.push(
    createDiagnostic(
      'unknown-parameter',
      { name, operation: nameOperation(operation), near: near || hintNames(name, names) },
      keyAt(at.file, [...at.path, name]),
      { related },
    ),
  );
}

const MOST_NAMED = 8;

function hintNames(name: string, names: readonly string[]): string {
  const near = didYouMean(name, names);
  if (near !== '') return near;
  const more = names.length - MOST_NAMED;
  const listed = names.slice(0, MOST_NAMED).join(', ');
  const known =
    names.length === 0 ? 'It describes none.' : `It takes ${listed}${more > 0 ? ` and ${more} more` : ''}.`;
  return ` ${known} One that the description lacks is added by an overlay.`;
}

function reportMissing(
  context: ResolveContext,
  operation: Operation,
  input: CallInput,
  at: SourceRef,
  options: CallInputOptions,
): void {
  const filled = new Set(options.filled.map((name) => name.toLowerCase()));
  const given = new Set(input.parameters.map(({ parameter }) => parameter.name));
  const headers = new Set(options.system.headers.map((header) => header.name.toLowerCase()));
  const report = (name: string, origin: SourceRef): void => {
    const related = [{ at: origin, message: 'required here' }];
    context.found.push(
      createDiagnostic('missing-parameter', { name, operation: nameOperation(operation) }, at, {
        related,
        fix: `with:\n  ${name}: …`,
      }),
    );
  };
  for (const parameter of operation.parameters.filter((entry) => entry.required)) {
    if (
      given.has(parameter.name) ||
      filled.has(parameter.name.toLowerCase()) ||
      isSystemHeader(parameter, headers)
    )
      continue;
    report(parameter.name, parameter.origin);
  }
  if (options.bodyGiven || operation.body === undefined) return;
  for (const [name, property] of operation.body.schema.properties) {
    if (
      !property.required ||
      filled.has(name.toLowerCase()) ||
      options.filled.some((path) => path.startsWith(`${name}.`)) ||
      input.body.some((field) => field.name === name)
    )
      continue;
    report(name, operation.body.schema.origin);
  }
}

function isSystemHeader(parameter: Parameter, headers: ReadonlySet<string>): boolean {
  const name = parameter.name.toLowerCase();
  return parameter.in === 'header' && (headers.has(name) || name === 'authorization');
}
