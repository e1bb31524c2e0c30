import type { ExpressionTree } from '../model/expression-tree.ts';
import { listRecordReads } from '../check/list-reads.ts';
import type { StatusMatch } from '../model/integration-model.ts';
import { setPath } from './tests/sample-record.ts';
import type { SampleValue } from './tests/sample-record.ts';

/** How a call is answered while the failure of a row lasts, as the drills of the runtime read it. */
export interface DrillAnswer {
  readonly kind: 'response' | 'not-sent' | 'timeout' | 'cut' | 'too-large' | 'malformed';
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: SampleValue;
}

/** What a drill begins with. */
export interface DrillGiven {
  readonly flow: string;
  readonly call?: 'read' | 'find' | 'write' | 'create' | 'update';
  /** Of the look-up, or of the target; of a condition, its place among them. */
  readonly name?: string;
  readonly answer?: DrillAnswer;
  readonly situation?: string;
  readonly lastsMs?: number;
  /** Of a field: its path in the target. */
  readonly field?: string;
  readonly record?: SampleValue;
  readonly found?: { readonly [key: string]: SampleValue };
  /** The record as it was delivered before. */
  readonly before?: SampleValue;
}

/** One way to bring a case of the answer book about. */
export interface CaseDrill {
  /** The last part of the row's id: `429.retry-after`. */
  readonly suffix: string;
  /** Any of these statuses does; the first that no rule decides is taken. */
  readonly statuses?: readonly number[];
  readonly kind?: Exclude<DrillAnswer['kind'], 'response'>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: SampleValue;
  readonly situation?: string;
  /** In milliseconds, where it takes longer to be seen than other failures. */
  readonly lastsMs?: number;
  /** What the service does, where that is not what the row's other cases come to. */
  readonly action?: string;
}

export function status(suffix: string, statuses: readonly number[] = [Number(suffix)]): CaseDrill {
  return { suffix, statuses };
}

/** What the row of a case is played with, or undefined where the rules above it decide every way to bring it about. */
export function chooseAnswer(
  drill: CaseDrill,
  decided: readonly StatusMatch[],
): Pick<DrillGiven, 'answer' | 'situation' | 'lastsMs'> | undefined {
  const { kind, statuses, headers, body, situation, lastsMs } = drill;
  if (kind !== undefined)
    return decided.some((match) => match.kind === 'class' && covers(match.name, kind))
      ? undefined
      : { answer: { kind } };
  const free = statuses?.find(
    (code) => !decided.some((match) => match.kind === 'range' && match.from <= code && code <= match.to),
  );
  if (statuses !== undefined && free === undefined) return undefined;
  if (situation !== undefined) return { situation };
  return {
    answer: {
      kind: 'response',
      status: free ?? 200,
      ...(headers === undefined ? {} : { headers }),
      ...(body === undefined ? {} : { body }),
    },
    ...(lastsMs === undefined ? {} : { lastsMs }),
  };
}

function covers(name: string, kind: string): boolean {
  return name === kind || (name === 'unknown' && kind !== 'not-sent');
}

/** What a match of a rule is brought about with. */
export function drillMatch(match: StatusMatch): CaseDrill[] {
  if (match.kind === 'range') {
    const { from, to } = match;
    const codes = Array.from({ length: Math.min(to, 599) - from + 1 }, (_, index) => from + index);
    return [status(from === to ? String(from) : `${from}-${to}`, codes)];
  }
  const kinds =
    match.name === 'unknown' ? (['cut', 'timeout', 'malformed', 'too-large'] as const) : [match.name];
  return kinds.map((kind) => ({ suffix: kind, kind: kind as Exclude<DrillAnswer['kind'], 'response'> }));
}

/** An answer for which a condition holds; undefined where the condition is of another form than comparisons. */
export function satisfyAnswer(
  tree: ExpressionTree,
): { readonly body: SampleValue; readonly headers: Readonly<Record<string, string>> } | undefined {
  const root: { [key: string]: SampleValue } = { body: {}, headers: {} };
  if (!satisfy(tree, root)) return undefined;
  return { body: root['body'] ?? {}, headers: root['headers'] as Readonly<Record<string, string>> };
}

function satisfy(tree: ExpressionTree, root: { [key: string]: SampleValue }): boolean {
  if (tree.kind === 'binary' && tree.operator === '&&')
    return satisfy(tree.left, root) && satisfy(tree.right, root);
  if (tree.kind === 'binary' && tree.operator === '||') return satisfy(tree.left, root);
  const compared = tree.kind === 'binary' ? tree.left : tree.kind === 'call' ? calleeObject(tree) : tree;
  const value = valueFor(tree);
  if (value === undefined || compared === undefined) return false;
  for (const name of ['body', 'headers']) {
    const read = listRecordReads(compared, name).find((one) => one.tree === compared);
    if (read?.path === undefined) continue;
    setPath(root, [{ kind: 'name', name }, ...read.path.steps], value);
    return true;
  }
  return false;
}

/** `body.message.includes('rate')`: what has the method. */
function calleeObject(tree: ExpressionTree): ExpressionTree | undefined {
  return tree.kind === 'call' && tree.callee.kind === 'member' ? tree.callee.object : undefined;
}

const HOLDS_FOR_ITS_ARGUMENT: ReadonlySet<string> = new Set(['includes', 'startsWith', 'endsWith']);

function valueFor(tree: ExpressionTree): SampleValue | undefined {
  if (tree.kind === 'binary') {
    const given = tree.right.kind === 'literal' ? tree.right.value : undefined;
    if (given === undefined) return undefined;
    if (tree.operator === '===') return given;
    if (typeof given === 'number' && tree.operator.startsWith('>')) return given + 1;
    if (typeof given === 'number' && tree.operator.startsWith('<')) return given - 1;
    return undefined;
  }
  if (tree.kind === 'call') {
    const [argument] = tree.args;
    const isKnown = tree.callee.kind === 'member' && HOLDS_FOR_ITS_ARGUMENT.has(tree.callee.name);
    return isKnown && argument?.kind === 'literal' && typeof argument.value === 'string'
      ? argument.value
      : undefined;
  }
  return tree.kind === 'member' ? true : undefined;
}

/** Ids stand in documents and are names of tests: letters, digits and a few signs, whatever a field is called. */
export function cleanId(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9_.[\]-]+/g, '_');
}
