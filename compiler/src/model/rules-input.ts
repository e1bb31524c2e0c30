import type { AuthInput } from './auth-input.ts';

/** The rules file as it was written, after its shape was found right. Section 4 of the language. */
export type Scalar = string | number | boolean | null;
/** The one list that the rules may write out. */
export type EmptyList = readonly [];

export interface RulesInput {
  readonly mortise: 1;
  readonly integration: string;
  readonly purpose: string;
  readonly output: string;
  readonly zone?: string | undefined;
  readonly config?: Readonly<Record<string, 'string' | 'number' | 'boolean'>> | undefined;
  readonly custom?: Readonly<Record<string, CustomInput>> | undefined;
  readonly policy?: string | undefined;
  readonly sentinels?: readonly string[] | undefined;
  readonly policies?: Readonly<Record<string, PolicyInput>> | undefined;
  readonly systems: Readonly<Record<string, SystemInput>>;
  readonly flows: Readonly<Record<string, FlowInput>>;
  readonly alerts?: AlertsInput | undefined;
  readonly allow?: readonly AllowInput[] | undefined;
}

/** One finding that somebody answers for: `at` as `formatPath` writes it, `until` an ISO date, the last day. */
export interface AllowInput {
  readonly code: string;
  readonly at: string;
  readonly because: string;
  readonly until: string;
}

/** What a function of the user's own takes and gives; `?`: it may be absent or null. */
export const CUSTOM_TYPES = [
  'string',
  'string?',
  'string[]',
  'string[]?',
  'number',
  'number?',
  'number[]',
  'number[]?',
  'boolean',
  'boolean?',
  'boolean[]',
  'boolean[]?',
] as const;
export type CustomType = (typeof CUSTOM_TYPES)[number];

export interface CustomInput {
  readonly does?: string | undefined;
  /** By name, in the order of the arguments. */
  readonly takes: Readonly<Record<string, CustomType>>;
  readonly gives: CustomType;
}

export const POLICY_ACTIONS = ['review', 'fail', 'skip'] as const;
export type PolicyAction = (typeof POLICY_ACTIONS)[number];

/** A named set of choices, for what no rule decides. */
export interface PolicyInput {
  readonly extends?: string | undefined;
  readonly required?: PolicyAction | undefined;
  readonly optional?: PolicyAction | 'omit' | undefined;
  readonly invalid?: PolicyAction | undefined;
  readonly none?: NoneAction | undefined;
  readonly many?: ManyAction | undefined;
  readonly calls?: readonly CallRuleInput[] | undefined;
  readonly because?: string | undefined;
}

export interface SystemInput {
  readonly spec: string | readonly string[];
  readonly overlays?: readonly string[] | undefined;
  /** Places outside, and copies of what has an address. */
  readonly references?: readonly (string | { readonly address: string; readonly file: string })[] | undefined;
  readonly server: string;
  readonly auth: AuthInput;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly limits?: LimitsInput | undefined;
  readonly pages?: readonly PagesInput[] | undefined;
  readonly facts?: readonly FactInput[] | undefined;
  readonly calls?: readonly CallRuleInput[] | undefined;
}

export interface LimitsInput {
  readonly rate?: string | undefined;
  readonly concurrency?: number | undefined;
  readonly daily?: number | undefined;
  readonly reserve?: number | undefined;
  readonly pools?: readonly { readonly for: string; readonly rate: string }[] | undefined;
}

export interface PagesInput {
  readonly for?: string | undefined;
  readonly kind: 'cursor' | 'link' | 'next-url' | 'page' | 'offset' | 'none';
  readonly next?: string | undefined;
  readonly last?: string | undefined;
  readonly send?: string | undefined;
  readonly size?: Readonly<Record<string, number>> | undefined;
  readonly until?: 'missing' | 'empty' | 'short' | undefined;
  readonly depth?: number | undefined;
  readonly start?: number | undefined;
  readonly because?: string | undefined;
}

