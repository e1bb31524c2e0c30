/**
 * All that expressions may call. TypeScript checks them against these declarations instead of its own library,
 * so that a method that is not listed here does not exist for them. Everything is free of side effects.
 */
export const EXPRESSION_LIBRARY = `
interface CallableFunction {}
interface NewableFunction {}
interface Function {}
interface IArguments {}
interface RegExp {}
interface Object {}
interface Boolean {}
interface Number { toFixed(digits?: number): string; toString(): string; }
interface String {
  readonly length: number;
  readonly [index: number]: string;
  at(index: number): string | undefined;
  charAt(index: number): string;
  concat(...texts: string[]): string;
  endsWith(text: string): boolean;
  includes(text: string): boolean;
  indexOf(text: string): number;
  lastIndexOf(text: string): number;
  normalize(form?: 'NFC' | 'NFD' | 'NFKC' | 'NFKD'): string;
  padEnd(length: number, fill?: string): string;
  padStart(length: number, fill?: string): string;
  replace(text: string, by: string): string;
  replaceAll(text: string, by: string): string;
  slice(start?: number, end?: number): string;
  split(separator: string): string[];
  startsWith(text: string): boolean;
  substring(start: number, end?: number): string;
  toLowerCase(): string;
  toUpperCase(): string;
  trim(): string;
  trimEnd(): string;
  trimStart(): string;
}
interface ReadonlyArray<T> extends Array<T> {}
interface Array<T> {
  readonly length: number;
  [index: number]: T;
  at(index: number): T | undefined;
  concat(...lists: T[][]): T[];
  every(test: (item: T, index: number) => boolean): boolean;
  filter(test: (item: T, index: number) => boolean): T[];
  find(test: (item: T, index: number) => boolean): T | undefined;
  flatMap<U>(make: (item: T, index: number) => U[]): U[];
  includes(item: T): boolean;
  indexOf(item: T): number;
  join(separator: string): string;
  map<U>(make: (item: T, index: number) => U): U[];
  slice(start?: number, end?: number): T[];
  some(test: (item: T, index: number) => boolean): boolean;
}
type ElementOf<List> = List extends (...given: any[]) => infer Made ? Made extends (infer Element)[] ? Element : never : never;
type Partial<T> = { [P in keyof T]?: T[P] };
type Record<K extends string, T> = { [P in K]: T };
declare function String(value: string | number | boolean): string;
declare function String(value: string | number | boolean | null | undefined): string | null | undefined;
declare function Number(value: string | number): number;
declare function Boolean(value: unknown): boolean;
interface TemplateStringsArray { readonly raw: string[]; }
declare function html(texts: TemplateStringsArray, ...parts: (string | number | boolean | null | undefined)[]): string | undefined;
interface FilledTag {
  (texts: TemplateStringsArray, ...parts: (string | number | boolean)[]): string;
  (texts: TemplateStringsArray, ...parts: (string | number | boolean | null | undefined)[]): string | undefined;
}
declare const url: typeof html;
declare const odata: typeof html;
declare const soql: typeof html;
declare const jql: typeof html;
declare function times(left: string | number | null | undefined, right: string | number | null | undefined): string | undefined;
declare function sum(values: (string | number | null | undefined)[]): string | undefined;
interface Instant {
  readonly iso: string;
  readonly date: string;
  readonly epochS: number;
  readonly epochMs: number;
  readonly httpDate: string;
}
`;

/** They reckon with decimals digit for digit, give text, and give nothing where a part is blank. */
export const DECIMAL_FUNCTIONS: readonly string[] = ['times', 'sum'];

/** Names that may be called without an object. */
export const EXPRESSION_FUNCTIONS: ReadonlySet<string> = new Set([
  'String',
  'Number',
  'Boolean',
  ...DECIMAL_FUNCTIONS,
]);

/** Members that lead from a value to code or to the prototype chain, whatever the types say. */
export const FORBIDDEN_MEMBERS: ReadonlySet<string> = new Set([
  'constructor',
  'prototype',
  '__proto__',
  '__defineGetter__',
  '__defineSetter__',
  '__lookupGetter__',
  '__lookupSetter__',
]);
