import type { Schema } from '../model/api-model.ts';
import { formatGeneralPath, formatSteps, parseFieldPath } from '../model/field-path.ts';
import type { FieldPath, FieldStep } from '../model/field-path.ts';
import type { FactInput } from '../model/rules-input.ts';
import { findField } from './find-field.ts';
import { childOf } from '../source/source-ref.ts';
import type { SourceRef } from '../source/source-ref.ts';
import type { RequiredField } from './resolve-field.ts';

export interface CallFact {
  readonly fact: FactInput;
  readonly at: SourceRef;
}

/** Required fields relative to the item: by the description, of the optional parts that the mapping fills, and by facts. */
export function listRequired(
  item: Schema,
  itemPath: FieldPath | undefined,
  facts: readonly CallFact[],
  mapped: readonly string[],
): RequiredField[] {
  const above = itemPath === undefined ? '' : `${formatGeneralPath(itemPath)}.`;
  const fromFacts = facts.flatMap(({ fact, at }) =>
    (fact.required ?? []).flatMap((text, index) => {
      const path = parseFieldPath(text);
      const general = path === undefined ? '' : formatGeneralPath(path);
      if (!general.startsWith(above)) return [];
      return [
        {
          path: general.slice(above.length),
          because: 'fact' as const,
          origin: childOf(at, 'required', index),
        },
      ];
    }),
  );
  const fields = [...listRequiredIn(item, '', []), ...listRequiredBelow(item, mapped), ...fromFacts];
  const all = [...new Map(fields.map((field) => [field.path, field])).values()];
  return [...all, ...listOnlyMembers(all, item, mapped)];
}

/**
 * An object of which one field is mapped is left out with it, so that where the object is required the field is. A map
 * may be empty.
 */
function listOnlyMembers(
  required: readonly RequiredField[],
  item: Schema,
  mapped: readonly string[],
): RequiredField[] {
  const general = mapped.flatMap((text) => parseFieldPath(text) ?? []).map(formatGeneralPath);
  return required.flatMap((field) => {
    const below = general.filter((path) => path.startsWith(`${field.path}.`));
    const [only] = below;
    const path = parseFieldPath(field.path);
    const place = path === undefined ? undefined : findField(item, path);
    if (place?.kind === 'found' && place.schema.properties.size === 0) return [];
    return only === undefined || below.length > 1 || general.includes(field.path)
      ? []
      : [{ ...field, path: only }];
  });
}

/** Required members of required members; what hangs below an optional object is required only once that is sent. */
function listRequiredIn(schema: Schema, above: string, ancestors: readonly Schema[]): RequiredField[] {
  if (ancestors.includes(schema)) return [];
  return [...schema.properties].flatMap(([name, property]) => {
    if (!property.required || property.schema.readOnly) return [];
    const path = above + formatStep(name, above);
    const below =
      property.schema.properties.size > 0
        ? listRequiredIn(property.schema, path, [...ancestors, schema])
        : [];
    return below.length > 0 ? below : [{ path, because: 'spec' as const, origin: property.schema.origin }];
  });
}

/** A mapped field sends every object and list element above it, and each of those has required members of its own. */
function listRequiredBelow(item: Schema, mapped: readonly string[]): RequiredField[] {
  const sent = new Map<string, Schema>();
  for (const text of mapped) {
    let schema: Schema | undefined = item;
    const steps: FieldStep[] = [];
    for (const step of (parseFieldPath(text)?.steps ?? []).slice(0, -1)) {
      steps.push(step);
      schema = step.kind === 'name' ? schema?.properties.get(step.name)?.schema : schema?.items;
      if (schema !== undefined && schema.properties.size + schema.variants.length > 0)
        sent.set(formatSteps(steps), schema);
    }
  }
  return [...sent].flatMap(([path, schema]) =>
    schema.properties.size > 0
      ? listRequiredIn(schema, path, [])
      : listRequiredOfForms(schema, path, listMembers(mapped, path)),
  );
}

/** What is required in each form of an object that has all the members which are mapped. */
function listRequiredOfForms(
  { variants }: Schema,
  above: string,
  members: readonly string[],
): RequiredField[] {
  const fitting = variants.filter(({ properties }) => members.every((name) => properties.has(name)));
  const [first, ...others] = fitting;
  if (first === undefined) return [];
  const isRequiredIn = (schema: Schema, name: string): boolean =>
    schema.properties.get(name)?.required === true && !schema.properties.get(name)?.schema.readOnly;
  return [...first.properties].flatMap(([name, { schema }]) =>
    isRequiredIn(first, name) && others.every((other) => isRequiredIn(other, name))
      ? [{ path: above + formatStep(name, above), because: 'spec' as const, origin: schema.origin }]
      : [],
  );
}

/** The names of what is mapped right below a path. */
function listMembers(mapped: readonly string[], above: string): string[] {
  return mapped.flatMap((text) => {
    const steps = parseFieldPath(text)?.steps ?? [];
    const at = steps.findIndex((_, index) => formatSteps(steps.slice(0, index)) === above);
    const next = at < 0 ? undefined : steps[at];
    return next?.kind === 'name' ? [next.name] : [];
  });
}

function formatStep(name: string, above: string): string {
  const text = formatSteps([{ kind: 'name', name }]);
  return above === '' || text.startsWith('[') ? text : `.${text}`;
}
