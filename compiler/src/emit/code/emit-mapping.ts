import { CHECKED_FORMATS } from '../../check/satisfies-text.ts';
import { coerceLiteral, wantsText } from '../../check/coerce-literal.ts';
import { actionOf } from '../../check/format-decision.ts';
import type { ChosenDecision } from '../../model/checked-model.ts';
import type { Decision, Expression, FieldModel, Value } from '../../model/integration-model.ts';
import type {
  FieldPlan,
  FlowPlan,
  MappingPlan,
  ResultNode,
  ServicePlan,
  TargetPlan,
} from '../../model/service-plan.ts';
import { comment, key, literal, pattern, quote } from '../text/code-literals.ts';
import { printCheckedValue } from '../text/print-data.ts';
import { listHelpers } from '../text/print-expression.ts';
import { emitHeader, emitHelperImports, emitImport, emitSystemImports } from './emit-header.ts';
import { emitTransform } from './emit-transform.ts';
import { formatNumber } from '../text/format-number.ts';

/** A mapping: one statement a field, then the object. */
export function emitMapping(plan: ServicePlan, flow: FlowPlan, target: TargetPlan): string {
  const { mapping } = target;
  const values = new Set<string>();
  const body = emitStatements(plan, mapping.fields, mapping.root, values);
  for (const helper of listHelpers(body)) values.add(helper);
  const scope = emitScope(flow, mapping);
  const parameters = [
    `source: ${flow.recordType}`,
    'map: Mapper',
    ...(scope === undefined ? [] : [scope]),
    ...(mapping.usesConfig ? ['config: Config'] : []),
  ];
  const usesFound = mapping.scope.includes('found') && flow.foundType !== undefined;
  return [
    emitHeader(plan),
    emitHelperImports(plan, [...values], '../blanks.ts'),
    emitImport(['Mapper', ...(scope === undefined ? [] : ['Scope'])], '@mortise/runtime', 'type'),
    mapping.usesConfig ? emitImport(['Config'], '../config.ts', 'type') : '',
    mapping.usesCustom ? emitImport(['custom'], '../custom.ts') : '',
    usesFound
      ? emitImport([flow.foundType ?? ''], `../flows/${flow.file.slice('src/flows/'.length)}`, 'type')
      : '',
    ...emitSystemImports(plan, flow, [
      { system: flow.flow.source.system.name, values: [], types: [flow.recordType] },
      { system: target.checked.target.system.name, values: [], types: [mapping.itemType] },
    ]),
    '\n',
    `/** rules: ${comment(rulePath(mapping))} */\n`,
    `export function ${mapping.functionName}(${parameters.join(', ')}): ${mapping.itemType} {\n`,
    body,
    '\n}\n',
  ].join('');
}

/** `{ found }: Scope<InvoicesFound>`: what the mapping takes beside the record. */
function emitScope({ foundType }: FlowPlan, { scope }: MappingPlan): string | undefined {
  if (scope.length === 0) return undefined;
  const type = scope.includes('found') && foundType !== undefined ? `Scope<${foundType}>` : 'Scope';
  return `{ ${scope.join(', ')} }: ${type}`;
}

function emitStatements(
  plan: ServicePlan,
  fields: readonly FieldPlan[],
  root: ResultNode,
  imports: Set<string>,
): string {
  const statements = fields
    .filter((field) => field.checked.kind !== 'constant')
    .map((field) => emitField(plan, field, imports));
  return `${statements.join('\n')}\nreturn ${emitNode(root, imports)};`;
}

function rulePath(mapping: MappingPlan): string {
  const [, flow = ''] = mapping.target.origin.path.map(String);
  return `flows.${flow}.to.${mapping.target.name}.map`;
}

/** A list, made element by element. */
function emitEach(
  plan: ServicePlan,
  { checked, variable, each }: FieldPlan,
  list: Expression,
  imports: Set<string>,
): string {
  const { field } = checked;
  const inner = each ?? { fields: [], root: { kind: 'list', elements: [] } };
  const place = field.required ? 'map.required' : 'map';
  const rule = `{ to: ${quote(field.path.text)}, value: () => ${printCheckedValue(list, plan.checked.expressions)}, blank: ${emitDecisions(checked.blank, field)}${emitItemBounds(field)} }`;
  return `const ${variable} = ${place}.each(${rule}, (each, map) => {\n${emitStatements(plan, inner.fields, inner.root, imports)}\n});`;
}

function emitItemBounds({ schema: { minItems, maxItems } }: FieldModel): string {
  return [
    (minItems ?? 0) > 1 ? `, minItems: ${formatNumber(minItems ?? 0)}` : '',
    maxItems === undefined ? '' : `, maxItems: ${formatNumber(maxItems)}`,
  ].join('');
}

function emitField(plan: ServicePlan, given: FieldPlan, imports: Set<string>): string {
  const { checked, variable } = given;
  const { field, kind } = checked;
  if (field.each !== undefined) return emitEach(plan, given, field.each.list, imports);
  const method =
    kind === 'choice'
      ? 'choice'
      : kind === 'number'
        ? 'number'
        : kind === 'boolean'
          ? 'boolean'
          : mayClear(checked.blank)
            ? 'textOrNull'
            : 'text';
  const parts = [
    `to: ${quote(field.path.text)}`,
    `value: () => ${emitValue(plan, field, imports)}`,
    ...(checked.as.length === 0
      ? []
      : [`as: [${checked.as.map((call) => emitTransform(plan, call, imports)).join(', ')}]`]),
    ...emitTable(plan, field),
    `blank: ${emitDecisions(checked.blank, field)}`,
    ...(field.otherwise === undefined ? [] : [`otherwise: ${emitDecision(field.otherwise, field)}`]),
    ...emitBounds(field, kind),
    ...(checked.invalidKinds.length === 0 && kind !== 'choice'
      ? []
      : [`invalid: ${emitDecisions(checked.invalid, field)}`]),
  ];
  const place = field.required && method !== 'textOrNull' ? 'map.required' : 'map';
  // An element that is cleared is null, and never left out.
  const isElement = field.path.steps.at(-1)?.kind === 'each' && method === 'textOrNull';
  return `const ${variable} = ${place}.${method}({ ${parts.join(', ')} })${isElement ? ' ?? null' : ''};`;
}

