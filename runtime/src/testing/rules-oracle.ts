import { parse } from 'yaml';
import { act, brokenKind, decisionFor } from './oracle-decisions.ts';
import type { TargetField, Verdict } from './oracle-decisions.ts';
import { findLookUp, judgeAsked, listFinds, selectPath } from './oracle-asked.ts';
import type { Asked, FindRules, FindScope } from './oracle-asked.ts';
import { blankKind, evaluate, isExpression } from './oracle-expressions.ts';
import type { ExpressionScope } from './oracle-expressions.ts';
import { isOfType } from './oracle-numbers.ts';
import { forField, listUnapplied, listUpsertKeys, readPolicy, shareSettings } from './oracle-policy.ts';
import type { CallRuleText, HasCalls, Policies, Policy } from './oracle-policy.ts';
import { listValues } from './slice-path.ts';
import type { MappingSample } from './mapping-sample.ts';
import * as transforms from './oracle-transforms.ts';
import { compact, placeValue } from './place-value.ts';

/**
 * What a record must become, worked out from the rules file and the target's description alone. It knows nothing of the
 * compiler's plan or the generated code, so that it can disagree with both. For tests only: it runs expressions.
 */
export interface RulesOracle {
  map(flow: string, target: string, sample: MappingSample, options?: OracleOptions): OracleResult;
  /** What the conditions of a flow say of a record; each is asked as soon as what it mentions is known. */
  keep(flow: string, sample: MappingSample, options?: OracleOptions): KeepVerdict;
  /** Whether an answer of success says that the write was refused. */
  refuses(flow: string, target: string, body: unknown): boolean;
  /** The rules about a call's failures, the most specific first. */
  calls(
    flow: string,
    call: { readonly role: string; readonly name?: string | undefined },
    system: string,
  ): readonly CallRuleText[];
  /** The statuses after which a call has applied nothing, as the facts say. */
  unapplied(flow: string, target: string, system: string): readonly string[];
  /** One setting may be the credential of several systems. */
  sharesSettings(system: string, other: string): boolean;
  /** What becomes of a record for which nothing, or more than one thing, is found. */
  find(flow: string, name: string, count: 'none' | 'many'): string;
  /** What stands in the path of a write; `path` is that of its operation. */
  path(flow: string, target: string, path: string, scope: FindScope): Asked;
  /** What a look-up asks for: one of the flow, or the one before a target is created. */
  asks(flow: string, role: 'find' | 'look-up', name: string, scope: FindScope): Asked;
}

export type KeepVerdict = 'kept' | 'skip' | 'review' | 'fail';

export interface OracleOptions {
  readonly config?: unknown;
  /** The hand-written functions, by the names by which expressions call them. */
  readonly custom?: Readonly<Record<string, unknown>>;
  /** Where the target is created by one call and changed by another: which of them. */
  readonly on?: 'create' | 'update';
}

export type OracleResult =
  | { readonly kind: 'mapped'; readonly item: unknown }
  | {
      readonly kind: 'stopped';
      readonly stops: readonly { readonly field: string; readonly action: string }[];
    };

interface Rule {
  readonly value?: unknown;
  readonly as?: string | readonly string[];
  readonly table?: Readonly<Record<string, unknown>>;
  readonly otherwise?: unknown;
  readonly blank?: unknown;
  readonly invalid?: unknown;
  readonly each?: string;
  readonly map?: Readonly<Record<string, unknown>>;
  readonly element?: unknown;
  readonly on?: 'create' | 'update' | 'both';
}

/** The rules as plain data, for whoever else reads them to know what is expected. */
export function parseRules(text: string): unknown {
  return parse(text);
}

