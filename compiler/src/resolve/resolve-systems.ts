import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import type { CallRule, SystemModel } from '../model/integration-model.ts';
import type { SystemInput } from '../model/rules-input.ts';
import { childOf, valueAt } from '../source/source-ref.ts';
import type { SourceRef } from '../source/source-ref.ts';
import type { SpecDocument, Workspace } from '../model/workspace.ts';
import { createFacts } from './apply-facts.ts';
import type { Facts } from './apply-facts.ts';
import type { SpecFiles } from './follow-reference.ts';
import { parseRate, parseSetting } from './parse-units.ts';
import { resolveLogin } from './resolve-login.ts';
import { matchesPattern, resolveCallRules, resolvePages } from './resolve-context.ts';
import type { ResolveContext, ResolvedSystem } from './resolve-context.ts';
import { checkServer } from './check-server.ts';
import { createOperationFinder } from './resolve-operations.ts';
import { createSchemaBuilder } from './schema-builder.ts';
import type { SchemaBuilder } from './schema-builder.ts';

export interface SystemParts {
  readonly input: SystemInput;
  readonly resolved: ResolvedSystem;
  readonly schemas: SchemaBuilder;
  readonly facts: Facts;
}

/** One system: its settings, and finders that build only what the rules ask for. */
export function resolveSystem(
  context: ResolveContext,
  name: string,
  input: SystemInput,
  policyCalls: readonly CallRule[],
): SystemParts {
  const { workspace } = context;
  const origin = valueAt(workspace.rulesFile, ['systems', name]);
  const documents = workspace.specs.get(name) ?? [];
  const facts = createFacts(workspace.rulesFile, name, input, documents);
  const schemas = createSchemaBuilder(listFiles(workspace, documents), facts.hook);
  const operations = createOperationFinder(name, documents, schemas);
  const plain: SystemModel = {
    origin,
    name,
    server: parseSetting(input.server),
    auth: { kind: 'none' },
    headers: Object.entries(input.headers ?? {}).map(([header, value]) => ({
      name: header,
      value: parseSetting(value),
    })),
    rate: input.limits?.rate === undefined ? undefined : parseRate(input.limits.rate),
    concurrency: input.limits?.concurrency,
    daily: input.limits?.daily,
    reserve: input.limits?.reserve,
    pools: (input.limits?.pools ?? []).map((pool, index) => ({
      for: pool.for,
      rate: parseRate(pool.rate),
      origin: childOf(origin, 'limits', 'pools', index),
    })),
    calls: [...resolveCallRules(context, input.calls, childOf(origin, 'calls')), ...policyCalls],
    facts: facts.list,
  };
  context.found.push(...checkReserve(input, childOf(origin, 'limits', 'reserve')));
  context.found.push(...checkServer(plain.server, input.auth.kind !== 'none', childOf(origin, 'server')));
  const auth =
    input.auth.kind === 'login' ? resolveLogin(context, plain, operations, input.auth) : input.auth;
  const model = { ...plain, auth };
  const pages = (input.pages ?? []).map((entry, index) => {
    const at = childOf(origin, 'pages', index);
    if (entry.for === undefined)
      context.found.push(createDiagnostic('missing-key', { key: 'for' }, at, { fix: 'for: GET /…' }));
    return { pattern: entry.for ?? '', model: resolvePages(context, entry, at) };
  });
  return { input, resolved: { model, operations, pages }, schemas, facts };
}

/** What only shows once the flows have asked for their operations. */
export function reportSystem(parts: SystemParts): Diagnostic[] {
  return [
    ...parts.schemas.found,
    ...parts.resolved.operations.found,
    ...parts.facts.report(),
    ...listUnusedNames(parts),
  ];
}

/** Facts and patterns that no operation of the system fits. */
function listUnusedNames({ input, resolved }: SystemParts): Diagnostic[] {
  const { origin } = resolved.model;
  const { names } = resolved.operations;
  const facts = (input.facts ?? []).flatMap(({ call }, index) => {
    const wanted = call?.trim().replaceAll(/\s+/g, ' ').toLowerCase();
    if (call === undefined || names.some(({ name, id }) => id === call || name.toLowerCase() === wanted))
      return [];
    const near = didYouMean(
      call,
      names.flatMap(({ name, id }) => [name, id ?? '']),
    );
    return [
      createDiagnostic('fact-no-match', { target: call, near }, childOf(origin, 'facts', index, 'call')),
    ];
  });
  const patterns = [
    ...(input.pages ?? []).map((entry, index) => ({
      pattern: entry.for,
      at: childOf(origin, 'pages', index, 'for'),
    })),
    ...(input.limits?.pools ?? []).map((entry, index) => ({
      pattern: entry.for,
      at: childOf(origin, 'limits', 'pools', index, 'for'),
    })),
  ].flatMap(({ pattern, at }) => {
    if (pattern === undefined || names.some(({ name }) => matchesPattern(pattern, name))) return [];
    return [createDiagnostic('unused-pattern', { pattern, system: resolved.model.name }, at)];
  });
  return [...facts, ...patterns];
}

/** What is kept is a part of the day. */
function checkReserve({ limits }: SystemInput, at: SourceRef): Diagnostic[] {
  const { daily, reserve } = limits ?? {};
  if (reserve === undefined || (daily !== undefined && reserve < daily)) return [];
  const problem =
    daily === undefined
      ? '"reserve" is a part of the calls of a day. Say in "daily" how many there are, or leave it out.'
      : `Of ${daily} calls a day ${reserve} cannot be kept: nothing would be left for a backfill.`;
  return [createDiagnostic('invalid-value', { problem }, at)];
}

/** A system sees its own descriptions after its overlays, and every other file as it was read. */
function listFiles(workspace: Workspace, own: readonly SpecDocument[]): SpecFiles {
  const documents = new Map(workspace.documents);
  for (const document of own) documents.set(document.file, document);
  return { documents, refusals: workspace.refusals, copies: workspace.copies };
}
