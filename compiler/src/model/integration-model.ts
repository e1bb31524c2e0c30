import type { SourceRef } from '../source/source-ref.ts';
import type { Operation, Parameter, Schema } from './api-model.ts';
import type { AuthInput, LoginInput } from './auth-input.ts';
import type { FieldPath } from './field-path.ts';
import type {
  AlertKind,
  BlankKind,
  CallAction,
  InvalidKind,
  ManyAction,
  NoneAction,
  PolicyAction,
  RulesInput,
  EmptyList,
  Scalar,
} from './rules-input.ts';
import type { Workspace } from './workspace.ts';

/** The rules with every name replaced by the thing it stands for. */
export interface Model {
  readonly workspace: Workspace;
  readonly rules: RulesInput;
  /** Undefined where nobody accepted any: then only rules decide. */
  readonly policy: PolicyModel | undefined;
  readonly systems: readonly SystemModel[];
  readonly flows: readonly FlowModel[];
  /** Undefined where nobody is told of anything. */
  readonly alerts: AlertsModel | undefined;
}

/** What holds where no rule says anything; each answer may be left out, and then the gate stays open. */
export interface PolicyModel {
  readonly name: string;
  readonly required: PolicyAction | undefined;
  readonly optional: PolicyAction | 'omit' | undefined;
  readonly invalid: PolicyAction | undefined;
  readonly none: NoneAction | undefined;
  readonly many: ManyAction | undefined;
  readonly calls: readonly CallRule[];
  readonly because: string | undefined;
}

export interface SystemModel {
  readonly origin: SourceRef;
  readonly name: string;
  readonly server: Setting;
  readonly auth: AuthModel;
  readonly headers: readonly { readonly name: string; readonly value: Setting }[];
  readonly rate: Rate | undefined;
  readonly concurrency: number | undefined;
  readonly daily: number | undefined;
  /** Calls of the day that a backfill leaves alone. */
  readonly reserve: number | undefined;
  readonly pools: readonly { readonly for: string; readonly rate: Rate; readonly origin: SourceRef }[];
  readonly calls: readonly CallRule[];
  readonly facts: readonly FactModel[];
}

/** As the rules say it; a login with the call that it is, and the path to the token. */
export type AuthModel = Exclude<AuthInput, LoginInput> | LoginModel;

export interface LoginModel extends Omit<LoginInput, 'call' | 'take'> {
  readonly method: string;
  readonly path: string;
  readonly take: FieldPath;
}

export interface AlertsModel {
  readonly origin: SourceRef;
  readonly channels: readonly ChannelModel[];
  readonly send: readonly SendModel[];
}

export type ChannelModel = { readonly origin: SourceRef; readonly name: string } & (
  | { readonly kind: 'slack'; readonly url: Setting }
  | {
      readonly kind: 'email';
      readonly to: Setting;
      readonly smtp: Setting;
      readonly from: Setting | undefined;
    }
  | { readonly kind: 'webhook'; readonly url: Setting; readonly secret: Setting }
);

export interface SendModel {
  readonly origin: SourceRef;
  readonly when: readonly AlertKind[];
  readonly to: readonly ChannelModel[];
  readonly flow: string | undefined;
  readonly everyMs: number | undefined;
  readonly overMs: number | undefined;
  readonly because: string | undefined;
}

/** A value given in the rules, or the name of an environment variable. */
export type Setting =
  | { readonly kind: 'literal'; readonly value: string }
  | { readonly kind: 'environment'; readonly name: string };

export interface Rate {
  readonly count: number;
  readonly perMs: number;
}

export interface FactModel {
  readonly origin: SourceRef;
  readonly target: string;
  readonly says: string;
  readonly because: string | undefined;
}

/** TypeScript from the rules, without its `=`. */
export interface Expression {
  readonly text: string;
  readonly at: SourceRef;
}

export type Value =
  | {
      readonly kind: 'literal';
      readonly value: Scalar | EmptyList;
      readonly text: string;
      readonly at: SourceRef;
    }
  | { readonly kind: 'expression'; readonly expression: Expression; readonly at: SourceRef };

export type Data =
  | Value
  | { readonly kind: 'list'; readonly items: readonly Data[]; readonly at: SourceRef }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [string, Data])[]; readonly at: SourceRef };

/** What a call is given, sorted to where the description wants it. */
export interface CallInput {
  readonly parameters: readonly { readonly parameter: Parameter; readonly value: Data }[];
  readonly body: readonly { readonly name: string; readonly schema: Schema; readonly value: Data }[];
}

