import { createDiagnostic } from '../../diagnostics/create-diagnostic.ts';
import { nameOperation } from '../../model/api-model.ts';
import type { ExpressionTree } from '../../model/expression-tree.ts';
import { listChildren } from '../../model/expression-tree.ts';
import type { FieldPath } from '../../model/field-path.ts';
import type { CallInput, Data, Expression, FieldModel, TargetModel } from '../../model/integration-model.ts';
import { formatPath } from '../../source/source-ref.ts';
import type { Gate, GateContext } from '../gate-context.ts';
import { listRecordReads } from '../list-reads.ts';

/**
 * Opens where a look-up names one field that is sent and asks it by another: what was made is then not found, and a
 * repeat after an unknown outcome makes it once more.
 */
export const askedFieldGate: Gate = {
  name: 'asks-another',
  check(context) {
    for (const { target } of context.flows.flatMap(({ targets }) => targets))
      for (const once of target.once) {
        if (once.kind !== 'look-up') continue;
        for (const asked of listAsked(once.input)) {
          const mistaken = findMistaken(asked, target, context);
          if (mistaken === undefined) continue;
          const { named, given } = mistaken;
          const { at } = asked.expression;
          const what = { target: target.name, call: nameOperation(once.operation), named, given };
          context.found.push(
            createDiagnostic('asks-another', what, at, {
              related: [{ at: once.operation.origin, message: 'the call that is asked' }],
              fix: `=sent.${named}   # in place of sent.${given}; or, where the call means another thing by that name:\nallow:\n  - { code: asks-another, at: "${formatPath(at.path)}", because: …, until: … }`,
            }),
          );
        }
      }
  },
};

/** A value that is asked by, with the words beside it that can say which field is meant. */
interface Asked {
  readonly expression: Expression;
  readonly words: readonly string[];
}

function listAsked({ parameters, body }: CallInput): Asked[] {
  return [
    ...parameters.flatMap(({ parameter, value }) => listIn(value, [parameter.name])),
    ...body.flatMap(({ name, value }) => listIn(value, [name])),
  ];
}

function listIn(data: Data, words: readonly string[]): Asked[] {
  if (data.kind === 'expression') return [{ expression: data.expression, words }];
  if (data.kind === 'list') return data.items.flatMap((item) => listIn(item, words));
  if (data.kind !== 'map') return [];
  // A search names its field in a text beside the value: `{ propertyName: email, value: =sent.email }`.
  const beside = data.entries.flatMap(([, value]) =>
    value.kind === 'literal' && typeof value.value === 'string' ? [value.value] : [],
  );
  return data.entries.flatMap(([name, value]) => listIn(value, [...words, ...beside, name]));
}

/** The field that is named and the one that is given, where it is plain that they are two. */
function findMistaken(
  { expression, words: around }: Asked,
  { fields }: TargetModel,
  { expressions }: GateContext,
): { readonly named: string; readonly given: string } | undefined {
  const tree = expressions.get(expression)?.tree;
  const [path, ...others] = tree === undefined ? [] : listSent(tree);
  if (tree === undefined || path === undefined || others.length > 0) return undefined;
  const words = [...around, ...listWords(tree)];
  const own = lastName(path)?.toLowerCase();
  // `contact_email` and `emailAddress` may well be `email`.
  if (own === undefined || words.some((word) => word.toLowerCase().includes(own))) return undefined;
  const given = fields.find((field) => field.path.text === path.text);
  const named = fields.find((field) => words.includes(lastName(field.path) ?? ''));
  if (given === undefined || named === undefined || holdsSame(given, named)) return undefined;
  return { named: named.path.text, given: path.text };
}

function listSent(tree: ExpressionTree): FieldPath[] {
  return listRecordReads(tree, 'sent').flatMap(({ path }) => path ?? []);
}

function lastName({ steps }: FieldPath): string | undefined {
  const step = steps.at(-1);
  return step?.kind === 'name' ? step.name : undefined;
}

/** Of the texts of a filter: `Name=="…"`. */
function listWords(tree: ExpressionTree): string[] {
  const texts =
    tree.kind === 'template'
      ? tree.texts
      : tree.kind === 'literal' && typeof tree.value === 'string'
        ? [tree.value]
        : [];
  return [...texts.flatMap((text) => text.match(/\w+/g) ?? []), ...listChildren(tree).flatMap(listWords)];
}

/** Two fields that are made of the same, by the same steps. */
function holdsSame(one: FieldModel, other: FieldModel): boolean {
  return describe(one) === describe(other);
}

function describe({ values, as, table }: FieldModel): string {
  return JSON.stringify([
    values.map((value) => (value.kind === 'literal' ? value.value : value.expression.text.trim())),
    as.map(({ name, argument }) => [name, argument]),
    table?.map(({ from, to }) => [from, to]),
  ]);
}
