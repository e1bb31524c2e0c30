import type { RulesInput, Scalar } from './rules-input.ts';
import type { PathStep } from '../source/source-ref.ts';

export type Json = Scalar | readonly Json[] | { readonly [key: string]: Json | undefined };
export type JsonObject = { readonly [key: string]: Json | undefined };

/** One API description: its value after overlays. `file` is absolute. */
export interface SpecDocument {
  readonly file: string;
  /** As the file says; a `2.0` value has been converted to the shape of 3.0. */
  readonly dialect: '2.0' | '3.0' | '3.1' | '3.2';
  readonly value: JsonObject;
}

/** All that was read, before any name is looked up. */
export interface Workspace {
  readonly rulesFile: string;
  /** How the rules file is named in generated text: its base name. */
  readonly rulesName: string;
  readonly rules: RulesInput;
  /** The scalar at a path of the rules as it was typed. */
  readonly sourceText: (path: readonly PathStep[]) => string | undefined;
  readonly specs: ReadonlyMap<string, readonly SpecDocument[]>;
  /** Descriptions reached by reference, by absolute path. */
  readonly documents: ReadonlyMap<string, SpecDocument>;
  /** Files that a reference names and that were not read, by absolute path: an error only where the rules reach the reference. */
  readonly refusals: ReadonlyMap<string, Refusal>;
  /** The files that stand for what has an address. */
  readonly copies: ReadonlyMap<string, string>;
  /** Every input, by absolute path: what a hash of the inputs covers. */
  readonly inputs: ReadonlyMap<string, string>;
}

export type Refusal =
  | { readonly kind: 'missing'; readonly path: string }
  | { readonly kind: 'not-allowed'; readonly problem: string };
