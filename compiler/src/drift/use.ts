import type { InvalidKind, Scalar } from '../model/rules-input.ts';
import type { CheckedField } from '../model/checked-model.ts';
import type { Schema } from '../model/api-model.ts';
import type { CallRule, FlowModel, PagesModel, SystemModel } from '../model/integration-model.ts';
import type { SourceRef } from '../source/source-ref.ts';

/** What a line of the rules does with a place of a description. */
export type UseKind =
  | 'records'
  | 'next'
  | 'page'
  | 'key'
  | 'version'
  | 'changes'
  | 'keep'
  | 'map'
  | 'find'
  | 'call'
  | 'unless'
  | 'id'
  | 'token'
  | 'with'
  | 'header'
  | 'once';

/** One line of the rules that uses a place of a description. */
export interface Use {
  readonly kind: UseKind;
  readonly at: SourceRef;
  /** Values that the line names: the keys of its table, and what its expression compares with. */
  readonly mentions: readonly Scalar[];
  /** Of a mapping that takes the value as it is read. */
  readonly field: CheckedField | undefined;
  /** Of what is sent. */
  readonly sent: Sent | undefined;
}

export interface Sent {
  /** Undefined where nobody knows before the service runs. */
  readonly values: readonly Scalar[] | undefined;
  readonly mayOmit: boolean;
  readonly mayNull: boolean;
  /** How what is sent can break what a schema accepts. */
  breaks(schema: Schema): readonly InvalidKind[];
}

/** The places that are used, from the root of a body or an answer down. `[]` stands for the elements of a list. */
export interface UseNode {
  readonly uses: readonly Use[];
  readonly children: ReadonlyMap<string, UseNode>;
}

/** One call that the rules make, with all that they send and read. */
export interface CallUse {
  readonly role: 'read' | 'look-up' | 'write' | 'login';
  readonly flow: FlowModel | undefined;
  readonly system: SystemModel;
  readonly method: string;
  readonly path: string;
  /** As the rules name it. */
  readonly named: string;
  readonly at: SourceRef;
  /** By `query.limit`; headers in lower case. */
  readonly parameters: ReadonlyMap<string, UseNode>;
  readonly body: UseNode;
  readonly answer: UseNode;
  /** What call rules read of the bodies of some statuses. */
  readonly bodies: readonly { readonly rule: CallRule; readonly node: UseNode }[];
  /** Headers of answers, in lower case. */
  readonly headers: ReadonlyMap<string, readonly Use[]>;
  readonly calls: readonly CallRule[];
  readonly pages: PagesModel | undefined;
  /** The header of an idempotency key, in lower case. */
  readonly keyHeader: string | undefined;
}

export interface MutableNode extends UseNode {
  readonly uses: Use[];
  readonly children: Map<string, MutableNode>;
}

export function createNode(): MutableNode {
  return { uses: [], children: new Map() };
}

export function addUse(root: MutableNode, steps: readonly string[], use: Use): void {
  let node = root;
  for (const step of steps) {
    const next = node.children.get(step) ?? createNode();
    node.children.set(step, next);
    node = next;
  }
  node.uses.push(use);
}

/** What is used at the place and below it. */
export function listUsesBelow(node: UseNode): readonly Use[] {
  return [...node.uses, ...[...node.children.values()].flatMap(listUsesBelow)];
}

/** The uses of a member. What is taken whole is used in all its parts. */
export function stepInto(node: UseNode | undefined, step: string): UseNode | undefined {
  if (node === undefined) return undefined;
  return node.children.get(step) ?? (node.children.size === 0 && node.uses.length > 0 ? node : undefined);
}

/** The line below which all of them stand: what is missing there has no line of its own. */
export function lineAbove(uses: readonly Use[]): readonly Use[] {
  const [first, ...rest] = uses;
  if (first === undefined) return [];
  if (first.kind === 'call') return uses;
  const { path } = first.at;
  const differs = path.findIndex((step, index) => rest.some(({ at }) => at.path[index] !== step));
  const shared = path.slice(0, rest.length === 0 || differs === -1 ? -1 : differs);
  if (shared.length < 3) return uses;
  return [{ ...first, at: { file: first.at.file, path: shared, part: 'value' }, field: undefined }];
}
