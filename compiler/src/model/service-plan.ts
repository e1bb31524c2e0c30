import type { Operation, Parameter } from './api-model.ts';
import type { CheckedField, CheckedFlow, CheckedModel, CheckedTarget } from './checked-model.ts';
import type { AlertsModel, FindModel, FlowModel, SystemModel, TargetModel } from './integration-model.ts';
import type { CustomInput } from './rules-input.ts';

/** Everything that emission prints, with every name and file settled. */
/** What the description says of a value that is read. */
type ShapeType = 'string' | 'number' | 'integer' | 'boolean';

export interface ServicePlan {
  readonly checked: CheckedModel;
  readonly integration: string;
  readonly purpose: string;
  /** The rules file's own name, as headers and documents give it. */
  readonly rulesName: string;
  /** Where the rules stand, seen from the output folder. */
  readonly rulesPath: string;
  readonly settings: readonly SettingPlan[];
  readonly systems: readonly SystemPlan[];
  readonly flows: readonly FlowPlan[];
  /** Hand-written functions that expressions call. */
  readonly custom: readonly CustomFunctionPlan[];
  /** Undefined where nobody is told of anything. */
  readonly alerts: AlertsPlan | undefined;
  /** Names that were given to operations and fields; the next run keeps them. */
  readonly names: Readonly<Record<string, string>>;
  readonly needsKey: boolean;
}

/** A variable of the environment. */
export interface SettingPlan {
  readonly name: string;
  readonly kind: 'url' | 'text' | 'secret' | 'rate' | 'count' | 'number' | 'boolean';
  readonly required: boolean;
  readonly summary: string;
  readonly rule: string;
}

export interface SystemPlan {
  readonly system: SystemModel;
  readonly file: string;
  readonly createName: string;
  readonly typesText: string;
  readonly operations: readonly OperationPlan[];
  /** The function in `custom/` that signs its calls; undefined where the rules say how. */
  readonly customAuth: CustomAuthPlan | undefined;
}

export interface CustomAuthPlan {
  readonly file: string;
  readonly functionName: string;
}

export interface CustomFunctionPlan {
  readonly name: string;
  readonly file: string;
  readonly declared: CustomInput;
}

export interface AlertsPlan {
  readonly alerts: AlertsModel;
  readonly file: string;
  readonly createName: string;
}

export interface OperationPlan {
  readonly operation: Operation;
  readonly functionName: string;
  readonly parameters: readonly ParameterPlan[];
  /** The declared type of the body, where the operation takes one. */
  readonly bodyType: string | undefined;
  /** The constant that says how the body is written; undefined where that is JSON. */
  readonly formatName: string | undefined;
  /** The rule that calls it first. */
  readonly rule: string;
}

export interface ParameterPlan {
  readonly name: string;
  readonly property: string;
  readonly in: Parameter['in'];
  readonly type: string;
  readonly required: boolean;
  readonly kind: 'scalar' | 'list' | 'object';
  readonly style: string;
  readonly explode: boolean;
}

export interface FlowPlan {
  readonly flow: FlowModel;
  readonly checked: CheckedFlow;
  readonly file: string;
  readonly name: string;
  readonly usesConfig: boolean;
  /** Of the flow's own file; a mapping says it of itself. */
  readonly usesCustom: boolean;
  readonly recordType: string;
  readonly answerType: string;
  readonly read: OperationPlan;
  readonly finds: readonly FindPlan[];
  /** The type of what is found; undefined where nothing is looked up. */
  readonly foundType: string | undefined;
  readonly targets: readonly TargetPlan[];
  /** Exported names of imports that are known under another name, by that name. */
  readonly renamed: ReadonlyMap<string, string>;
  /** The scalar types of the fields that are read, by path. */
  readonly shape: readonly { readonly path: string; readonly type: ShapeType }[];
}

export interface FindPlan {
  readonly find: FindModel;
  readonly operation: OperationPlan;
  readonly answerType: string;
  readonly recordType: string;
  readonly shape: FlowPlan['shape'];
}

export interface TargetPlan {
  readonly checked: CheckedTarget;
  readonly write: OperationPlan;
  /** Of one result of a batch. */
  readonly resultType: string | undefined;
  readonly writeAnswerType: string | undefined;
  readonly lookUp: { readonly operation: OperationPlan; readonly answerType: string } | undefined;
  readonly mapping: MappingPlan;
}

export interface MappingPlan {
  readonly file: string;
  readonly functionName: string;
  readonly itemType: string;
  readonly bodyType: string;
  readonly target: TargetModel;
  readonly usesConfig: boolean;
  readonly usesCustom: boolean;
  readonly usesSource: boolean;
  /** What it takes of the scope: `now`, `ids`, `found`. */
  readonly scope: readonly string[];
  readonly fields: readonly FieldPlan[];
  readonly root: ResultNode;
}

export interface FieldPlan {
  readonly checked: CheckedField;
  /** The constant that holds the value. */
  readonly variable: string;
  /** Of a list: the fields of its elements, and the object that they make. */
  readonly each: { readonly fields: readonly FieldPlan[]; readonly root: ResultNode } | undefined;
}

/** The object that a mapping returns. */
export type ResultNode =
  | {
      readonly kind: 'object';
      /** Every member may be left out, and then the object is. */
      readonly mayBeEmpty: boolean;
      readonly entries: readonly (readonly [string, ResultNode])[];
    }
  | {
      readonly kind: 'list';
      readonly elements: readonly {
        readonly path: string;
        readonly droppable: boolean;
        readonly node: ResultNode;
      }[];
    }
  | { readonly kind: 'field'; readonly field: FieldPlan };