export function createRulesOracle(rulesText: string, fields: Readonly<Record<string, unknown>>): RulesOracle {
  // Text that looks like a number stays as it was typed, as the language promises for literals.
  const rules = parse(rulesText) as Record<string, never>;
  const raw = parse(rulesText, { schema: 'failsafe' }) as Record<string, never>;
  const { sentinels } = rules as { readonly sentinels?: readonly string[] };
  return {
    map(flow, target, { source, found = {}, ids = {} }, { config, custom, on } = {}) {
      const find = (root: Record<string, never>) =>
        listTargets(root, flow).find((entry) => entry['name'] === target);
      const given = find(rules)?.['map'] as Readonly<Record<string, unknown>>;
      const typed = find(raw)?.['map'] as Readonly<Record<string, unknown>>;
      const context: Context = {
        source,
        found,
        ids,
        config,
        custom,
        on,
        sentinels,
        zone: (rules as { zone?: string }).zone ?? 'UTC',
        policy: readPolicy(rules as Policies),
        keys: listUpsertKeys(find(rules)?.['once']),
      };
      const known = fields as Readonly<Record<string, TargetField>>;
      const { stops, item } = mapAll({ given, typed, fields: known, above: '' }, context);
      return stops.length > 0 ? { kind: 'stopped', stops } : { kind: 'mapped', item: compact(item) };
    },
    keep: (flow, sample, { config, custom } = {}) =>
      judgeKept(findFlow(rules, flow).keep ?? [], {
        found: {},
        ids: {},
        ...sample,
        config,
        custom,
        sentinels,
      }),
    refuses(flow, target, body) {
      const entry = listTargets(rules, flow).find(({ name }) => name === target) ?? {};
      const { error, results = '' } = (entry['batch'] ?? {}) as {
        readonly error?: string;
        readonly results?: string;
      };
      const scope = {
        source: undefined,
        found: undefined,
        ids: undefined,
        config: undefined,
        body,
        sentinels,
      };
      // A recorded call is one of a single record, so its result is the first.
      const result = [listValues(body, results)[0] ?? []].flat()[0];
      const says = (test: unknown): boolean =>
        typeof test === 'string' && evaluate(test.replace(/^=/, ''), { ...scope, result }) === true;
      return says(entry['unless']) || says(error);
    },
    calls(flow, { role, name = '' }, system) {
      const own = findFlow(rules, flow);
      const target = listTargets(rules, flow).find((entry) => entry['name'] === name) as HasCalls | undefined;
      const nearest = { read: own.from, find: listFinds(own)[name] }[role] ?? target;
      const systems = rules['systems'] as unknown as Readonly<Record<string, HasCalls>>;
      return [nearest, own, systems[system], readPolicy(rules as Policies)].flatMap(
        (level) => level?.calls ?? [],
      );
    },
    unapplied(flow, name, system) {
      const target = listTargets(rules, flow).find((entry) => entry['name'] === name);
      return listUnapplied(rules['systems'], system, target?.['write'] ?? target?.['create']);
    },
    find(flow, name, count) {
      const find = listFinds(findFlow(rules, flow))[name];
      return find?.[count] ?? readPolicy(rules as Policies)[count] ?? 'review';
    },
    sharesSettings: (system, other) => shareSettings(rules['systems'], system, other),
    path(flow, name, path, scope) {
      const target = listTargets(rules, flow).find((entry) => entry['name'] === name);
      return judgeAsked(selectPath(target?.['with'], path), { ...scope, sentinels });
    },
    asks(flow, role, name, scope) {
      const target = listTargets(rules, flow).find((entry) => entry['name'] === name);
      const find = listFinds(findFlow(rules, flow))[name];
      return judgeAsked(role === 'find' ? find?.with : findLookUp(target?.['once']), { ...scope, sentinels });
    },
  };
}

interface FlowRules extends HasCalls {
  readonly from?: HasCalls;
  readonly to?: readonly Record<string, unknown>[];
  readonly keep?: readonly { readonly when: string; readonly otherwise: 'skip' | 'review' | 'fail' }[];
  readonly find?: Readonly<Record<string, HasCalls & FindRules>>;
}

function findFlow(root: Record<string, never>, name: string): FlowRules {
  const flows = root['flows'] as unknown as Readonly<Record<string, FlowRules>>;
  return flows[name] ?? {};
}

function judgeKept(rules: NonNullable<FlowRules['keep']>, scope: ExpressionScope): KeepVerdict {
  for (const { when, otherwise } of rules) {
    try {
      if (evaluate(when.replace(/^=/, ''), scope) !== true) return otherwise;
    } catch {
      return 'review';
    }
  }
  return 'kept';
}

