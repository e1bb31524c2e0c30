/**
 * A place in an input file, named by path so that nobody pays for positions until a message is printed.
 * `span` counts UTF-16 units inside the decoded scalar (an expression without its leading `=` is shifted by one).
 */
export interface SourceRef {
  readonly file: string;
  readonly path: readonly PathStep[];
  readonly part: 'key' | 'value';
  readonly span?: TextSpan;
  /** Where only offsets in the file are known: a syntax error. */
  readonly raw?: TextSpan;
}

export type PathStep = string | number;

export interface TextSpan {
  readonly start: number;
  readonly end: number;
}

/** A place a person can open: lines and columns count from 1. */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export function valueAt(file: string, path: readonly PathStep[], span?: TextSpan): SourceRef {
  return span === undefined ? { file, path, part: 'value' } : { file, path, part: 'value', span };
}

export function keyAt(file: string, path: readonly PathStep[]): SourceRef {
  return { file, path, part: 'key' };
}

export function childOf(ref: SourceRef, ...steps: readonly PathStep[]): SourceRef {
  return { file: ref.file, path: [...ref.path, ...steps], part: 'value' };
}

/** `flows.customers.to[0].map["a.b"]`: how a rule is named in messages, traces and documents. */
export function formatPath(path: readonly PathStep[]): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (/^[\w$-]+$/.test(step)) text += text === '' ? step : `.${step}`;
    else text += `[${JSON.stringify(step)}]`;
  }
  return text;
}

/** RFC 6901 pointer with a leading `#`. */
export function formatPointer(path: readonly PathStep[]): string {
  return `#${path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')}`;
}
