import { listRecordReads, readList } from '../../check/list-reads.ts';
import type { Schema } from '../../model/api-model.ts';
import { listChildren } from '../../model/expression-tree.ts';
import type { ExpressionTree } from '../../model/expression-tree.ts';
import { formatGeneralPath } from '../../model/field-path.ts';
import type { FieldStep } from '../../model/field-path.ts';
import { listFields } from '../../model/integration-model.ts';
import type { FieldModel } from '../../model/integration-model.ts';
import { toConstantCase } from '../../model/name-case.ts';
import type { FlowPlan, ServicePlan } from '../../model/service-plan.ts';
import { findField } from '../../resolve/find-field.ts';
import { sampleScope, setPath } from './sample-record.ts';
import type { SampleScope, SampleValue } from './sample-record.ts';
import { sampleSetting } from './sample-setting.ts';

/**
 * A record that the flow keeps, and that has a value for each field as far as that can be: comparisons with a literal say
 * which value a field of the source must have.
 */
export function keptScope(plan: ServicePlan, entry: FlowPlan): SampleScope {
  const scope = sampleScope(plan.checked, entry.checked);
  const world = createWorld(plan, entry, scope);
  const fields = entry.targets.flatMap(({ checked: { target } }) => listFields(target.fields));
  // What comes later wins: a required field over one that may be left out, and the conditions of the flow over both.
  for (const field of fields.toSorted((left, right) => Number(left.required) - Number(right.required)))
    for (const value of field.values) {
      const tree =
        value.kind === 'expression' ? plan.checked.expressions.get(value.expression)?.tree : undefined;
      if (tree === undefined) continue;
      chooseBranch(tree, world);
      for (const { test, element } of listTests(tree))
        satisfy(test, true, { ...world, roots: [...world.roots, element] });
    }
  for (const rule of entry.flow.keep) {
    const tree = plan.checked.expressions.get(rule.when)?.tree;
    if (tree !== undefined) satisfy(tree, true, world);
  }
  return scope;
}

function createWorld(plan: ServicePlan, entry: FlowPlan, scope: SampleScope): World {
  return {
    scope: scope as unknown as { [key: string]: SampleValue },
    record: entry.flow.source.record,
    roots: ['source', 'found'].map((name) => ({ name, steps: [{ kind: 'name', name }] })),
    config(name) {
      const setting = plan.settings.find((one) => one.name === toConstantCase(name));
      return setting === undefined ? undefined : sampleSetting(setting);
    },
  };
}

/** Of `a ? b : c` the field is made of what stands at this path, as far as conditions can be made to hold. */
export function leadTo(
  plan: ServicePlan,
  entry: FlowPlan,
  scope: SampleScope,
  { field, path }: { readonly field: FieldModel; readonly path: readonly FieldStep[] },
): void {
  const world = createWorld(plan, entry, scope);
  for (const value of field.values) {
    const tree =
      value.kind === 'expression' ? plan.checked.expressions.get(value.expression)?.tree : undefined;
    if (tree !== undefined) chooseBranchOf(tree, formatGeneralPath({ text: '', steps: path }), world);
  }
}

function chooseBranchOf(tree: ExpressionTree, path: string, world: World): void {
  if (tree.kind !== 'conditional') return;
  const [isYes, isNo] = [tree.yes, tree.no].map((branch) => reads(branch, path));
  if (isYes !== isNo) satisfy(tree.test, isYes === true, world);
  chooseBranchOf(isYes === true ? tree.yes : tree.no, path, world);
}

function reads(tree: ExpressionTree, path: string): boolean {
  return ['source', 'found'].some((root) =>
    listRecordReads(tree, root).some(
      (read) => read.path !== undefined && `${root}.${formatGeneralPath(read.path)}` === path,
    ),
  );
}

/** `a ? b : undefined` gives something where `a` holds. */
function chooseBranch(tree: ExpressionTree, world: World): void {
  if (tree.kind !== 'conditional') return;
  const [hasYes, hasNo] = [tree.yes, tree.no].map((branch) => !isNothing(branch) && !isNull(branch));
  if (hasYes !== hasNo) satisfy(tree.test, hasYes === true, world);
  chooseBranch(hasYes === true ? tree.yes : tree.no, world);
}

function isNull(tree: ExpressionTree): boolean {
  return tree.kind === 'literal' && tree.value === null;
}

interface World {
  readonly scope: { [key: string]: SampleValue };
  readonly record: Schema;
  readonly roots: readonly Root[];
  /** What the tests set a setting to. */
  config(name: string): Constant | undefined;
}

/** What a name in a condition stands for: the record, what was looked up, an element of a list. */
interface Root {
  readonly name: string;
  readonly steps: readonly FieldStep[];
}

const ASKING: ReadonlySet<string> = new Set(['find', 'findLast', 'filter', 'some', 'every']);

/** What elements of lists are asked, and must answer with yes for a field to have a value. */
function listTests(tree: ExpressionTree): { readonly test: ExpressionTree; readonly element: Root }[] {
  const inner = listChildren(tree).flatMap(listTests);
  if (tree.kind !== 'call' || tree.callee.kind !== 'member' || !ASKING.has(tree.callee.name)) return inner;
  const { object } = tree.callee;
  const [arrow] = tree.args;
  const [name] = arrow?.kind === 'arrow' ? arrow.parameters : [];
  if (arrow?.kind !== 'arrow' || name === undefined) return inner;
  const lists = ['source', 'found'].flatMap((root): Root[] => {
    const above = readList(object, root);
    return above === undefined
      ? []
      : [{ name, steps: [{ kind: 'name', name: root }, ...above, { kind: 'each' }] }];
  });
  return [...inner, ...lists.map((element) => ({ test: arrow.body, element }))];
}

