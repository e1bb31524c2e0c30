import type { SourceRef } from '../source/source-ref.ts';
import type { ExpressionTree, TypeFacts } from './expression-tree.ts';
import type { FieldPath } from './field-path.ts';
import type {
  Decision,
  Expression,
  FieldModel,
  FlowModel,
  Model,
  TargetModel,
  TransformCall,
} from './integration-model.ts';
import type { BlankKind, InvalidKind } from './rules-input.ts';

/** The model once no decision is open. */
export interface CheckedModel {
  readonly model: Model;
  readonly expressions: ReadonlyMap<Expression, CheckedExpression>;
  readonly flows: readonly CheckedFlow[];
  /** Declarations of the used slice of each system, by system name. */
  readonly types: ReadonlyMap<string, SystemTypes>;
  /** Every gate that was met, open or closed: the decision register. */
  readonly register: readonly DecisionEntry[];
}

export interface SystemTypes {
  readonly text: string;
  nameOf(schemaId: string): string | undefined;
  /** The properties that are read or written of an object. */
  usedOf(schemaId: string): ReadonlySet<string> | undefined;
}

export interface CheckedExpression {
  readonly tree: ExpressionTree;
  readonly type: TypeFacts;
  /** Static paths below `source` that the expression reads. */
  readonly reads: readonly FieldPath[];
}

export interface CheckedFlow {
  readonly flow: FlowModel;
  readonly targets: readonly CheckedTarget[];
  /** Every path of the source record that the flow reads, sorted. */
  readonly reads: readonly FieldPath[];
  /** Every path that is read of what each look-up finds, by its name, sorted. */
  readonly foundReads: ReadonlyMap<string, readonly FieldPath[]>;
}

/** A flow as it goes to one of its targets. */
export interface CheckedTarget {
  readonly flow: FlowModel;
  readonly target: TargetModel;
  readonly tier: 0 | 1 | 2 | 3 | 4 | 5;
  /** With those inside lists, each after its list. */
  readonly fields: readonly CheckedField[];
}

export type FieldKind = 'text' | 'number' | 'boolean' | 'choice' | 'constant' | 'list';

export interface CheckedField {
  readonly field: FieldModel;
  readonly kind: FieldKind;
  /** What the rules say, and what a fact implies. */
  readonly as: readonly TransformCall[];
  readonly blankKinds: readonly BlankKind[];
  readonly blank: ReadonlyMap<BlankKind, ChosenDecision>;
  readonly invalidKinds: readonly InvalidKind[];
  readonly invalid: ReadonlyMap<InvalidKind, ChosenDecision>;
  readonly otherwise: Decision | undefined;
}

/** A decision and who took it. `fallback`: the gate is closed, and the running service still has an answer. */
export interface ChosenDecision {
  readonly decision: Decision;
  readonly from: 'rules' | 'policy' | 'fallback';
}

export interface DecisionEntry {
  readonly gate: string;
  readonly subject: string;
  readonly chosen: string;
  readonly from: 'rules' | 'policy';
  readonly because: string | undefined;
  readonly evidence: 'spec' | 'author' | 'fact';
  readonly origin: SourceRef;
}
