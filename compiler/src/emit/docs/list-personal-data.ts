import type { CheckedModel, CheckedTarget } from '../../model/checked-model.ts';
import { formatGeneralPath } from '../../model/field-path.ts';
import type { FieldPath } from '../../model/field-path.ts';
import type { Schema } from '../../model/api-model.ts';
import type { FieldModel } from '../../model/integration-model.ts';
import type { FlowPlan, ServicePlan } from '../../model/service-plan.ts';
import { findField } from '../../resolve/find-field.ts';
import { listSampleReads } from '../tests/sample-record.ts';
import { guessPersonalKind } from './guess-personal-kind.ts';

export interface PersonalRow {
  readonly system: string;
  readonly field: string;
  readonly kind: string;
  readonly goes: string;
}

interface ReadField {
  readonly flow: string;
  readonly system: string;
  /** As an expression names it: `source.email`, `found.person.id`. */
  readonly name: string;
  readonly path: FieldPath;
  readonly record: Schema;
}

/** Every field that is read, with those that look as if they said something about a person. */
export function listPersonalData(plan: ServicePlan): {
  readonly personal: readonly PersonalRow[];
  readonly others: string;
} {
  const rows = plan.flows.flatMap((entry) => {
    const moves = listMoves(plan.checked, entry);
    return listReadFields(entry).map((field) => ({
      system: field.system,
      field: `${field.flow}: ${field.name}`,
      kind: kindOf(field),
      goes: moves.get(field.name)?.join(', ') ?? 'nowhere: only decided by',
    }));
  });
  return {
    personal: rows.flatMap(({ kind, ...row }) => (kind === undefined ? [] : [{ ...row, kind }])),
    others: rows.flatMap(({ kind, field }) => (kind === undefined ? [field] : [])).join(', '),
  };
}

function listReadFields({ flow, checked }: FlowPlan): ReadField[] {
  return [
    ...checked.reads.map((path) => ({
      flow: flow.name,
      system: flow.source.system.name,
      name: `source.${path.text}`,
      path,
      record: flow.source.record,
    })),
    ...flow.find.flatMap((find) =>
      (checked.foundReads.get(find.name) ?? []).map((path) => ({
        flow: flow.name,
        system: find.system.name,
        name: `found.${find.name}${find.take === 'all' ? '[]' : ''}.${path.text}`,
        path,
        record: find.record,
      })),
    ),
  ];
}

function kindOf({ path, record }: ReadField): string | undefined {
  const field = findField(record, path);
  const names = path.steps.flatMap((step) => (step.kind === 'name' ? [step.name] : []));
  return guessPersonalKind(names, field.kind === 'found' ? field.schema.format : undefined);
}

/** Which fields of which targets are made of what is read. */
function listMoves(checked: CheckedModel, entry: FlowPlan): ReadonlyMap<string, readonly string[]> {
  const moves = new Map<string, string[]>();
  for (const leg of entry.checked.targets)
    for (const { field } of leg.fields)
      for (const steps of listSampleReads(checked, leg.target, field)) {
        const read = formatGeneralPath({ text: '', steps });
        const place = nameField(leg, field);
        const known = moves.get(read) ?? [];
        if (!known.includes(place)) moves.set(read, [...known, place]);
      }
  return moves;
}

function nameField({ target }: CheckedTarget, field: FieldModel): string {
  return `${target.system.name} ${field.path.text}`;
}