type Constant = string | number | boolean | null;

/** Sets what a condition compares, so that it comes out as wanted; one of another form is left to the plausible values. */
function satisfy(tree: ExpressionTree, wanted: boolean, world: World): void {
  if (tree.kind === 'unary' && tree.operator === '!') {
    satisfy(tree.operand, !wanted, world);
    return;
  }
  if (tree.kind === 'binary' && (tree.operator === '&&' || tree.operator === '||')) {
    satisfy(tree.left, wanted, world);
    // Of two of which one is enough, the first is made to hold.
    if ((tree.operator === '&&') === wanted) satisfy(tree.right, wanted, world);
    return;
  }
  if (tree.kind === 'binary') {
    const operator = wanted ? tree.operator : OPPOSITES[tree.operator];
    if (operator !== undefined) compare(tree.left, operator, tree.right, world);
    return;
  }
  const place = findPlace(tree, world);
  if (place === undefined) return;
  const held = place.steps.reduce<unknown>(
    (value, step) =>
      Reflect.get(Object(value), step.kind === 'name' ? step.name : step.kind === 'index' ? step.index : 0),
    world.scope,
  );
  // What a text or a number holds is something already.
  if (Boolean(held) === wanted) return;
  const nothing = typeof held === 'string' ? '' : typeof held === 'number' ? 0 : null;
  setPath(world.scope, place.steps, !wanted && typeof held !== 'boolean' ? nothing : wanted);
}

const OPPOSITES: Readonly<Record<string, string>> = {
  '===': '!==',
  '!==': '===',
  '>': '<=',
  '>=': '<',
  '<': '>=',
  '<=': '>',
};
const TURNED: Readonly<Record<string, string>> = { '>': '<', '>=': '<=', '<': '>', '<=': '>=' };

function compare(left: ExpressionTree, operator: string, right: ExpressionTree, world: World): void {
  const place = findPlace(left, world);
  if (place !== undefined && isNothing(right)) {
    // An undefined value vanishes when the record is written as JSON.
    if (operator === '===') setPath(world.scope, place.steps, undefined as unknown as SampleValue);
    return;
  }
  const value = place === undefined ? undefined : readConstant(right, world);
  if (place === undefined) {
    if (findPlace(right, world) !== undefined && readConstant(left, world) !== undefined)
      compare(right, TURNED[operator] ?? operator, left, world);
    return;
  }
  if (value === undefined) return;
  const chosen = choose(operator, value, place, world);
  if (chosen !== undefined) setPath(world.scope, place.steps, place.isNumbered ? String(chosen) : chosen);
}

function isNothing(tree: ExpressionTree): boolean {
  return tree.kind === 'literal' && tree.value === undefined;
}

function choose(operator: string, value: Constant, place: Place, world: World): Constant | undefined {
  if (operator === '===') return value;
  if (operator === '!==') return chooseOther(value, place, world);
  if (typeof value !== 'number') return undefined;
  return operator.startsWith('>') ? value + 1 : operator.startsWith('<') ? value - 1 : undefined;
}

/** Another of a few values; of others, the plausible one is hardly the one that is not wanted. */
function chooseOther(value: Constant, { steps }: Place, { record }: World): Constant | undefined {
  const [root, ...below] = steps;
  const field =
    root?.kind === 'name' && root.name === 'source'
      ? findField(record, { text: '', steps: below })
      : undefined;
  const members = field?.kind === 'found' ? (field.schema.enum ?? []) : [];
  return members.find((member): member is Constant => member !== value && member !== null);
}

function readConstant(tree: ExpressionTree, { config }: World): Constant | undefined {
  if (tree.kind === 'literal') return tree.value;
  return tree.kind === 'member' && tree.object.kind === 'name' && tree.object.name === 'config'
    ? config(tree.name)
    : undefined;
}

interface Place {
  /** From the root: `source`, `amount`. */
  readonly steps: readonly FieldStep[];
  /** It is a text that is read as a number. */
  readonly isNumbered: boolean;
}

/** The field that is compared: `source.amount`, `source.amount ?? 0`, `Number(source.amount)`, `source.name.trim()`. */
function findPlace(tree: ExpressionTree, { roots }: Pick<World, 'roots'>): Place | undefined {
  if (tree.kind === 'binary' && tree.operator === '??') return findPlace(tree.left, { roots });
  if (tree.kind === 'call' && tree.callee.kind === 'name' && /^(?:Number|String)$/.test(tree.callee.name)) {
    const inner = tree.args[0] === undefined ? undefined : findPlace(tree.args[0], { roots });
    return inner === undefined ? undefined : { ...inner, isNumbered: tree.callee.name === 'Number' };
  }
  if (tree.kind === 'call' && tree.callee.kind === 'member' && tree.args.length === 0)
    return findPlace(tree.callee.object, { roots });
  const [steps] = roots.flatMap((root) =>
    listRecordReads(tree, root.name).flatMap((read): (readonly FieldStep[])[] =>
      read.tree === tree && read.path !== undefined ? [[...root.steps, ...read.path.steps]] : [],
    ),
  );
  return steps === undefined ? undefined : { steps, isNumbered: false };
}