export interface CallRule {
  readonly origin: SourceRef;
  readonly on: readonly StatusMatch[];
  readonly when: Expression | undefined;
  readonly do: CallAction;
  /** Of `wait` and `pause`: for how long, where the server names no time. */
  readonly afterMs: number | undefined;
  readonly because: string | undefined;
}

export type StatusMatch =
  | { readonly kind: 'range'; readonly from: number; readonly to: number }
  | { readonly kind: 'class'; readonly name: string };

export interface PagesModel {
  readonly origin: SourceRef;
  readonly kind: 'cursor' | 'link' | 'next-url' | 'page' | 'offset' | 'none';
  readonly next: FieldPath | undefined;
  /** The field of the last record that asks for the next page; `next` then says whether there is one. */
  readonly last: FieldPath | undefined;
  readonly send: string | undefined;
  readonly size: { readonly name: string; readonly count: number } | undefined;
  readonly until: 'missing' | 'empty' | 'short';
  /** The rules say so themselves. */
  readonly isUntilStated: boolean;
  readonly depth: number | undefined;
  readonly start: number;
  readonly because: string | undefined;
}

export interface FlowModel {
  readonly origin: SourceRef;
  readonly name: string;
  readonly source: SourceModel;
  /** Those for every target, then those of single ones, in the order of the targets. */
  readonly find: readonly FindModel[];
  readonly keep: readonly KeepRule[];
  readonly later: LaterModel;
  /** Texts that stand for "nothing", as they were written. */
  readonly sentinels: readonly string[];
  /** In the order in which they are written to. */
  readonly targets: readonly TargetModel[];
}

/** Something that a record needs and does not hold. */
export interface FindModel {
  readonly origin: SourceRef;
  readonly name: string;
  /** The only target that needs it; undefined where every one may use it. */
  readonly target: string | undefined;
  readonly system: SystemModel;
  readonly operation: Operation;
  readonly input: CallInput;
  /** Of the list in the answer; undefined where the answer is the one object. */
  readonly records: FieldPath | undefined;
  readonly answer: Schema;
  readonly record: Schema;
  readonly pages: PagesModel | undefined;
  readonly take: 'one' | 'all';
  readonly none: NoneAction | undefined;
  readonly many: ManyAction | undefined;
  readonly cacheMs: number | undefined;
  readonly because: string | undefined;
  readonly calls: readonly CallRule[];
}

export interface KeepRule {
  readonly origin: SourceRef;
  readonly when: Expression;
  readonly otherwise: 'skip' | 'review' | 'fail';
  readonly because: string | undefined;
}

export interface LaterModel {
  readonly origin: SourceRef;
  readonly changed: 'update' | 'ignore' | 'review' | undefined;
  readonly left: 'ignore' | 'review' | 'unseen' | undefined;
  readonly deleted: 'ignore' | undefined;
  readonly because: string | undefined;
}

export interface SourceModel {
  readonly origin: SourceRef;
  readonly system: SystemModel;
  readonly operation: Operation;
  readonly input: CallInput;
  readonly records: FieldPath;
  readonly answer: Schema;
  readonly record: Schema;
  readonly key: FieldPath;
  readonly version: FieldPath;
  readonly order: 'oldest-first' | 'newest-first' | 'none';
  readonly changes: ChangesModel | undefined;
  readonly pages: PagesModel | undefined;
  /** Of a schedule: the longest time between two readings. */
  readonly everyMs: number;
  readonly schedule: ScheduleModel | undefined;
  readonly volume: Rate | undefined;
  readonly calls: readonly CallRule[];
}

export interface ScheduleModel {
  readonly cron: string;
  readonly zone: string;
  readonly runsPerDay: number;
}

export interface ChangesModel {
  readonly origin: SourceRef;
  readonly field: FieldPath | undefined;
  readonly lookbackMs: number;
  readonly settleMs: number;
  readonly full: boolean;
  /** How far a query steps back whose filter leaves its bound out; 0 where it takes it in. */
  readonly stepMs: number;
  /** `all`, `now`, `seen`, an ISO instant, or undefined where nothing is said. */
  readonly first: string | undefined;
}

/** `contact`, and `contact.update` for how its objects are changed. */
export function labelTarget({ name, mode }: Pick<TargetModel, 'name' | 'mode'>): string {
  return mode === 'update' ? `${name}.update` : name;
}