function mayClear(decisions: ReadonlyMap<string, ChosenDecision>): boolean {
  return [...decisions.values()].some((chosen) => actionOf(chosen.decision) === 'clear');
}

function emitValue(plan: ServicePlan, field: FieldModel, imports: Set<string>): string {
  const print = (value: Value): string =>
    value.kind === 'literal'
      ? literal(coerceLiteral(value, field.schema))
      : printCheckedValue(value.expression, plan.checked.expressions);
  if (field.values.length > 1) {
    imports.add('firstNotBlank');
    return `firstNotBlank(${field.values.map(print).join(', ')})`;
  }
  const [value] = field.values;
  return value === undefined ? 'undefined' : print(value);
}

function emitTable(plan: ServicePlan, field: FieldModel): string[] {
  if (field.table !== undefined) {
    const text = wantsText(field.schema);
    const rows = field.table.map((row) => {
      const to = text ? (plan.checked.model.workspace.sourceText(row.origin.path) ?? String(row.to)) : row.to;
      return `${key(row.from)}: ${literal(to)}`;
    });
    return [`table: { ${rows.join(', ')} }`];
  }
  if (field.schema.enum !== undefined)
    return [`members: [${field.schema.enum.map((member) => literal(member)).join(', ')}]`];
  return [];
}

function emitBounds(field: FieldModel, kind: string): string[] {
  const { schema } = field;
  if (kind === 'choice' || kind === 'boolean') return [];
  const number = (
    name:
      | 'maxLength'
      | 'minLength'
      | 'minimum'
      | 'maximum'
      | 'exclusiveMinimum'
      | 'exclusiveMaximum'
      | 'multipleOf',
  ): string[] => {
    const value = schema[name];
    return value === undefined ? [] : [`${name}: ${formatNumber(value)}`];
  };
  if (kind === 'number')
    return [
      ...number('minimum'),
      ...number('maximum'),
      ...number('exclusiveMinimum'),
      ...number('exclusiveMaximum'),
      ...number('multipleOf'),
    ];
  const expression = schema.pattern === undefined ? undefined : pattern(schema.pattern);
  return [
    ...number('maxLength'),
    ...number('minLength'),
    ...(expression === undefined ? [] : [`pattern: ${expression}`]),
    ...(schema.format !== undefined && CHECKED_FORMATS.has(schema.format)
      ? [`format: ${quote(schema.format)}`]
      : []),
  ];
}

/** One action where all kinds have the same, else by kind. */
function emitDecisions(decisions: ReadonlyMap<string, ChosenDecision>, field: FieldModel): string {
  const texts = new Map([...decisions].map(([kind, chosen]) => [kind, emitDecision(chosen.decision, field)]));
  const counts = new Map<string, number>();
  for (const text of texts.values()) counts.set(text, (counts.get(text) ?? 0) + 1);
  const [usual = "'review'"] = [...counts].toSorted(([, left], [, right]) => right - left)[0] ?? [];
  const rest = [...texts].filter(([, text]) => text !== usual);
  if (rest.length === 0) return usual;
  const others = usual === "'review'" ? [] : [`other: ${usual}`];
  return `{ ${[...rest.map(([kind, text]) => `${key(kind)}: ${text}`), ...others].join(', ')} }`;
}

function emitDecision(decision: Decision, field: FieldModel): string {
  if ('action' in decision) return quote(decision.action);
  const value =
    wantsText(field.schema) && decision.default !== null && typeof decision.default !== 'object'
      ? String(decision.default)
      : decision.default;
  return `{ default: ${literal(value)} }`;
}

/** A plain value of which a decision may make nothing. */
function mayBeLeftOut(node: ResultNode): boolean {
  return (
    node.kind === 'field' && node.field.checked.kind !== 'constant' && !node.field.checked.field.required
  );
}

function emitNode(node: ResultNode, imports: Set<string>): string {
  switch (node.kind) {
    case 'field': {
      const { checked, variable } = node.field;
      const [value] = checked.field.values;
      return checked.kind === 'constant' && value?.kind === 'literal'
        ? literal(coerceLiteral(value, checked.field.schema))
        : variable;
    }
    case 'object': {
      const text = `{ ${node.entries.map(([name, inner]) => (inner.kind === 'field' && emitNode(inner, imports) === name ? name : `${key(name)}: ${emitNode(inner, imports)}`)).join(', ')} }`;
      if (!node.mayBeEmpty) return text;
      imports.add('objectOf');
      return `objectOf(${text})`;
    }
    case 'list': {
      const elements = node.elements.map((element) =>
        element.droppable
          ? `map.dropped(${quote(element.path)}) ? undefined : ${emitNode(element.node, imports)}`
          : emitNode(element.node, imports),
      );
      const mayMiss = node.elements.some(
        ({ droppable, node: inner }) =>
          droppable || (inner.kind === 'object' && inner.mayBeEmpty) || mayBeLeftOut(inner),
      );
      if (!mayMiss) return `[${elements.join(', ')}]`;
      imports.add('listOf');
      return `listOf(${elements.join(', ')})`;
    }
  }
}
