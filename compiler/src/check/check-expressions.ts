import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import type { CheckedExpression } from '../model/checked-model.ts';
import type { Schema } from '../model/api-model.ts';
import { listChildren } from '../model/expression-tree.ts';
import type { ExpressionTree } from '../model/expression-tree.ts';
import type { Expression, Model } from '../model/integration-model.ts';
import { findField } from '../resolve/find-field.ts';
import type { TextSpan } from '../source/source-ref.ts';
import { collectExpressions } from './collect-expressions.ts';
import type { ScopedExpression } from './collect-expressions.ts';
import { findUndeclared, hintForCall, listCustomCalls } from './custom-calls.ts';
import type { CustomFunctions } from './custom-calls.ts';
import { findForbidden } from './find-forbidden.ts';
import { moduleName } from './declare-types.ts';
import type { TypeDeclarations } from './declare-types.ts';
import { checkReads, listRecordReads, shiftSpan } from './list-reads.ts';
import { parseExpression } from './parse-expression.ts';
import { checkTypes } from './type-oracle.ts';
import type { TypeProblem } from './type-oracle.ts';

export interface ExpressionFindings {
  readonly expressions: ReadonlyMap<Expression, CheckedExpression>;
  readonly found: readonly Diagnostic[];
}

/** Parses, restricts and type-checks every expression of the rules, in one program. */
export function checkExpressions(
  model: Model,
  types: ReadonlyMap<string, TypeDeclarations>,
): ExpressionFindings {
  const found: Diagnostic[] = [];
  const parsed = collectExpressions(model, types).flatMap((scoped) => {
    const tree = parseOne(scoped, model.rules.custom ?? {}, found);
    return tree === undefined ? [] : [{ scoped, tree }];
  });
  const modules = new Map([...types].map(([name, declarations]) => [moduleName(name), declarations.text]));
  const answers = checkTypes(
    modules,
    parsed.map(({ scoped }) => ({
      parameters: scoped.parameters,
      text: scoped.expression.text,
      // Of a list that could not be parsed nothing is known.
      elementOf: parsed.findIndex((other) => other.scoped.expression === scoped.element),
    })),
  );
  const expressions = new Map<Expression, CheckedExpression>();
  parsed.forEach(({ scoped, tree }, index) => {
    const answer = answers[index];
    if (answer === undefined) return;
    const { expression } = scoped;
    for (const problem of answer.problems) {
      const text =
        problem.message +
        hintForMember(problem, tree, scoped.record) +
        hintForCall(problem, tree, model.rules.custom ?? {}) +
        hintForNothing(problem, expression.text);
      found.push(
        createDiagnostic(
          'expression-type',
          { problem: text },
          shiftSpan(expression, problem.span.start, problem.span.end),
        ),
      );
    }
    if (scoped.expects === 'boolean' && answer.problems.length === 0 && !isBoolean(answer.type)) {
      const problem = `This must be true or false, and it is ${answer.type.text}.${hintForTruth(answer.type, expression.text)}`;
      found.push(createDiagnostic('expression-type', { problem }, expression.at));
    }
    if (scoped.expects === 'list' && answer.problems.length === 0 && !isList(answer.type)) {
      const problem = `This must be a list, and it is ${answer.type.text}.`;
      found.push(createDiagnostic('expression-type', { problem }, expression.at));
    }
    const read =
      scoped.record === undefined ? { reads: [], found: [] } : checkReads(expression, tree, scoped.record);
    found.push(...read.found);
    expressions.set(expression, { tree, type: answer.type, reads: read.reads });
  });
  return { expressions, found };
}

/** TypeScript's own suggestions are shy; ours know the names that the record has. */
function hintForMember(problem: TypeProblem, tree: ExpressionTree, record: Schema | undefined): string {
  if (problem.code !== UNKNOWN_MEMBER || record === undefined) return '';
  const member = findMember(tree, problem.span);
  if (member === undefined) return '';
  const [read] = listRecordReads(member.object, 'source');
  if (read?.tree !== member.object) return '';
  const field = read.path === undefined ? undefined : findField(record, read.path);
  const holder = read.path === undefined ? record : field?.kind === 'found' ? field.schema : undefined;
  return didYouMean(member.name, holder?.properties.keys() ?? []);
}

/** "Property 'x' does not exist on type 'y'." */
const UNKNOWN_MEMBER = 2339;

