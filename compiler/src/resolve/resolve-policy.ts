import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import type { PolicyModel } from '../model/integration-model.ts';
import type { PolicyInput } from '../model/rules-input.ts';
import { childOf, keyAt, valueAt } from '../source/source-ref.ts';
import type { SourceRef } from '../source/source-ref.ts';
import { resolveCallRules } from './resolve-context.ts';
import type { ResolveContext } from './resolve-context.ts';

/** The answers that come with Mortise: section 8.3 has those about calls. */
export const STANDARD: PolicyModel = {
  name: 'standard',
  required: 'review',
  optional: 'omit',
  invalid: 'review',
  none: 'review',
  many: 'review',
  calls: [],
  because: undefined,
};

/** These lose a record, or a part of one, without anybody looking at it. */
const SILENT: ReadonlySet<string> = new Set(['skip', 'fail', 'blank']);

/** The policy that the rules accept, with what it takes from those that it extends. */
export function resolvePolicy(context: ResolveContext): PolicyModel | undefined {
  const { rules, rulesFile } = context.workspace;
  const top = (key: string): SourceRef => valueAt(rulesFile, [key]);
  const known = rules.policies ?? {};
  for (const [name, input] of Object.entries(known))
    checkPolicy(context, name, input, childOf(top('policies'), name));
  reportUnused(context);
  if (rules.policy === undefined) return undefined;
  return findPolicy(context, rules.policy, { at: top('policy'), above: [] });
}

/** A policy answers where it is chosen, or where one that is chosen extends it. */
function reportUnused({ workspace, found }: ResolveContext): void {
  const { rules, rulesFile } = workspace;
  const known = rules.policies ?? {};
  const taken = new Set<string>();
  for (let name = rules.policy; name !== undefined && !taken.has(name);) {
    taken.add(name);
    name = Object.hasOwn(known, name) ? known[name]?.extends : undefined;
  }
  const chosen =
    rules.policy === undefined ? 'the rules have no "policy"' : `the rules have policy: ${rules.policy}`;
  for (const name of Object.keys(known))
    if (!taken.has(name))
      found.push(createDiagnostic('unused-policy', { name, chosen }, keyAt(rulesFile, ['policies', name])));
}

function checkPolicy(context: ResolveContext, name: string, input: PolicyInput, at: SourceRef): void {
  if (name === 'standard') {
    const problem =
      '"standard" is the policy that comes with Mortise. Give yours another name; it may extend it.';
    context.found.push(createDiagnostic('invalid-value', { problem }, at));
  }
  const silent = (['required', 'optional', 'invalid', 'none', 'many'] as const).find((key) =>
    SILENT.has(input[key] ?? ''),
  );
  if (silent === undefined || input.because !== undefined) return;
  context.found.push(
    createDiagnostic(
      'because-missing',
      { what: `"${silent}: ${input[silent]}" of the policy ${name}` },
      childOf(at, silent),
      { fix: 'because: …' },
    ),
  );
}

function findPolicy(
  context: ResolveContext,
  name: string,
  { at, above }: { readonly at: SourceRef; readonly above: readonly string[] },
): PolicyModel | undefined {
  if (name === 'standard') return STANDARD;
  const { rules, rulesFile } = context.workspace;
  const known = rules.policies ?? {};
  const input = Object.hasOwn(known, name) ? known[name] : undefined;
  if (input === undefined) {
    const near = didYouMean(name, ['standard', ...Object.keys(known)]);
    const problem = `There is no policy "${name}".${near} Policies are standard${Object.keys(known)
      .map((entry) => `, ${entry}`)
      .join('')}.`;
    context.found.push(createDiagnostic('invalid-value', { problem }, at));
    return undefined;
  }
  if (above.includes(name)) {
    const problem = `The policy "${name}" extends itself (${[...above, name].join(' → ')}).`;
    context.found.push(createDiagnostic('invalid-value', { problem }, at));
    return undefined;
  }
  const origin = valueAt(rulesFile, ['policies', name]);
  const base =
    input.extends === undefined
      ? undefined
      : findPolicy(context, input.extends, { at: childOf(origin, 'extends'), above: [...above, name] });
  return {
    name,
    required: input.required ?? base?.required,
    optional: input.optional ?? base?.optional,
    invalid: input.invalid ?? base?.invalid,
    none: input.none ?? base?.none,
    many: input.many ?? base?.many,
    calls: [...resolveCallRules(context, input.calls, childOf(origin, 'calls')), ...(base?.calls ?? [])],
    because: input.because ?? base?.because,
  };
}
