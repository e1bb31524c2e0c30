import type { CheckedModel } from '../../model/checked-model.ts';
import type { ExpressionTree } from '../../model/expression-tree.ts';
import type { FieldPath, FieldStep } from '../../model/field-path.ts';
import type { TargetModel, TransformCall } from '../../model/integration-model.ts';
import type { Scalar } from '../../model/rules-input.ts';
import { listRecordReads } from '../../check/list-reads.ts';
import { listSampleReads } from './sample-record.ts';
import type { SampleScope, SampleValue } from './sample-record.ts';

/**
 * What the sample record fills a field of the item with. Nothing is run to say this: texts are put together, and the
 * simple transforms are made; what any other expression or transform comes to is taken for what it reads.
 */
export function sampleSent(
  checked: CheckedModel,
  target: TargetModel,
  scope: SampleScope,
): (path: FieldPath) => SampleValue | undefined {
  return (path) => {
    const field = target.fields.find((one) => one.path.text === path.text);
    const [value] = field?.values ?? [];
    if (field === undefined || value === undefined) return undefined;
    if (value.kind === 'literal') return isPlain(value.value) ? value.value : [];
    const tree = checked.expressions.get(value.expression)?.tree;
    const [read] = listSampleReads(checked, target, field);
    const made =
      (tree === undefined ? undefined : evaluate(tree, scope)) ??
      (read === undefined ? undefined : readSteps(scope, read));
    return made === undefined ? undefined : field.as.reduce<SampleValue>(transform, made);
  };
}

function readSteps(scope: SampleScope, steps: readonly FieldStep[]): SampleValue | undefined {
  return steps.reduce<unknown>(
    (held, step) =>
      Reflect.get(Object(held), step.kind === 'name' ? step.name : step.kind === 'index' ? step.index : 0),
    scope,
  ) as SampleValue | undefined;
}

/** Undefined for any expression but a reading, a literal, and texts put together of these. */
function evaluate(tree: ExpressionTree, scope: SampleScope): SampleValue | undefined {
  for (const root of ['source', 'found', 'ids']) {
    const [read] = listRecordReads(tree, root);
    if (read?.tree === tree && read.path !== undefined)
      return readSteps(scope, [{ kind: 'name', name: root }, ...read.path.steps]);
  }
  switch (tree.kind) {
    case 'literal':
      return tree.value;
    case 'template': {
      if (tree.tag !== undefined) return undefined;
      const parts = tree.parts.map((part) => evaluate(part, scope));
      if (!parts.every(isPlain) || parts.includes(null)) return undefined;
      return tree.texts
        .map((text, index) => text + (index < parts.length ? String(parts[index]) : ''))
        .join('');
    }
    case 'binary': {
      const [left, right] = [evaluate(tree.left, scope), evaluate(tree.right, scope)];
      if (tree.operator === '??') return left ?? right;
      return tree.operator === '+' && typeof left === 'string' && isPlain(right)
        ? left + String(right)
        : undefined;
    }
    case 'call': {
      const [argument] = tree.args;
      if (tree.callee.kind !== 'name' || tree.callee.name !== 'String' || argument === undefined)
        return undefined;
      const made = evaluate(argument, scope);
      return isPlain(made) && made !== null ? String(made) : undefined;
    }
    default:
      return undefined;
  }
}

function isPlain(value: unknown): value is Scalar {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

const SIMPLE: Readonly<Record<string, (text: string) => string>> = {
  trim: (text) => text.trim(),
  collapse: (text) => text.trim().replaceAll(/\s+/g, ' '),
  lower: (text) => text.toLowerCase(),
  upper: (text) => text.toUpperCase(),
};

function transform(value: SampleValue, { name }: TransformCall): SampleValue {
  const make = SIMPLE[name];
  return make === undefined || !isPlain(value) ? value : make(String(value));
}
