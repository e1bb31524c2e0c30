import { listBroken } from '../check/measure-invalid.ts';
import type { Schema } from '../model/api-model.ts';
import type { Json, JsonObject } from '../model/workspace.ts';
import { isObject } from '../resolve/follow-reference.ts';
import type { PathStep } from '../source/source-ref.ts';
import type { Level } from './level.ts';
import { nameTypes, typesOf } from './schema-pair.ts';
import { listUsesBelow, stepInto } from './use.ts';
import type { Use, UseNode } from './use.ts';
import type { VarianceId } from './variance-rules.ts';
import { joinName } from './walk.ts';

/** One thing that a recorded value is and its description does not allow. */
export interface ValueFault {
  readonly id: VarianceId;
  readonly level: Level;
  readonly path: ValuePath;
  readonly says: string;
  readonly schema: Schema;
  readonly uses: readonly Use[];
}

interface ValuePath {
  /** `results[].stage`: the elements of a list are one place. */
  readonly text: string;
  readonly steps: readonly PathStep[];
}

const ROOT: ValuePath = { text: '', steps: [] };

/** Strict where the rules read, and only told elsewhere: vendors' descriptions are wrong in many places that reach nobody. */
export function checkValue(
  value: Json,
  schema: Schema,
  node: UseNode | undefined,
  path: ValuePath = ROOT,
): ValueFault[] {
  const fault = (id: VarianceId, level: Level, says: string): ValueFault => {
    const uses = node === undefined ? [] : listUsesBelow(node);
    return { id, level: uses.length === 0 ? 'NONE' : level, path, says, schema, uses };
  };
  if (value === null) {
    const isFree = schema.nullable || typesOf(schema).length === 0;
    return isFree ? [] : [fault('VR5', 'MEANING', 'is null, and may not be')];
  }
  const types = typesOf(schema);
  if (types.length > 0 && !types.some((type) => isOfType(value, type)))
    return [fault('VR4', 'WIRE', `is ${nameJson(value)}, and is described as ${nameTypes(schema)}`)];
  if (schema.variants.length > 0) return checkVariants(value, schema, node, path);
  if (Array.isArray(value)) return checkItems(value as readonly Json[], schema, node, path);
  if (isObject(value)) return checkMembers(value, schema, node, path);
  const [broken] = listBroken(schema, [value as string | number | boolean]);
  if (broken === undefined) return [];
  return broken === 'not-listed'
    ? [fault('VR7', 'MEANING', `is ${JSON.stringify(value)}, which is not listed`)]
    : [fault('VR8', 'MEANING', `breaks what is described (${broken})`)];
}

function isOfType(value: Json, type: string): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isObject(value) && !Array.isArray(value);
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}

function nameJson(value: Json): string {
  return Array.isArray(value) ? 'array' : typeof value;
}

/** The branch that fits, or that fits best. */
function checkVariants(
  value: Json,
  schema: Schema,
  node: UseNode | undefined,
  path: ValuePath,
): ValueFault[] {
  const own = { ...schema, variants: [] };
  const tries = schema.variants.map((variant) => checkValue(value, variant, node, path));
  const weigh = (faults: readonly ValueFault[]): number => faults.filter(({ id }) => id !== 'VR9').length;
  const [best = []] = tries.toSorted((left, right) => weigh(left) - weigh(right));
  const rest = checkValue(value, own, node, path).filter(({ id }) => id !== 'VR9');
  return [...rest, ...best];
}

function checkItems(
  items: readonly Json[],
  schema: Schema,
  node: UseNode | undefined,
  path: ValuePath,
): ValueFault[] {
  const { items: element } = schema;
  if (element === undefined) return [];
  return items.flatMap((item, index) =>
    checkValue(item, element, stepInto(node, '[]'), {
      text: `${path.text}[]`,
      steps: [...path.steps, index],
    }),
  );
}

function checkMembers(
  value: JsonObject,
  schema: Schema,
  node: UseNode | undefined,
  path: ValuePath,
): ValueFault[] {
  const faults: ValueFault[] = [];
  const below = (name: string): ValuePath => ({
    text: joinName(path.text, name),
    steps: [...path.steps, name],
  });
  const report = (name: string, id: VarianceId, says: string, at: ValuePath): void => {
    const child = stepInto(node, name);
    const uses = child === undefined ? [] : listUsesBelow(child);
    const level: Level = uses.length === 0 ? 'NONE' : 'MEANING';
    faults.push({ id, level, path: at, says, schema: schema.properties.get(name)?.schema ?? schema, uses });
  };
  for (const [name, property] of schema.properties) {
    const member = value[name];
    if (member !== undefined)
      faults.push(...checkValue(member, property.schema, stepInto(node, name), below(name)));
    else if (property.required && !property.schema.writeOnly)
      // The place of what is not there is that of its holder.
      report(name, 'VR6', 'is missing, and must be there', { text: below(name).text, steps: path.steps });
  }
  const isOpen = schema.properties.size === 0 && schema.additional === undefined;
  for (const [name, member] of Object.entries(value)) {
    if (schema.properties.has(name) || member === undefined) continue;
    if (schema.additional !== undefined)
      faults.push(...checkValue(member, schema.additional, stepInto(node, name), below(name)));
    else if (!isOpen) report(name, 'VR9', 'is not described', below(name));
  }
  return faults;
}