/** What is written where TypeScript says that something may be absent or null. */
function hintForNothing({ code, span, message }: TypeProblem, text: string): string {
  const part = text.slice(span.start, span.end);
  if (POSSIBLY_NOTHING.has(code))
    return ` Write ${part}?. where something of it is asked, or (${part} ?? …).`;
  if (code === NOT_THIS_TYPE && MAYBE_BOOLEAN.test(message)) return ` Write ${part} === true.`;
  const [given = '', wanted = ''] = message.split(' is not assignable to parameter of type ');
  const isRefused = code === NOT_ASSIGNABLE && NOTHING.test(given) && !NOTHING.test(wanted);
  if (!isRefused) return '';
  // Whatever stands there instead would be sent as if it were the number.
  if (/\bNumber\(\s*$/.test(text.slice(0, span.start)))
    return ` Leave Number out and write "as: integer" or "as: decimal" beside the value, so that a blank stays one and "blank" decides it.`;
  const wantsList = /\[\]/.test(wanted);
  return ` Name what stands there instead: (${part} ?? ${wantsList ? '[]' : "''"}).`;
}

const NOTHING = /\b(?:undefined|null)\b/;
/** "'x' is possibly 'undefined'", "Object is possibly 'null'", and their like. */
const POSSIBLY_NOTHING: ReadonlySet<number> = new Set([2531, 2532, 2533, 18_047, 18_048, 18_049]);
/** "Type 'x' is not assignable to type 'y'." */
const NOT_THIS_TYPE = 2322;
const MAYBE_BOOLEAN =
  /'(?=[^']*\bboolean\b)[^']*\b(?:undefined|null)\b[^']*' is not assignable to type 'boolean'/;
/** "Argument of type 'x' is not assignable to parameter of type 'y'." */
const NOT_ASSIGNABLE = 2345;

function findMember(
  tree: ExpressionTree,
  span: TextSpan,
): (ExpressionTree & { readonly kind: 'member' }) | undefined {
  if (tree.kind === 'member' && tree.span.end === span.end) return tree;
  for (const child of listChildren(tree)) {
    const member = findMember(child, span);
    if (member !== undefined) return member;
  }
  return undefined;
}

/** A flag that may be absent; what stands for its absence is said by the comparison. */
function hintForTruth(type: CheckedExpression['type'], text: string): string {
  const isFlag = type.boolean && !type.string && !type.number && type.other === undefined;
  if (!isFlag) return '';
  const flag = /^[\w.?[\]]+$/.test(text.trim()) ? text.trim() : `(${text.trim()})`;
  return ` Write ${flag} === true.`;
}

function isBoolean(type: CheckedExpression['type']): boolean {
  if (type.other === 'any') return true;
  return (
    type.boolean && !type.string && !type.number && !type.null && !type.undefined && type.other === undefined
  );
}

function isList({ other, string, number, boolean }: CheckedExpression['type']): boolean {
  return other === 'any' || (other?.endsWith('[]') === true && !string && !number && !boolean);
}

/** Operators of a search are texts that begin with the sign of an expression. */
function hintLiteral(text: string): string {
  return /^[^\p{L}\p{N}\s'"`()]*$/u.test(text)
    ? ` The text ${JSON.stringify(`=${text}`)} itself is written "='=${text}'".`
    : '';
}

function parseOne(
  scoped: ScopedExpression,
  custom: CustomFunctions,
  found: Diagnostic[],
): ExpressionTree | undefined {
  const { expression } = scoped;
  const parsed = parseExpression(expression.text);
  if (parsed.kind === 'syntax') {
    found.push(
      createDiagnostic(
        'expression-syntax',
        { problem: `${parsed.problem}${hintLiteral(expression.text)}` },
        shiftSpan(expression, parsed.span.start, parsed.span.end),
      ),
    );
    return undefined;
  }
  if (parsed.kind === 'forbidden') {
    const { what, instead, span } = parsed;
    found.push(
      createDiagnostic(
        'expression-forbidden',
        { what, instead },
        shiftSpan(expression, span.start, span.end),
      ),
    );
    return undefined;
  }
  const forbidden = findForbidden(parsed.tree, namesFor(scoped, parsed.tree));
  if (forbidden !== undefined) {
    const { span } = forbidden.tree;
    found.push(
      createDiagnostic(
        'expression-forbidden',
        { what: forbidden.what, instead: forbidden.instead },
        shiftSpan(expression, span.start, span.end),
      ),
    );
    return undefined;
  }
  const undeclared = scoped.names.includes('source')
    ? findUndeclared(expression, parsed.tree, custom, scoped)
    : [];
  found.push(...undeclared);
  return undeclared.length > 0 ? undefined : parsed.tree;
}

/** Where a record is, so are the user's own functions; one that is not declared has a message of its own. */
function namesFor({ names }: ScopedExpression, tree: ExpressionTree): ReadonlySet<string> {
  const isOwn = names.includes('source') && listCustomCalls(tree).length > 0;
  return new Set(isOwn ? [...names, 'custom'] : names);
}
