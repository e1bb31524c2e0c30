import { listRecordReads } from '../check/list-reads.ts';
import type { CheckedField, CheckedFlow, CheckedModel } from '../model/checked-model.ts';
import { listChildren } from '../model/expression-tree.ts';
import type { ExpressionTree } from '../model/expression-tree.ts';
import type { FieldPath } from '../model/field-path.ts';
import type { Expression, FieldModel } from '../model/integration-model.ts';
import { collectInput } from '../check/collect-expressions.ts';
import type { Scalar } from '../model/rules-input.ts';
import type { Use, UseKind } from './use.ts';

/** A path that an expression reads, and the line that holds it. */
export interface ReadPlace {
  readonly steps: readonly string[];
  readonly use: Use;
}

export function namesOf(path: FieldPath): string[] {
  return path.steps.map((step) => (step.kind === 'name' ? step.name : '[]'));
}

/** What one expression reads below `root`. */
export function listExpressionReads(
  checked: CheckedModel,
  expression: Expression | undefined,
  root: string,
  kind: UseKind,
  field?: CheckedField,
): ReadPlace[] {
  const tree = expression === undefined ? undefined : checked.expressions.get(expression)?.tree;
  if (expression === undefined || tree === undefined) return [];
  return listRecordReads(tree, root).flatMap((read) => {
    if (read.path === undefined) return [];
    // Only a value that is taken as it stands has the bounds that the description gives.
    const isPlain = field !== undefined && read.tree === tree;
    const mentions = [...listLiterals(tree), ...(field?.field.table?.map(({ from }) => from) ?? [])];
    const use: Use = {
      kind,
      at: expression.at,
      mentions,
      field: isPlain ? field : undefined,
      sent: undefined,
    };
    return [{ steps: namesOf(read.path), use }];
  });
}

/** What a flow reads of its source's record, or of what its look-ups found: then the first step is their name. */
export function listRecordUses(
  checked: CheckedModel,
  entry: CheckedFlow,
  root: 'source' | 'found',
): ReadPlace[] {
  const { flow, targets } = entry;
  const read = (expression: Expression, kind: UseKind, field?: CheckedField): ReadPlace[] =>
    listExpressionReads(checked, expression, root, kind, field);
  return [
    ...flow.keep.flatMap((rule) => read(rule.when, 'keep')),
    ...flow.find.flatMap(({ input }) => collectInput(input).flatMap((call) => read(call, 'find'))),
    ...targets.flatMap(({ target, fields }) => [
      ...collectInput(target.input).flatMap((expression) => read(expression, 'with')),
      ...fields.flatMap((field) => [
        ...listValues(field.field).flatMap((expression) => read(expression, 'map', field)),
        ...(field.field.each === undefined ? [] : read(field.field.each.list, 'map', field)),
      ]),
      ...target.fields.flatMap((field) => listElementUses(checked, field, fields, root)),
    ]),
  ];
}

/** `each: =source.lines` and `=each.price` make `lines[].price`. */
function listElementUses(
  checked: CheckedModel,
  { each }: FieldModel,
  fields: readonly CheckedField[],
  root: string,
): ReadPlace[] {
  if (each === undefined) return [];
  const lists = listExpressionReads(checked, each.list, root, 'map');
  return lists.flatMap((list) =>
    each.fields.flatMap((inner) =>
      listValues(inner)
        .flatMap((expression) =>
          listExpressionReads(
            checked,
            expression,
            'each',
            'map',
            fields.find(({ field }) => field === inner),
          ),
        )
        .map(({ steps, use }) => ({ steps: [...list.steps, '[]', ...steps], use })),
    ),
  );
}

function listValues(field: FieldModel): Expression[] {
  return field.values.flatMap((value) => (value.kind === 'expression' ? [value.expression] : []));
}

function listLiterals(tree: ExpressionTree): Scalar[] {
  if (tree.kind === 'literal') return tree.value === undefined ? [] : [tree.value];
  return listChildren(tree).flatMap(listLiterals);
}
