import { createDiagnostic } from '../../diagnostics/create-diagnostic.ts';
import type { ExpressionTree, TemplateTag } from '../../model/expression-tree.ts';
import { listChildren } from '../../model/expression-tree.ts';
import { listFields } from '../../model/integration-model.ts';
import type { CallInput, Data, Expression, FieldModel } from '../../model/integration-model.ts';
import type { Gate, GateContext } from '../gate-context.ts';
import { isQuoted } from '../template-tags.ts';

type Template = ExpressionTree & { readonly kind: 'template' };

/** Warns of a text made of parts where a sign in a part would be read as more than text: HTML, an address, a query. */
export const unescapedGate: Gate = {
  name: 'unescaped',
  check(context) {
    for (const { flow } of context.flows) {
      for (const field of flow.targets.flatMap(({ fields }) => listFields(fields)))
        for (const value of field.values)
          if (value.kind === 'expression')
            report(context, value.expression, (template) => findMarkup(template, field));
      const inputs = [
        flow.source.input,
        ...flow.find.map(({ input }) => input),
        ...flow.targets.flatMap(({ input, once }) => [
          input,
          ...once.flatMap((entry) => (entry.kind === 'look-up' ? [entry.input] : [])),
        ]),
      ];
      for (const { name, expression } of inputs.flatMap(listInput))
        report(context, expression, (template) => findQuery(template, name));
    }
  },
};

interface Risk {
  readonly place: string;
  readonly tags: readonly TemplateTag[];
}

function report(
  { expressions, found }: GateContext,
  expression: Expression,
  judge: (template: Template) => Risk | undefined,
): void {
  const tree = expressions.get(expression)?.tree;
  const [risk] = tree === undefined ? [] : listTemplates(tree).flatMap((template) => judge(template) ?? []);
  if (risk === undefined) return;
  const [tag] = risk.tags;
  const fix = `${tag}\`…\`${risk.tags.length > 1 ? `   # or ${risk.tags.slice(1).join(', ')}, by the vendor's language; the tag writes the quotes` : ''}`;
  found.push(
    createDiagnostic('unescaped', { place: risk.place, tags: risk.tags.join(', ') }, expression.at, { fix }),
  );
}

function listTemplates(tree: ExpressionTree): Template[] {
  const inner = listChildren(tree).flatMap(listTemplates);
  return tree.kind === 'template' && tree.tag === undefined ? [tree, ...inner] : inner;
}

function findMarkup({ texts }: Template, { schema }: FieldModel): Risk | undefined {
  if (/<\/?[a-z][a-z0-9]*(?:\s[^<>]*)?\/?>/i.test(texts.join(' ')) || schema.format === 'html')
    return { place: 'HTML', tags: ['html'] };
  const isAddress = /^https?:\/\//i.test(texts[0] ?? '') || /^ur[il]/.test(schema.format ?? '');
  // What begins with a part is an address that somebody gives whole.
  return isAddress && texts[0] !== '' ? { place: 'an address', tags: ['url'] } : undefined;
}

const QUERY_TAGS: readonly TemplateTag[] = ['odata', 'soql', 'jql'];

function findQuery({ texts }: Template, name: string): Risk | undefined {
  const isCompared = texts
    .slice(0, -1)
    .some((text) => /(?:[=!<>]=|\b(?:eq|ne|g[te]|l[te]|like|contains))\s*$/i.test(text));
  const isQuery =
    isCompared ||
    isQuoted(texts) ||
    /^\s*select\s/i.test(texts[0] ?? '') ||
    /^(?:\$filter|jql|soql)$/i.test(name);
  return isQuery ? { place: `the query "${name}"`, tags: QUERY_TAGS } : undefined;
}

function listInput(input: CallInput): { readonly name: string; readonly expression: Expression }[] {
  return [
    ...input.parameters.map(({ parameter, value }) => ({ name: parameter.name, value })),
    ...input.body.map(({ name, value }) => ({ name, value })),
  ].flatMap(({ name, value }) => listData(name, value));
}

function listData(name: string, data: Data): { readonly name: string; readonly expression: Expression }[] {
  if (data.kind === 'expression') return [{ name, expression: data.expression }];
  if (data.kind === 'list') return data.items.flatMap((item) => listData(name, item));
  return data.kind === 'map' ? data.entries.flatMap(([key, value]) => listData(key, value)) : [];
}
