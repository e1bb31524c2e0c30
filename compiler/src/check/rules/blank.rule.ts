import { createDiagnostic } from '../../diagnostics/create-diagnostic.ts';
import type { CheckedField, CheckedTarget } from '../../model/checked-model.ts';
import { standsInList } from '../../model/field-path.ts';
import { labelTarget } from '../../model/integration-model.ts';
import type { FieldModel } from '../../model/integration-model.ts';
import type { BlankKind } from '../../model/rules-input.ts';
import { formatDecision } from '../format-decision.ts';
import type { Gate, GateContext } from '../gate-context.ts';
import { describeRecorded } from '../measure-recorded.ts';
import { isKeyField } from '../key-fields.ts';

/** Opens for every mapped field whose value can be blank in a kind that nothing decides. */
export const blankGate: Gate = {
  name: 'blank',
  check(context) {
    for (const checked of context.flows.flatMap(({ targets }) => targets)) {
      for (const field of checked.fields) {
        const open = field.blankKinds.filter((kind) => !field.blank.has(kind));
        if (open.length > 0) context.found.push(report(context, checked, field, open));
        const decided = field.blankKinds.filter((kind) => field.blank.has(kind));
        for (const [chosen, kinds] of groupByDecision(field, decided)) {
          context.register.push({
            gate: 'blank',
            subject: `${checked.flow.name}.${labelTarget(checked.target)}.${field.field.path.text}, ${kinds.join(', ')}`,
            chosen,
            from: field.blank.get(kinds[0] ?? 'null')?.from === 'policy' ? 'policy' : 'rules',
            because: field.field.blank === undefined ? undefined : field.field.because,
            evidence: 'spec',
            origin: field.field.blank?.origin ?? field.field.origin,
          });
        }
      }
    }
  },
};

function report(
  context: GateContext,
  checked: CheckedTarget,
  field: CheckedField,
  open: readonly BlankKind[],
) {
  const { flow } = checked;
  const rate = describeRecorded({ field: field.field, flow }, open, context.expressions, context.recorded);
  const isKey = isKeyField(field.field, checked.target, context.expressions);
  const why = isKey ? ', and the write is told apart by it, so no policy may answer' : '';
  return createDiagnostic(
    'blank',
    { field: `${checked.target.name}.${field.field.path.text}`, kinds: open.join(', '), rate, why },
    field.field.origin,
    {
      related: [
        { at: field.field.schema.origin, message: field.field.required ? 'required here' : 'optional here' },
      ],
      fix: writeFix(field.field, isKey, open),
    },
  );
}

/** The line to write; where decisions stand by kind, one more of them. */
function writeFix(field: FieldModel, isKey: boolean, open: readonly string[]): string {
  const [first = 'review', ...others] = isKey ? ['review', 'fail', 'skip'] : listActions(field);
  const hint = `   # or: ${others.join(', ')}`;
  const [kind = 'absent'] = open;
  const isByKind = field.blank !== undefined && field.blank.all === undefined;
  return isByKind ? `blank: { …, ${kind}: ${first} }${hint}` : `blank: ${first}${hint}`;
}

/** What this field's blanks can come to, the likeliest first. */
function listActions({ required, path, schema, each }: FieldModel): readonly string[] {
  return [
    ...(required ? [] : ['omit']),
    'review',
    'fail',
    'skip',
    ...(standsInList(path) && each === undefined ? ['drop'] : []),
    ...(schema.nullable && each === undefined ? ['clear'] : []),
    each === undefined ? '{ default: … }' : '{ default: [] }',
  ];
}

function groupByDecision<K extends CheckedField['blankKinds'][number]>(
  field: CheckedField,
  kinds: readonly K[],
): Map<string, K[]> {
  const groups = new Map<string, K[]>();
  for (const kind of kinds) {
    const chosen = field.blank.get(kind);
    if (chosen === undefined) continue;
    const text = formatDecision(chosen.decision);
    groups.set(text, [...(groups.get(text) ?? []), kind]);
  }
  return groups;
}
