import type { BlankKind } from '../transforms/blank.ts';
import type { Transformed } from '../transforms/transform.ts';
import type { Bounds, InvalidKind } from './find-broken-bound.ts';

export type Scalar = string | number | boolean | null;

export type BlankAction =
  'review' | 'fail' | 'skip' | 'omit' | 'drop' | 'clear' | { readonly default: Scalar };
/** What a list without elements comes to: `default` sends it as it is. */
export type ListAction = Exclude<BlankAction, object> | { readonly default: readonly [] };
export type InvalidAction =
  'review' | 'fail' | 'skip' | 'omit' | 'drop' | 'truncate' | 'round' | 'keep' | { readonly default: Scalar };

/** One decision for every kind, or one for each kind that the rules name (`other` for the rest). */
export type Decisions<K extends string, A> = A | Readonly<Partial<Record<K | 'other', A>>>;

/** Where a field's value comes from and what happens when it is blank or not accepted. */
export interface FieldRule extends Bounds {
  /** The target's path: `Phones[0].PhoneNumber`. */
  readonly to: string;
  readonly value: () => Scalar | undefined;
  readonly as?: readonly ((value: string) => Transformed<Scalar>)[];
  readonly blank: Decisions<BlankKind, BlankAction>;
  readonly invalid?: Decisions<InvalidKind, InvalidAction>;
}

export interface ChoiceRule<T extends Scalar> extends FieldRule {
  readonly table?: Readonly<Record<string, T>>;
  readonly members?: readonly T[];
  readonly otherwise?: InvalidAction;
}

/** A list that is made of another, element by element. */
export interface EachRule<Element> {
  /** The target's path; the fields of an element stand below it as `LineItems[].Quantity`. */
  readonly to: string;
  readonly value: () => readonly Element[] | null | undefined;
  /** An empty list is a kind of blank, and so is one of which no element is left. */
  readonly blank: Decisions<BlankKind, ListAction>;
  /** With fewer or more elements the target would refuse it: a person looks at the record. */
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** Why a record cannot be sent as it is. */
export interface FieldProblem {
  readonly field: string;
  readonly rule: string;
  readonly action: 'review' | 'fail' | 'skip';
  /** `blank: null`, `invalid: too-long`, `expression`. */
  readonly problem: string;
  readonly message: string;
}