export interface FactInput {
  readonly schema?: string | undefined;
  readonly call?: string | undefined;
  readonly optional?: readonly string[] | undefined;
  readonly required?: readonly string[] | undefined;
  readonly nullable?: readonly string[] | undefined;
  readonly fields?: Readonly<Record<string, string>> | undefined;
  readonly replaces?: boolean | undefined;
  readonly status?: Readonly<Record<string, 'not-applied'>> | undefined;
  readonly because?: string | undefined;
}

export const CALL_ACTIONS = [
  'retry',
  'wait',
  'defer',
  'pause',
  'refresh',
  'ok',
  'missing',
  'exists',
  'skip',
  'review',
  'fail',
  'halt',
] as const;
export type CallAction = (typeof CALL_ACTIONS)[number];

export const CALL_CLASSES = ['not-sent', 'unknown', 'timeout', 'malformed', 'too-large'] as const;

export interface CallRuleInput {
  readonly on: string | number | readonly (string | number)[];
  readonly when?: string | undefined;
  readonly do: CallAction;
  readonly after?: string | undefined;
  readonly because?: string | undefined;
}

export interface FlowInput {
  readonly from: SourceInput;
  readonly keep?:
    | readonly {
        readonly when: string;
        readonly otherwise: 'skip' | 'review' | 'fail';
        readonly because?: string | undefined;
      }[]
    | undefined;
  readonly find?: Readonly<Record<string, FindInput>> | undefined;
  readonly later?: LaterInput | undefined;
  readonly to: readonly TargetInput[];
  readonly calls?: readonly CallRuleInput[] | undefined;
}

export const NONE_ACTIONS = ['review', 'defer', 'skip', 'fail', 'blank'] as const;
export type NoneAction = (typeof NONE_ACTIONS)[number];
export const MANY_ACTIONS = ['review', 'skip', 'fail'] as const;
export type ManyAction = (typeof MANY_ACTIONS)[number];

export interface FindInput {
  readonly system?: string | undefined;
  readonly call: string;
  readonly with?: Readonly<Record<string, unknown>> | undefined;
  /** Left out under `take: object`. */
  readonly records?: string | undefined;
  readonly take?: 'one' | 'all' | 'object' | undefined;
  readonly none?: NoneAction | undefined;
  readonly many?: ManyAction | undefined;
  readonly cache?: string | undefined;
  readonly pages?: PagesInput | undefined;
  readonly because?: string | undefined;
  readonly calls?: readonly CallRuleInput[] | undefined;
}

export interface LaterInput {
  readonly changed?: 'update' | 'ignore' | 'review' | undefined;
  readonly left?: 'ignore' | 'review' | 'unseen' | undefined;
  readonly deleted?: 'ignore' | undefined;
  readonly because?: string | undefined;
}

export interface SourceInput {
  readonly system: string;
  readonly read: string;
  readonly with?: Readonly<Record<string, unknown>> | undefined;
  readonly records: string;
  readonly key: string;
  readonly version: string;
  readonly order?: 'oldest-first' | 'newest-first' | 'none' | undefined;
  readonly changes?: ChangesInput | undefined;
  readonly pages?: PagesInput | undefined;
  readonly every?: string | undefined;
  readonly at?: string | undefined;
  readonly volume?: string | undefined;
  readonly calls?: readonly CallRuleInput[] | undefined;
}

export interface ChangesInput {
  readonly field?: string | undefined;
  readonly lookback?: string | undefined;
  readonly settle?: string | undefined;
  readonly full?: boolean | undefined;
  readonly exclusive?: boolean | undefined;
  readonly step?: string | undefined;
  readonly first?: string | undefined;
}

export interface BatchInput {
  readonly size: number;
  readonly results: string;
  readonly match: 'index' | { readonly item: string; readonly result: string };
  readonly error?: string | undefined;
}

