import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import { wantsText } from '../model/api-model.ts';
import type { Schema } from '../model/api-model.ts';
import { formatGeneralPath, formatSteps } from '../model/field-path.ts';
import type { FieldPath, FieldStep } from '../model/field-path.ts';
import type {
  Decision,
  DecisionRule,
  EachModel,
  FieldModel,
  TransformCall,
} from '../model/integration-model.ts';
import { BLANK_ACTIONS, BLANK_KINDS, INVALID_ACTIONS, INVALID_KINDS } from '../model/rules-input.ts';
import type { DecisionInput, FieldInput, FieldRuleInput, Scalar } from '../model/rules-input.ts';
import { childOf } from '../source/source-ref.ts';
import type { SourceRef } from '../source/source-ref.ts';
import { listMapFaults } from './check-map-paths.ts';
import { resolveExpression, resolvePath, resolveValue } from './resolve-context.ts';
import type { ResolveContext } from './resolve-context.ts';

export interface RequiredField {
  readonly path: string;
  readonly because: 'spec' | 'fact';
  readonly origin: SourceRef;
}

export interface FieldEntry {
  readonly path: string;
  readonly rule: FieldInput;
  readonly at: SourceRef;
  /** The list in whose elements it stands. */
  readonly above: FieldPath | undefined;
  /** Whose fields these are, for people. */
  readonly where: string;
}

/** The lines of a mapping, or of one below `each`. */
export function resolveFields(
  context: ResolveContext,
  map: Readonly<Record<string, FieldInput>>,
  {
    item,
    at,
    above,
    where,
  }: {
    readonly item: Schema;
    readonly at: SourceRef;
    readonly above?: FieldPath;
    readonly where: string;
  },
  required: readonly RequiredField[],
): FieldModel[] {
  return Object.entries(map).flatMap(
    ([path, rule]) =>
      resolveField(context, { path, rule, at: childOf(at, path), above, where }, item, required) ?? [],
  );
}

/** One line of a mapping. */
function resolveField(
  context: ResolveContext,
  entry: FieldEntry,
  item: Schema,
  required: readonly RequiredField[],
): FieldModel | undefined {
  const { at } = entry;
  const keyRef: SourceRef = { file: at.file, path: at.path, part: 'key' };
  // Of a field that neither creation nor update has, the first has spoken.
  if (context.found.some(({ code, at: place }) => code === 'unknown-field' && isSamePlace(place, keyRef)))
    return undefined;
  const own = resolvePath(context, entry.path, item, entry.where, keyRef);
  if (own === undefined) return undefined;
  const path = entry.above === undefined ? own.path : belowEach(entry.above, own.path);
  const general = formatGeneralPath(path);
  const isRequired = required.some(
    (field) => field.path === general || field.path === formatSteps(path.steps),
  );
  return buildField(context, entry, { ...own, path, required: isRequired }, required);
}

/** A field of the target, or an element of a list, that the rules fill. */
interface FilledPlace {
  readonly path: FieldPath;
  readonly schema: Schema;
  readonly required: boolean;
  readonly readOnly: boolean;
}

function buildField(
  context: ResolveContext,
  entry: Pick<FieldEntry, 'rule' | 'at' | 'where'>,
  place: FilledPlace,
  required: readonly RequiredField[],
): FieldModel {
  const { at } = entry;
  const rule = toRule(entry.rule);
  const valueAt = isRule(entry.rule) ? childOf(at, 'value') : at;
  const { schema, path } = place;
  const forBlank = { kinds: BLANK_KINDS, actions: BLANK_ACTIONS, schema };
  const forInvalid = { kinds: INVALID_KINDS, actions: INVALID_ACTIONS, schema };
  const { otherwise } = rule;
  return {
    origin: at,
    path,
    schema,
    required: place.required,
    readOnly: place.readOnly,
    values: resolveValues(context, rule.value, valueAt),
    as: resolveTransforms(rule.as, childOf(at, 'as')),
    table: resolveTable(rule.table, childOf(at, 'table')),
    otherwise:
      otherwise === undefined
        ? undefined
        : resolveDecision(context, otherwise, forInvalid, childOf(at, 'otherwise')),
    blank: resolveDecisions(context, rule.blank, forBlank, childOf(at, 'blank')),
    invalid: resolveDecisions(context, rule.invalid, forInvalid, childOf(at, 'invalid')),
    because: rule.because,
    each: resolveEach(context, rule, { schema, path, at, where: entry.where }, required),
  };
}