function listTargets(root: Record<string, never>, flow: string): readonly Record<string, unknown>[] {
  return findFlow(root, flow).to ?? [];
}

interface Context extends ExpressionScope {
  readonly on: 'create' | 'update' | undefined;
  readonly zone: string;
  readonly policy: Policy;
  /** Fields by which the target knows an object again. */
  readonly keys: readonly string[];
}

interface Mapping {
  readonly given: Readonly<Record<string, unknown>>;
  readonly typed: Readonly<Record<string, unknown>>;
  readonly fields: Readonly<Record<string, TargetField>>;
  /** Where the object stands: `LineItems[].`. */
  readonly above: string;
}

interface Mapped {
  readonly item: Record<string, unknown>;
  readonly stops: { readonly field: string; readonly action: string }[];
  /** The element that is mapped here is left out. */
  readonly isDropped: boolean;
}

function mapAll({ given, typed, fields, above }: Mapping, context: Context): Mapped {
  const item: Record<string, unknown> = {};
  const stops: { field: string; action: string }[] = [];
  const dropped: string[] = [];
  const found: [string, unknown][] = [];
  for (const [path, entry] of Object.entries(given)) {
    const isRule = typeof entry === 'object' && entry !== null && !Array.isArray(entry);
    const rule: Rule = isRule ? (entry as Rule) : { value: entry };
    if (isForOther(rule, context)) continue;
    // A list that the rules write out has no elements, and is sent so.
    if (Array.isArray(rule.value) && rule.value.length === 0) {
      found.push([path, []]);
      continue;
    }
    const text: Rule = (isRule ? (typed[path] as Rule | undefined) : { value: typed[path] }) ?? {};
    const field = fields[above + path] ?? { type: 'string', required: false };
    const line = { rule, typed: text, field, fields, path: above + path };
    const verdict =
      rule.each === undefined
        ? judge(rule, text, field, forField(above + path, context))
        : mapList(line, stops, context);
    if (verdict.kind === 'stop') stops.push({ field: above + path, action: verdict.action });
    else if (verdict.kind === 'drop') dropped.push(path.slice(0, path.lastIndexOf(']') + 1));
    else if (verdict.kind === 'value') found.push([path, verdict.value]);
  }
  for (const [path, value] of found)
    if (!dropped.some((element) => path.startsWith(`${element}.`))) placeValue(item, path, value);
  if (above === '') placeRequired(item, given, fields, context);
  return { item, stops, isDropped: dropped.includes('') };
}

/** An object that the target requires is sent also where none of its fields is. */
function placeRequired(
  item: Record<string, unknown>,
  given: Mapping['given'],
  fields: Mapping['fields'],
  context: Context,
): void {
  const own = Object.entries(given).filter(([, rule]) => !isForOther(Object(rule) as Rule, context));
  for (const [path, { type, required }] of Object.entries(fields)) {
    if (type !== 'object' || !required || !own.some(([name]) => name.startsWith(`${path}.`))) continue;
    let holder: unknown = item;
    for (const step of path.split('.')) holder = (holder as Record<string, unknown>)[step] ??= {};
  }
}

function isForOther({ on = 'both' }: Rule, context: Context): boolean {
  return context.on !== undefined && on !== 'both' && on !== context.on;
}

/** An element that is one value. */
function mapElement(
  given: unknown,
  at: { readonly typed: Rule; readonly fields: Mapping['fields']; readonly path: string },
  context: Context,
): Omit<Mapped, 'item'> & { readonly item: unknown } {
  const isRule = typeof given === 'object' && given !== null;
  const path = `${at.path}[]`;
  const typed = (isRule ? at.typed.element : { value: at.typed.element }) as Rule;
  const field = at.fields[path] ?? { type: 'string', required: true };
  const verdict = judge(isRule ? (given as Rule) : { value: given }, typed, field, forField(path, context));
  return {
    item: verdict.kind === 'value' ? verdict.value : undefined,
    stops: verdict.kind === 'stop' ? [{ field: path, action: verdict.action }] : [],
    isDropped: verdict.kind === 'drop',
  };
}

