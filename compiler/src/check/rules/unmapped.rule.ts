import { createDiagnostic } from '../../diagnostics/create-diagnostic.ts';
import { nameOperation } from '../../model/api-model.ts';
import type { CheckedField, CheckedTarget } from '../../model/checked-model.ts';
import type { Schema } from '../../model/api-model.ts';
import { findField } from '../../resolve/find-field.ts';
import { formatGeneralPath, formatSteps, parseFieldPath } from '../../model/field-path.ts';
import { listFields } from '../../model/integration-model.ts';
import type { FieldPath } from '../../model/field-path.ts';
import type { FieldModel, TargetModel } from '../../model/integration-model.ts';
import { childOf, keyAt } from '../../source/source-ref.ts';
import type { SourceRef } from '../../source/source-ref.ts';
import { listChosenActions } from '../format-decision.ts';
import type { Gate, GateContext } from '../gate-context.ts';

/** Opens where a required field has no rule, a read-only one is written, or nobody said what is required. No policy may answer. */
export const unmappedGate: Gate = {
  name: 'unmapped',
  check(context) {
    for (const checked of context.flows.flatMap(({ targets }) => targets)) {
      const { target, fields } = checked;
      const operation = nameOperation(target.operation);
      const all = listFields(target.fields);
      const mapped = all.flatMap((field) => [formatGeneralPath(field.path), formatSteps(field.path.steps)]);
      for (const field of target.required) {
        if (
          mapped.some(
            (path) =>
              path === field.path || path.startsWith(`${field.path}.`) || path.startsWith(`${field.path}[`),
          )
        )
          continue;
        const related = [
          { at: field.origin, message: field.because === 'fact' ? 'this fact requires it' : 'required here' },
        ];
        context.found.push(
          createDiagnostic('unmapped', { field: field.path, operation }, childOf(target.origin, 'map'), {
            related,
            fix: writeLine(nameElement(field.path, all), target.itemSchema),
          }),
        );
      }
      for (const { path, origin } of listEmptied(target, fields)) {
        const problem = `${path} is required, and each field that is sent in it may be left out, so that it could go out without. Write review or a default for one of them.`;
        context.found.push(
          createDiagnostic('invalid-value', { problem }, childOf(target.origin, 'map'), {
            related: [{ at: origin, message: 'required here' }],
          }),
        );
      }
      for (const { path, origin } of listBesideItem(target))
        context.found.push(
          createDiagnostic('unmapped', { field: path, operation }, childOf(target.origin, 'item'), {
            related: [{ at: origin, message: 'required here' }],
            fix: `# without "item", paths of the map begin at the body: ${target.item?.text ?? ''}.…, ${path}…`,
          }),
        );
      for (const field of all.filter((entry) => entry.readOnly)) {
        const related = [{ at: field.schema.origin, message: 'read-only here' }];
        context.found.push(
          createDiagnostic(
            'read-only',
            { field: field.path.text },
            keyAt(field.origin.file, field.origin.path),
            { related },
          ),
        );
      }
      if (!target.requiredStated) {
        const sample = target.item === undefined ? '' : `${formatGeneralPath(target.item)}.`;
        context.found.push(
          createDiagnostic('required-unstated', { operation }, childOf(target.origin, target.mode), {
            related: [{ at: target.itemSchema.origin, message: 'no field is required here' }],
            fix: `systems.${target.system.name}.facts:\n  - { call: "${operation}", required: ["${sample}…"] }   # [] where the target takes anything`,
          }),
        );
      }
      // What is created replaces nothing.
      const isReplaced = target.mode !== 'create' && target.operation.method === 'PUT';
      const created = isReplaced ? listCreatedOnly(context, checked) : [];
      for (const field of target.replaces === true ? created : []) {
        const problem = `${field.path.text} is sent only where the object is created (on: create), and ${operation} replaces the whole object, so the first change of a record would remove it. Send it with both: leave "on" out.`;
        context.found.push(
          createDiagnostic('invalid-value', { problem }, keyAt(field.origin.file, field.origin.path)),
        );
      }
      const omits = fields.some(canOmit) || created.length > 0;
      if (isReplaced && omits && target.replaces === undefined) {
        context.found.push(
          createDiagnostic('replaces-unstated', { operation }, childOf(target.origin, target.mode), {
            related: [{ at: target.operation.origin, message: 'the operation' }],
            fix: `systems.${target.system.name}.facts:\n  - { call: "${operation}", replaces: true }   # or false`,
          }),
        );
      }
    }
  },
};