function isSamePlace(left: SourceRef, right: SourceRef): boolean {
  return left.file === right.file && left.path.join('\0') === right.path.join('\0');
}

/** `LineItems` and `Quantity` make `LineItems[].Quantity`. */
function belowEach(list: FieldPath, field: FieldPath): FieldPath {
  const steps: readonly FieldStep[] = [...list.steps, { kind: 'each' }, ...field.steps];
  return { text: formatSteps(steps), steps };
}

function resolveEach(
  context: ResolveContext,
  rule: FieldRuleInput,
  {
    schema,
    path,
    at,
    where,
  }: {
    readonly schema: Schema;
    readonly path: FieldPath;
    readonly at: SourceRef;
    readonly where: string;
  },
  required: readonly RequiredField[],
): EachModel | undefined {
  if (rule.each === undefined) {
    if (rule.map !== undefined || rule.element !== undefined)
      context.found.push(createDiagnostic('missing-key', { key: 'each' }, at, { fix: 'each: =source.…' }));
    return undefined;
  }
  const report = (problem: string, place: SourceRef): undefined => {
    context.found.push(createDiagnostic('invalid-value', { problem }, place));
  };
  if (schema.items === undefined)
    return report(`"each" makes a list, and ${path.text} is none.`, childOf(at, 'each'));
  const isPlain = isScalarSchema(schema.items, rule.element !== undefined);
  for (const key of ['value', 'as', 'table', 'otherwise', 'invalid'] as const)
    if (rule[key] !== undefined)
      report(
        `"${key}" belongs to a field of one value; beside "each" stands ${isPlain ? '"element"' : '"map"'}.`,
        childOf(at, key),
      );
  if (schema.items.items !== undefined)
    return report(
      `${path.text} is a list of lists, which rules cannot make. Have a function of your own write it as text, or leave it out.`,
      childOf(at, 'each'),
    );
  const list = resolveExpression(rule.each, childOf(at, 'each'));
  if (isPlain) {
    if (rule.map !== undefined)
      return report(
        `The elements of ${path.text} are plain values and have no fields. Write element: =each, or element: { value: =each, blank: drop }.`,
        childOf(at, 'map'),
      );
    if (rule.element === undefined) {
      const fix = 'element: =each   # or: { value: =each, as: …, blank: drop }';
      context.found.push(createDiagnostic('missing-key', { key: 'element' }, at, { fix }));
      return undefined;
    }
    const element = {
      path: belowEach(path, { text: '', steps: [] }),
      schema: schema.items,
      required: true,
      readOnly: schema.items.readOnly,
    };
    if (isRule(rule.element) && rule.element.on !== undefined)
      report('"on" is said of the list, and not of its elements.', childOf(at, 'element', 'on'));
    const entry = { rule: rule.element, at: childOf(at, 'element'), where };
    return { list, schema: schema.items, fields: [buildField(context, entry, element, required)] };
  }
  if (rule.element !== undefined)
    return report(
      `The elements of ${path.text} have fields. Write "map" in place of "element".`,
      childOf(at, 'element'),
    );
  if (rule.map === undefined) {
    context.found.push(createDiagnostic('missing-key', { key: 'map' }, at, { fix: 'map:\n  …: =each.…' }));
    return undefined;
  }
  if (Object.keys(rule.map).length === 0)
    return report(
      'An element without fields says nothing. Write its fields, as in number: =each.…',
      childOf(at, 'map'),
    );
  context.found.push(...listMapFaults(Object.keys(rule.map), childOf(at, 'map')));
  return {
    list,
    schema: schema.items,
    fields: resolveFields(
      context,
      rule.map,
      { item: schema.items, at: childOf(at, 'map'), above: path, where },
      required,
    ),
  };
}

