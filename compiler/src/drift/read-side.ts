import type { Operation } from '../model/api-model.ts';
import type { SpecDocument, Workspace } from '../model/workspace.ts';
import { isObject } from '../resolve/follow-reference.ts';
import type { SpecNode } from '../resolve/follow-reference.ts';
import type { ResolveContext, ResolvedSystem } from '../resolve/resolve-context.ts';
import type { OperationFinder } from '../resolve/resolve-operations.ts';
import { resolveSystem } from '../resolve/resolve-systems.ts';
import type { SchemaBuilder } from '../resolve/schema-builder.ts';
import { valueAt } from '../source/source-ref.ts';
import type { PathStep, SourceRef } from '../source/source-ref.ts';

/** One system as its descriptions gave it at one time, overlays and facts applied. */
export interface SystemSide {
  readonly name: string;
  readonly documents: readonly SpecDocument[];
  readonly operations: OperationFinder;
  readonly schemas: SchemaBuilder;
  /** What stands at a place, references followed; for what the model does not hold. */
  nodeAt(file: string, path: readonly PathStep[]): SpecNode | undefined;
}

/** Every system of a workspace. That the rules fit the descriptions is not asked: of the newer ones it is often not true. */
export function readSides(workspace: Workspace): ReadonlyMap<string, SystemSide> {
  const systems = new Map<string, ResolvedSystem>();
  const context: ResolveContext = { workspace, systems, found: [] };
  return new Map(
    Object.entries(workspace.rules.systems).map(([name, input]) => {
      const { resolved, schemas } = resolveSystem(context, name, input, []);
      systems.set(name, resolved);
      return [name, describeSide(workspace, name, resolved.operations, schemas)];
    }),
  );
}

function describeSide(
  workspace: Workspace,
  name: string,
  operations: OperationFinder,
  schemas: SchemaBuilder,
): SystemSide {
  const documents = workspace.specs.get(name) ?? [];
  const byFile = new Map(workspace.documents);
  for (const document of documents) byFile.set(document.file, document);
  return {
    name,
    documents,
    operations,
    schemas,
    nodeAt(file, path) {
      let node: SpecNode | undefined = { file, path: [], value: byFile.get(file)?.value ?? {} };
      let value: unknown = node.value;
      for (const [index, step] of path.entries()) {
        value = (value as Readonly<Record<PathStep, unknown>> | undefined)?.[step];
        if (typeof value !== 'object' || value === null) return undefined;
        if (!Array.isArray(value))
          node = { file, path: path.slice(0, index + 1), value: value as SpecNode['value'] };
      }
      node = Array.isArray(value) ? undefined : node;
      return node === undefined ? undefined : schemas.peek(node);
    },
  };
}

/** The operation as its file writes it. */
export function operationNode(side: SystemSide, { origin }: Operation): SpecNode | undefined {
  return side.nodeAt(origin.file, origin.path);
}

/** The members of a map that stands below a node, each with its references followed. */
export function listMembers(
  side: SystemSide,
  node: SpecNode | undefined,
  ...steps: readonly PathStep[]
): ReadonlyMap<string, SpecNode> {
  const holder = node === undefined ? undefined : side.nodeAt(node.file, [...node.path, ...steps]);
  if (holder === undefined) return new Map();
  return new Map(
    Object.entries(holder.value).flatMap(([name, value]): [string, SpecNode][] => {
      if (!isObject(value)) return [];
      const member = side.schemas.peek({ file: holder.file, path: [...holder.path, name], value });
      return member === undefined ? [] : [[name, member]];
    }),
  );
}

export function placeOf(node: SpecNode, ...below: readonly PathStep[]): SourceRef {
  return valueAt(node.file, [...node.path, ...below]);
}