/** Of an update: what only the create of the same object sends. */
function listCreatedOnly(
  context: GateContext,
  { flow, target: { mode, name, fields, itemSchema } }: CheckedTarget,
): FieldModel[] {
  if (mode !== 'update') return [];
  const own = new Set(fields.map(({ path }) => path.text));
  return context.flows
    .flatMap(({ targets }) => targets)
    .filter((one) => one.flow === flow && one.target.mode === 'create' && one.target.name === name)
    .flatMap(({ target }) => target.fields)
    .filter(({ path }) => !own.has(path.text) && isTaken(path, itemSchema));
}

/** What an update does not take it leaves as it is. */
function isTaken(path: FieldPath, schema: Schema): boolean {
  const found = findField(schema, path);
  return found.kind === 'found' && !found.schema.readOnly;
}

function canOmit(field: CheckedField): boolean {
  return listChosenActions(field).includes('omit');
}

/** Required objects that are mapped by their fields alone, all of which may be left out; a map may be empty. */
function listEmptied(target: TargetModel, fields: readonly CheckedField[]): TargetModel['required'] {
  return target.required.filter(({ path }) => {
    const steps = parseFieldPath(path);
    const place = steps === undefined ? undefined : findField(target.itemSchema, steps);
    if (place?.kind === 'found' && place.schema.properties.size === 0) return false;
    const paths = fields.map(({ field }) => formatGeneralPath(field.path));
    const below = fields.filter((_, index) => paths[index]?.startsWith(`${path}.`) === true);
    return !paths.includes(path) && below.length > 1 && below.every(canOmit);
  });
}

function writeLine(path: string, item: Schema): string {
  const steps = parseFieldPath(path);
  const field = steps === undefined ? undefined : findField(item, steps);
  const isMap =
    field?.kind === 'found' && field.schema.types.includes('object') && field.schema.properties.size === 0;
  const isList = field?.kind === 'found' && field.schema.items !== undefined;
  return isList
    ? `${path}: { each: =source.…, map: { … } }   # or [], a list without elements`
    : isMap
      ? `${path}.…: =source.…   # one line for each of its members`
      : `${path}: =source.…`;
}

/** `Contacts[0].Name`: a path of a map names one element, but for lists that are made of others. */
function nameElement(path: string, fields: readonly FieldModel[]): string {
  const made = fields.filter(({ each }) => each !== undefined).map(({ path: list }) => `${list.text}[]`);
  return made.some((list) => path.startsWith(list)) ? path : path.replaceAll('[]', '[0]');
}

/** What the body requires beside the place of the item: only the item is sent, so that nothing could ever fill it. */
function listBesideItem({ operation, item }: TargetModel): { path: string; origin: SourceRef }[] {
  const found: { path: string; origin: SourceRef }[] = [];
  let schema = operation.body?.schema;
  for (const [index, step] of (item?.steps ?? []).entries()) {
    if (step.kind !== 'name') {
      schema = schema?.items;
      continue;
    }
    const above = item?.steps.slice(0, index) ?? [];
    for (const [name, property] of schema?.properties ?? [])
      if (name !== step.name && property.required && !property.schema.readOnly)
        found.push({
          path: formatSteps([...above, { kind: 'name', name }]),
          origin: property.schema.origin,
        });
    schema = schema?.properties.get(step.name)?.schema;
  }
  return found;
}