/** Text, a number, true or false: something without fields. @param isMeant where nothing is said of it, and fields may stand there as well */
function isScalarSchema(
  { types, properties, items, variants, additional, enum: members }: Schema,
  isMeant: boolean,
): boolean {
  const isHolder =
    properties.size > 0 || items !== undefined || variants.length > 0 || additional !== undefined;
  const isOpen = types.length === 0 && members === undefined;
  return !isHolder && (isOpen ? isMeant : !types.includes('object'));
}

function resolveTable(given: FieldRuleInput['table'], at: SourceRef): FieldModel['table'] {
  if (given === undefined) return undefined;
  return Object.entries(given).map(([from, to]) => ({ from, to, origin: childOf(at, from) }));
}

function toRule(rule: FieldInput): FieldRuleInput {
  return isRule(rule) ? rule : { value: rule };
}

export function isRule(rule: FieldInput): rule is FieldRuleInput {
  return typeof rule === 'object' && rule !== null && !Array.isArray(rule);
}

function resolveValues(
  context: ResolveContext,
  given: FieldRuleInput['value'] | undefined,
  at: SourceRef,
): FieldModel['values'] {
  if (Array.isArray(given) && given.length === 0) return [resolveValue(context, [], at)];
  if (Array.isArray(given))
    return given.map((value: Scalar, index) => resolveValue(context, value, childOf(at, index)));
  return given === undefined ? [] : [resolveValue(context, given as Scalar, at)];
}

function resolveTransforms(given: FieldRuleInput['as'], at: SourceRef): TransformCall[] {
  if (given === undefined) return [];
  const isList = Array.isArray(given);
  return [given].flat().map((text, index) => {
    const place = isList ? childOf(at, index) : at;
    const [, name = String(text), argument] = /^([a-z][a-z0-9-]*)(?:\((.*)\))?$/.exec(String(text)) ?? [];
    return { name, argument, at: place };
  });
}

interface DecisionRules {
  readonly actions: readonly string[];
  readonly schema: Schema;
}

function resolveDecision(
  context: ResolveContext,
  given: DecisionInput,
  { actions, schema }: DecisionRules,
  at: SourceRef,
): Decision {
  if (typeof given === 'object') {
    const typed =
      wantsText(schema) && given.default !== null
        ? context.workspace.sourceText([...at.path, 'default'])
        : undefined;
    return { default: typed ?? given.default };
  }
  if (!actions.includes(given)) {
    const problem = `"${given}" is no action here. Actions are ${actions.join(', ')}, and { default: … }.`;
    context.found.push(createDiagnostic('invalid-value', { problem }, at));
  }
  return { action: given };
}

function resolveDecisions<K extends string>(
  context: ResolveContext,
  given: DecisionInput | Readonly<Partial<Record<K, DecisionInput>>> | undefined,
  known: DecisionRules & { readonly kinds: readonly K[] },
  origin: SourceRef,
): DecisionRule<K> | undefined {
  if (given === undefined) return undefined;
  if (typeof given === 'string' || 'default' in given) {
    return {
      origin,
      all: resolveDecision(context, given as DecisionInput, known, origin),
      byKind: new Map(),
    };
  }
  const byKind = new Map<K, Decision>();
  for (const [key, decision] of Object.entries(given) as [K, DecisionInput][]) {
    const at = childOf(origin, key);
    // YAML reads a bare `null:` as the key null, which a map in JavaScript holds as an empty text.
    const kind = (key as string) === '' ? ('null' as K) : key;
    if (!known.kinds.includes(kind)) {
      const problem = `"${kind}" is no kind here. Kinds are ${known.kinds.join(', ')}.`;
      context.found.push(createDiagnostic('invalid-value', { problem }, at));
    }
    byKind.set(kind, resolveDecision(context, decision, known, at));
  }
  return { origin, all: undefined, byKind };
}