/** A list element by element; what stops an element stops the record. */
function mapList(
  at: {
    readonly rule: Rule;
    readonly typed: Rule;
    readonly field: TargetField;
    readonly fields: Mapping['fields'];
    readonly path: string;
  },
  stops: { readonly field: string; readonly action: string }[],
  context: Context,
): Verdict {
  let list: unknown;
  try {
    list = evaluate(String(at.rule.each).slice(1), context);
  } catch {
    return { kind: 'stop', action: 'review' };
  }
  if (list !== undefined && list !== null && !Array.isArray(list)) return { kind: 'stop', action: 'review' };
  const elements = (list ?? []) as readonly unknown[];
  const { element } = at.rule;
  const mapped = elements.map((each): Omit<Mapped, 'item'> & { readonly item: unknown } => {
    if (element !== undefined) return mapElement(element, at, { ...context, each });
    return mapAll(
      {
        given: at.rule.map ?? {},
        typed: at.typed.map ?? {},
        fields: at.fields,
        above: `${at.path}[].`,
      },
      { ...context, each },
    );
  });
  for (const one of mapped) stops.push(...one.stops);
  const kept = mapped.filter(({ isDropped }) => !isDropped).map(({ item }) => item);
  const { minItems = 0, maxItems = kept.length } = at.field;
  if (kept.length > maxItems || (kept.length > 0 && kept.length < minItems))
    stops.push({ field: at.path, action: 'review' });
  if (kept.length > 0) return { kind: 'value', value: kept };
  const kind = list === undefined ? 'absent' : list === null ? 'null' : 'empty';
  const standard = (at.field.required ? context.policy.required : context.policy.optional) ?? 'review';
  return act(decisionFor(at.rule.blank, kind) ?? standard, undefined, at.field);
}

function standardOf(field: TargetField, { policy }: Context): string {
  return (field.required ? policy.required : policy.optional) ?? 'review';
}

function judge(rule: Rule, typed: Rule, field: TargetField, context: Context): Verdict {
  const wantsText = field.type === 'string';
  const values = Array.isArray(rule.value) ? rule.value : [rule.value];
  const texts = Array.isArray(typed.value) ? typed.value : [typed.value];
  let value: unknown;
  try {
    const read = values.map((entry: unknown, index) =>
      isExpression(entry) ? evaluate(entry.slice(1), context) : wantsText ? texts[index] : entry,
    );
    value = read.find((entry) => blankKind(entry, context.sentinels) === undefined) ?? read.at(-1);
  } catch {
    return { kind: 'stop', action: 'review' };
  }
  // What stands in the rules alone is sent as it stands there.
  const isLiteral = !Array.isArray(rule.value) && !isExpression(rule.value);
  const kind = blankKind(value, isLiteral ? [] : context.sentinels);
  if (kind !== undefined) {
    return act(decisionFor(rule.blank, kind) ?? standardOf(field, context), value, field);
  }
  // A text that goes into a number, as a fact allows, is read as one, digit for digit.
  const implied = field.decimalText === true ? 'decimal' : [];
  for (const step of [rule.as ?? (rule.table === undefined ? implied : [])].flat() as string[]) {
    const [, name = step, argument] = /^([a-z][a-z0-9-]*)(?:\((.*)\))?$/.exec(step) ?? [];
    const made = transforms.apply(name, value, argument, context.zone);
    if (!made.ok)
      return act(decisionFor(rule.invalid, 'format') ?? context.policy.invalid ?? 'review', value, field);
    value = made.value;
    // What is made of a value may stand for nothing.
    const left = blankKind(value, context.sentinels);
    if (left !== undefined)
      return act(decisionFor(rule.blank, left) ?? standardOf(field, context), value, field);
  }
  if (rule.table !== undefined) {
    if (!Object.hasOwn(rule.table, String(value))) return act(rule.otherwise ?? 'review', value, field);
    return { kind: 'value', value: wantsText ? typed.table?.[String(value)] : rule.table[String(value)] };
  }
  const broken =
    field.enum === undefined && !isOfType(value, field.type) ? 'format' : brokenKind(value, field);
  return broken === undefined
    ? { kind: 'value', value }
    : act(decisionFor(rule.invalid, broken) ?? context.policy.invalid ?? 'review', value, field);
}
