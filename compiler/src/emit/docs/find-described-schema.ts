import type { Operation } from '../../model/api-model.ts';
import { parseFieldPath } from '../../model/field-path.ts';
import type { FactInput } from '../../model/rules-input.ts';
import type { SpecDocument, Workspace } from '../../model/workspace.ts';
import {
  isFileNamed,
  listDefinitions,
  listSchemas,
  parseFactTarget,
} from '../../resolve/find-fact-target.ts';
import { followReference, isObject } from '../../resolve/follow-reference.ts';
import type { SpecFiles, SpecNode } from '../../resolve/follow-reference.ts';
import type { PathStep } from '../../source/source-ref.ts';

/** Looks a description up as it is written: where a schema stands, and which of its parts says what. */
export interface DescriptionReader {
  /** The schema that a fact about a schema is about. */
  findSchema(fact: FactInput): SpecNode | undefined;
  /** The object in the body of a call that holds the last name of a path, and that name. */
  findHolder(
    operation: Operation,
    path: string,
  ): { readonly holder: SpecNode; readonly name: string } | undefined;
  /** A schema and the parts that it is composed of with `allOf`. */
  listParts(schema: SpecNode): readonly SpecNode[];
  /** A property as it is written: it may be a reference. */
  findProperty(schema: SpecNode, name: string): SpecNode | undefined;
  dialectOf(node: SpecNode): SpecDocument['dialect'];
}

const MAX_PARTS = 100;

export function createDescriptionReader(workspace: Workspace, system: string): DescriptionReader {
  const own = workspace.specs.get(system) ?? [];
  const documents = new Map([
    ...workspace.documents,
    ...own.map((document) => [document.file, document] as const),
  ]);
  const files: SpecFiles = { documents, refusals: workspace.refusals, copies: workspace.copies };
  const follow = (node: SpecNode | undefined): SpecNode | undefined => {
    if (node === undefined) return undefined;
    const led = followReference(files, node);
    return 'end' in led ? led.end : undefined;
  };
  const listParts = (schema: SpecNode): readonly SpecNode[] => {
    const parts = [schema];
    for (const part of parts) {
      const { allOf } = part.value;
      if (!Array.isArray(allOf) || parts.length > MAX_PARTS) continue;
      for (const index of allOf.keys()) {
        const inner = follow(below(part, 'allOf', index));
        if (inner !== undefined && !parts.some(({ value }) => value === inner.value)) parts.push(inner);
      }
    }
    return parts;
  };
  const findProperty = (schema: SpecNode, name: string): SpecNode | undefined => {
    for (const part of listParts(schema)) {
      const found = below(part, 'properties', name);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return {
    listParts,
    findProperty,
    dialectOf: (node) => documents.get(node.file)?.dialect ?? '3.0',
    findSchema(fact) {
      const known = [...new Set(own.flatMap((document) => Object.keys(listSchemas(document))))];
      const target = parseFactTarget(fact.schema ?? '', known);
      const fitting = own.filter((document) => isFileNamed(document.file, target.file));
      const [document] = listDefinitions(fitting, target.name);
      if (document === undefined) return undefined;
      const root: SpecNode = { file: document.file, path: [], value: document.value };
      let node = follow(below(root, 'components', 'schemas', target.name));
      for (const name of target.below) node = node && follow(findProperty(node, name));
      return node;
    },
    findHolder(operation, path) {
      const steps = parseFieldPath(path)?.steps ?? [];
      const last = steps.at(-1);
      const at = operation.body?.schema.origin;
      const document = at === undefined ? undefined : documents.get(at.file);
      if (at === undefined || document === undefined || last?.kind !== 'name') return undefined;
      let node = follow(below({ file: at.file, path: [], value: document.value }, ...at.path));
      for (const step of steps.slice(0, -1))
        node = node && follow(step.kind === 'name' ? findProperty(node, step.name) : below(node, 'items'));
      return node && { holder: node, name: last.name };
    },
  };
}

function below(node: SpecNode, ...steps: readonly PathStep[]): SpecNode | undefined {
  let value: unknown = node.value;
  for (const step of steps) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<PathStep, unknown>)[step];
  }
  return isObject(value as never)
    ? { file: node.file, path: [...node.path, ...steps], value: value as SpecNode['value'] }
    : undefined;
}