export interface TargetInput {
  readonly name: string;
  readonly system: string;
  readonly write?: string | undefined;
  readonly create?: string | undefined;
  readonly update?: string | undefined;
  readonly with?: Readonly<Record<string, unknown>> | undefined;
  readonly item?: string | undefined;
  readonly id?: string | undefined;
  readonly unless?: string | undefined;
  readonly batch?: BatchInput | undefined;
  readonly find?: Readonly<Record<string, FindInput>> | undefined;
  readonly once?: OnceInput | readonly OnceInput[] | undefined;
  readonly map: Readonly<Record<string, FieldInput>>;
  readonly calls?: readonly CallRuleInput[] | undefined;
}

export const ALERT_KINDS = ['review', 'dead-letter', 'halt', 'pause', 'auth', 'stale'] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

export interface AlertsInput {
  readonly channels: Readonly<Record<string, ChannelInput>>;
  readonly send: readonly SendInput[];
}

export type ChannelInput =
  | { readonly kind: 'slack'; readonly url: string }
  | {
      readonly kind: 'email';
      readonly to: string;
      readonly smtp: string;
      readonly from?: string | undefined;
    }
  | { readonly kind: 'webhook'; readonly url: string; readonly secret: string };

export interface SendInput {
  readonly when: AlertKind | readonly AlertKind[];
  readonly to: string | readonly string[];
  readonly every?: string | undefined;
  readonly flow?: string | undefined;
  readonly over?: string | undefined;
  readonly because?: string | undefined;
}

export type OnceInput =
  | { readonly kind: 'upsert'; readonly by: string; readonly because?: string | undefined }
  | {
      readonly kind: 'key';
      readonly header: string;
      readonly lasts: string;
      readonly because?: string | undefined;
    }
  | LookUpInput
  | { readonly kind: 'accept-duplicates'; readonly because?: string | undefined };

export interface LookUpInput {
  readonly kind: 'look-up';
  readonly call: string;
  readonly with: Readonly<Record<string, unknown>>;
  readonly records: string;
  readonly settle?: string | undefined;
  readonly probes?: number | undefined;
}

export type FieldInput = Scalar | EmptyList | FieldRuleInput;

export const BLANK_ACTIONS = ['review', 'fail', 'skip', 'omit', 'drop', 'clear'] as const;
export const INVALID_ACTIONS = [
  'review',
  'fail',
  'skip',
  'omit',
  'drop',
  'truncate',
  'round',
  'keep',
] as const;
export const BLANK_KINDS = ['absent', 'null', 'empty', 'whitespace', 'sentinel'] as const;
/** Texts that stand for "nothing" where the rules name none; as the runtime has them. */
export const SENTINELS: readonly string[] = ['n/a', '-'];
export type BlankKind = (typeof BLANK_KINDS)[number];
export const INVALID_KINDS = [
  'format',
  'too-long',
  'too-short',
  'pattern',
  'not-listed',
  'too-small',
  'too-large',
  'multiple',
] as const;
export type InvalidKind = (typeof INVALID_KINDS)[number];

export interface FieldRuleInput {
  readonly value?: Scalar | readonly Scalar[] | undefined;
  readonly each?: string | undefined;
  readonly map?: Readonly<Record<string, FieldInput>> | undefined;
  /** Below `each`, in place of `map`: what an element is that has no fields. */
  readonly element?: FieldInput | undefined;
  readonly on?: 'create' | 'update' | 'both' | undefined;
  readonly as?: string | readonly string[] | undefined;
  readonly table?: Readonly<Record<string, Scalar>> | undefined;
  readonly otherwise?: DecisionInput | undefined;
  readonly blank?: DecisionInput | Readonly<Partial<Record<BlankKind, DecisionInput>>> | undefined;
  readonly invalid?: DecisionInput | Readonly<Partial<Record<InvalidKind, DecisionInput>>> | undefined;
  readonly because?: string | undefined;
}

/** An action's name, or `{default: value}`. */
export type DecisionInput = string | { readonly default: Scalar | EmptyList };
