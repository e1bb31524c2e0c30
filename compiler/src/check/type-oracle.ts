import { Project, ts } from 'ts-morph';
import type { SourceFile, Type, VariableDeclaration } from 'ts-morph';
import type { TypeFacts } from '../model/expression-tree.ts';
import type { TextSpan } from '../source/source-ref.ts';
import { EXPRESSION_LIBRARY } from './expression-library.ts';

export { ts };

/** The only importer of a TypeScript compiler: type checks, and the shape of emitted files. */

export interface TypedExpression {
  /** Declarations that this expression alone sees: `source: crm.Contact, config: {…}`. */
  readonly parameters: string;
  readonly text: string;
  /** `each` is an element of the list that the expression with this index gives; -1 for none. */
  readonly elementOf: number;
}

export interface TypeAnswer {
  readonly type: TypeFacts;
  readonly problems: readonly TypeProblem[];
}

export interface TypeProblem {
  readonly message: string;
  /** TypeScript's number for it. */
  readonly code: number;
  readonly span: TextSpan;
}

/** Types of many expressions in one program. @param modules declarations by module name, imported as `name.Type` */
export function checkTypes(
  modules: ReadonlyMap<string, string>,
  expressions: readonly TypedExpression[],
): readonly TypeAnswer[] {
  const project = new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    compilerOptions: {
      strict: true,
      noLib: true,
      noUncheckedIndexedAccess: true,
      target: ts.ScriptTarget.ESNext,
      module: ts.ModuleKind.ESNext,
    },
  });
  project.createSourceFile('/library.d.ts', EXPRESSION_LIBRARY);
  for (const [name, text] of modules) project.createSourceFile(`/${name}.ts`, text);
  const imports = [...modules.keys()].map((name) => `import type * as ${name} from './${name}';\n`).join('');
  let text = imports;
  const starts: number[] = [];
  expressions.forEach((expression, index) => {
    const { elementOf } = expression;
    const each = elementOf === -1 ? '' : `, each: ElementOf<typeof e${elementOf}>`;
    text += `export const e${index} = (${expression.parameters}${each}) => (`;
    starts.push(text.length);
    text += `${expression.text}\n);\n`;
  });
  const file = project.createSourceFile('/expressions.ts', text);
  const diagnostics = file
    .getPreEmitDiagnostics()
    .filter((diagnostic) => diagnostic.getSourceFile() === file);
  return expressions.map((expression, index) => {
    const start = starts[index] ?? 0;
    const end = start + expression.text.length;
    const problems = diagnostics.flatMap((diagnostic) => {
      const at = diagnostic.getStart() ?? -1;
      if (at < start || at > end) return [];
      const message = diagnostic.getMessageText();
      const sentence = typeof message === 'string' ? message : message.getMessageText();
      return [
        {
          message: sentence,
          code: diagnostic.getCode(),
          span: { start: at - start, end: Math.min(at + (diagnostic.getLength() ?? 1), end) - start },
        },
      ];
    });
    const declaration = file.getVariableDeclarationOrThrow(`e${index}`);
    const signature = declaration.getType().getCallSignatures()[0];
    return {
      type: describeType(signature?.getReturnType()),
      problems: [...problems, ...(expression.text.includes('+') ? listGaps(declaration, start) : [])],
    };
  });
}

/** A text joined by `+` of a part that may be nothing: JavaScript writes "undefined" there, and TypeScript lets it. */
function listGaps(declaration: VariableDeclaration, start: number): TypeProblem[] {
  return declaration.getDescendantsOfKind(ts.SyntaxKind.BinaryExpression).flatMap((joined) => {
    const isText = describeType(joined.getType()).string;
    if (joined.getOperatorToken().getKind() !== ts.SyntaxKind.PlusToken || !isText) return [];
    return [joined.getLeft(), joined.getRight()].flatMap((part) => {
      const type = describeType(part.getType());
      if (!type.undefined && !type.null) return [];
      const word = type.undefined ? 'undefined' : 'null';
      const message = `This can be nothing (${type.text}), and "+" would write the word "${word}" for it. Write a template, \`…\${${part.getText()}}…\`, which is blank where a part of it is, or name what stands there instead: (${part.getText()} ?? '').`;
      return [{ message, code: GAP, span: { start: part.getStart() - start, end: part.getEnd() - start } }];
    });
  });
}

/** None of TypeScript's numbers. */
const GAP = 0;

