import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Schema } from '../model/api-model.ts';
import { formatSteps, parseFieldPath } from '../model/field-path.ts';
import type { FieldPath } from '../model/field-path.ts';
import { keyAt } from '../source/source-ref.ts';
import type { SourceRef } from '../source/source-ref.ts';
import { findField } from './find-field.ts';

/** The place of the mapped object in the body: one object, the first where it stands in a list. */
export function checkItem(item: FieldPath | undefined, at: SourceRef): Diagnostic[] {
  if (item === undefined) return [];
  if (item.steps.some((step) => step.kind === 'each'))
    return [
      createDiagnostic(
        'invalid-value',
        { problem: `"${item.text}" names no one object. Only at its end may stand "[]", with "batch".` },
        at,
      ),
    ];
  if (!item.steps.some((step) => step.kind === 'index' && step.index > 0)) return [];
  const problem = `"${item.text}" leaves places before it empty. The item is the first of its list: ${formatSteps(item.steps.map((step) => (step.kind === 'index' ? { ...step, index: 0 } : step)))}.`;
  return [createDiagnostic('invalid-value', { problem }, at)];
}

/** Target paths that cannot be written: a list of any length, a gap in a list, and one place named twice. */
export function listMapFaults(texts: readonly string[], at: SourceRef): Diagnostic[] {
  const paths = texts.flatMap((text) => parseFieldPath(text) ?? []);
  const filled = new Set(
    paths.flatMap(({ steps }) => steps.map((_, index) => formatSteps(steps.slice(0, index + 1)))),
  );
  const first = new Map<string, string>();
  const whole = new Set(paths.map(({ steps }) => formatSteps(steps)));
  return paths.flatMap((path) => {
    const report = (problem: string): Diagnostic[] => [
      createDiagnostic('invalid-value', { problem }, keyAt(at.file, [...at.path, path.text])),
    ];
    const plain = formatSteps(path.steps);
    const twin = first.get(plain);
    first.set(plain, twin ?? path.text);
    if (twin !== undefined)
      return report(`"${path.text}" is the same place as "${twin}", which stands above.`);
    if (path.steps.some((step) => step.kind === 'each')) {
      return report(
        `"${path.text}" names no one element. Write ${plain.replaceAll('[]', '[0]')} for the first.`,
      );
    }
    const above = path.steps
      .map((_, index) => formatSteps(path.steps.slice(0, index)))
      .find((text) => whole.has(text));
    if (above !== undefined)
      return report(
        `"${path.text}" stands inside of "${above}", which a line of its own fills already. Keep one of them.`,
      );
    const gap = findGap(path, filled);
    return gap === undefined
      ? []
      : report(`"${path.text}" is mapped and ${gap} is not, so the list would have a gap. Begin with [0].`);
  });
}

function findGap({ steps }: FieldPath, filled: ReadonlySet<string>): string | undefined {
  for (const [at, step] of steps.entries()) {
    if (step.kind !== 'index' || step.index === 0) continue;
    const before = formatSteps([...steps.slice(0, at), { kind: 'index', index: step.index - 1 }]);
    if (!filled.has(before)) return before;
  }
  return undefined;
}

/** Where the mapping speaks of an element of the body's only list and no `item` says so, that is the one mistake. */
export function findForgottenItem(
  body: Schema,
  texts: readonly string[],
  at: SourceRef,
): Diagnostic | undefined {
  const lists = [...body.properties].flatMap(([name, { schema }]) =>
    schema.items === undefined ? [] : [{ name, items: schema.items }],
  );
  const [only] = lists;
  if (only === undefined || lists.length > 1) return undefined;
  const astray = texts.find((text) => {
    const path = parseFieldPath(text);
    return (
      path !== undefined &&
      findField(body, path).kind === 'missing' &&
      findField(only.items, path).kind === 'found'
    );
  });
  if (astray === undefined) return undefined;
  const problem = `"${astray}" is no field of the body; it is one of ${only.name}[]. Write item: ${only.name}[0] beside map.`;
  return createDiagnostic('invalid-value', { problem }, keyAt(at.file, [...at.path, astray]), {
    fix: `item: ${only.name}[0]`,
  });
}