export interface TargetModel {
  readonly origin: SourceRef;
  readonly name: string;
  /** `update`: how an object that the target before this one has made is changed. Both have one name. */
  readonly mode: 'write' | 'create' | 'update';
  /** Of an update: the parameter of its path that names the object. */
  readonly idParameter: Parameter | undefined;
  readonly system: SystemModel;
  readonly operation: Operation;
  readonly input: CallInput;
  readonly item: FieldPath | undefined;
  readonly itemSchema: Schema;
  readonly answer: Schema | undefined;
  readonly id: FieldPath | undefined;
  readonly unless: Expression | undefined;
  /** Set where several records share a call; `item` and `id` are then of a call for one. */
  readonly batch: BatchModel | undefined;
  readonly once: readonly OnceModel[];
  readonly fields: readonly FieldModel[];
  /** Fields that the description or a fact calls required, relative to the item. */
  readonly required: readonly {
    readonly path: string;
    readonly because: 'spec' | 'fact';
    readonly origin: SourceRef;
  }[];
  /** Whether the description or a fact says anything about required fields. */
  readonly requiredStated: boolean;
  readonly replaces: boolean | undefined;
  /** Failures after which nothing was applied, as a fact says. */
  readonly notApplied: readonly NotApplied[];
  readonly calls: readonly CallRule[];
}

export interface NotApplied {
  readonly from: number;
  readonly to: number;
  readonly because: string | undefined;
  readonly origin: SourceRef;
}

export interface BatchModel {
  readonly origin: SourceRef;
  readonly size: number;
  /** The list of results in the answer, and what one of them is. */
  readonly results: FieldPath;
  readonly result: Schema;
  /** Fields that item and result share; undefined where results stand in the order of the items. */
  readonly match: { readonly item: FieldPath; readonly result: FieldPath } | undefined;
  readonly error: Expression | undefined;
}

export type OnceModel =
  | {
      readonly kind: 'upsert';
      readonly by: string;
      readonly because: string | undefined;
      readonly origin: SourceRef;
    }
  | {
      readonly kind: 'key';
      readonly header: string;
      readonly lastsMs: number;
      readonly because: string | undefined;
      readonly origin: SourceRef;
    }
  | {
      readonly kind: 'look-up';
      readonly operation: Operation;
      readonly input: CallInput;
      readonly records: FieldPath;
      readonly record: Schema;
      readonly answer: Schema;
      readonly pages: PagesModel | undefined;
      /** How long its index may lag behind a write; undefined where it does not. */
      readonly settleMs: number | undefined;
      /** So many look-ups must find nothing, `settleMs` apart. */
      readonly probes: number;
      readonly origin: SourceRef;
    }
  | { readonly kind: 'accept-duplicates'; readonly because: string | undefined; readonly origin: SourceRef };

export type Decision = { readonly action: string } | { readonly default: Scalar | EmptyList };

/** Decisions as written: one for all kinds, or by kind. */
export interface DecisionRule<K extends string> {
  readonly origin: SourceRef;
  readonly all: Decision | undefined;
  readonly byKind: ReadonlyMap<K, Decision>;
}

export interface FieldModel {
  readonly origin: SourceRef;
  readonly path: FieldPath;
  readonly schema: Schema;
  readonly required: boolean;
  readonly readOnly: boolean;
  readonly values: readonly Value[];
  readonly as: readonly TransformCall[];
  readonly table:
    readonly { readonly from: string; readonly to: Scalar; readonly origin: SourceRef }[] | undefined;
  readonly otherwise: Decision | undefined;
  readonly blank: DecisionRule<BlankKind> | undefined;
  readonly invalid: DecisionRule<InvalidKind> | undefined;
  readonly because: string | undefined;
  /** Where the field is a list that is made of another. */
  readonly each: EachModel | undefined;
}

export interface EachModel {
  readonly list: Expression;
  /** One element of the target's list. */
  readonly schema: Schema;
  /** Their paths lead from the item: `LineItems[].Quantity`. */
  readonly fields: readonly FieldModel[];
}

/** The targets without what only changes their objects: what progress and ids go by. */
export function listOwnTargets({ targets }: FlowModel): readonly TargetModel[] {
  return targets.filter(({ mode }) => mode !== 'update');
}

/** The fields of a target with those inside lists, each after its list. */
export function listFields(fields: readonly FieldModel[]): readonly FieldModel[] {
  return fields.flatMap((field) => [field, ...listFields(field.each?.fields ?? [])]);
}

export interface TransformCall {
  readonly name: string;
  readonly argument: string | undefined;
  readonly at: SourceRef;
}