function describeType(type: Type | undefined): TypeFacts {
  const parts = type === undefined ? [] : type.isUnion() ? type.getUnionTypes() : [type];
  const has = (test: (part: Type) => boolean): boolean => parts.some(test);
  const values = parts.filter((part) => !part.isUndefined() && !part.isNull());
  const literals = values.map((part) =>
    part.isBooleanLiteral() ? part.getText() === 'true' : part.getLiteralValue(),
  );
  const isOther = (part: Type): boolean =>
    !part.isUndefined() &&
    !part.isNull() &&
    !isString(part) &&
    !isNumber(part) &&
    !part.isBoolean() &&
    !part.isBooleanLiteral();
  const text = type?.getText(undefined, ts.TypeFormatFlags.None) ?? 'unknown';
  return {
    undefined: has((part) => part.isUndefined()),
    null: has((part) => part.isNull()),
    string: has(isString),
    number: has(isNumber),
    boolean: has((part) => part.isBoolean() || part.isBooleanLiteral()),
    literals:
      values.length > 0 && literals.every((value) => value !== undefined && typeof value !== 'object')
        ? (literals as (string | number | boolean)[])
        : undefined,
    other: parts.find(isOther)?.getText(),
    text: text.replaceAll(/import\("[^"]*"\)\./g, ''),
  };
}

function isString(type: Type): boolean {
  return type.isString() || type.isStringLiteral() || type.isTemplateLiteral();
}

function isNumber(type: Type): boolean {
  return type.isNumber() || type.isNumberLiteral();
}

/** The kinds of the statements at the top of an emitted file, and its syntax errors: what emission is held against. */
export function listStatementKinds(text: string): {
  readonly kinds: readonly string[];
  readonly problems: readonly string[];
} {
  const file = ts.createSourceFile('emitted.ts', text, ts.ScriptTarget.ESNext, false);
  const broken = (file as unknown as { parseDiagnostics: ts.DiagnosticWithLocation[] }).parseDiagnostics;
  return {
    kinds: file.statements.map((statement) => ts.SyntaxKind[statement.kind]),
    problems: broken.map((problem) => ts.flattenDiagnosticMessageText(problem.messageText, ' ')),
  };
}

/** What TypeScript says of a file; `code` is its number for it. */
export interface FileProblem {
  readonly path: string;
  readonly message: string;
  readonly code: number;
  readonly span: TextSpan;
}

export interface HandWritten {
  /** What the file that holds it exports by its name. */
  readonly exported: { readonly path: string; readonly name: string };
  /** `(company: string) => string`. */
  readonly wanted: string;
}

export interface HandWrittenAnswer {
  readonly problems: readonly FileProblem[];
  /** Why the function is not what is wanted, and where it stands; undefined where it is. */
  readonly misfit: { readonly message: string; readonly span: TextSpan } | undefined;
}

/** "Cannot find name": it may be one that Node.js declares, whose types only the service has. */
const UNKNOWN_NAMES = new Set([2304, 2503, 2552, 2580, 2584, 2591, 2868]);

/** Below are what the parser says. */
const FIRST_OF_TYPES = 2000;

/**
 * Holds hand-written files against the types that are wanted of them. They are read as text: nothing is run, and what they
 * import of packages counts as fitting. @param files by path below one folder; relative imports lead to one another
 */
export function checkHandWritten(
  files: ReadonlyMap<string, string>,
  functions: readonly HandWritten[],
): readonly HandWrittenAnswer[] {
  const project = new Project({
    useInMemoryFileSystem: true,
    compilerOptions: {
      strict: true,
      noUncheckedIndexedAccess: true,
      target: ts.ScriptTarget.ESNext,
      lib: ['lib.esnext.d.ts'],
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      allowImportingTsExtensions: true,
      noEmit: true,
      types: [],
    },
  });
  project.createSourceFile('/packages.d.ts', "declare module '*';\ndeclare const console: any;\n");
  for (const [path, text] of files) project.createSourceFile(`/${path}`, text);
  return functions.map(({ exported, wanted }, index) => {
    const file = project.getSourceFileOrThrow(`/${exported.path}`);
    // With a package that is not here, only the parser and the types at the function's rim can be believed.
    const isWhole = file.getImportDeclarations().every((entry) => entry.isModuleSpecifierRelative());
    const own = listProblems(file).filter(
      ({ code }) => code < FIRST_OF_TYPES || (isWhole && !UNKNOWN_NAMES.has(code)),
    );
    const probe = project.createSourceFile(
      `/probe-${index}.ts`,
      `import { ${exported.name} } from './${exported.path}';\nexport const wanted: ${wanted} = ${exported.name};\n`,
    );
    const [misfit] = listProblems(probe);
    const [declaration] = file.getExportedDeclarations().get(exported.name) ?? [];
    const name = declaration?.getFirstDescendantByKind(ts.SyntaxKind.Identifier);
    const span = { start: name?.getStart() ?? 0, end: name?.getEnd() ?? 1 };
    return { problems: own, misfit: misfit && { message: misfit.message, span } };
  });
}

function listProblems(file: SourceFile): FileProblem[] {
  return file.getPreEmitDiagnostics().flatMap((diagnostic) => {
    const start = diagnostic.getStart();
    if (diagnostic.getSourceFile() !== file || start === undefined) return [];
    const { messageText } = diagnostic.compilerObject;
    return [
      {
        path: file.getFilePath().slice(1),
        message: ts.flattenDiagnosticMessageText(messageText, ' ').replaceAll(/\s+/g, ' '),
        code: diagnostic.getCode(),
        span: { start, end: start + (diagnostic.getLength() ?? 1) },
      },
    ];
  });
}
