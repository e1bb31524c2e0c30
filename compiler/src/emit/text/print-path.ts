import type { FieldPath } from '../../model/field-path.ts';
import { quote } from './code-literals.ts';

/** `body.paging?.next?.after`: every step after the first may lead nowhere, whatever the description says. */
export function printPath(root: string, path: FieldPath): string {
  let text = root;
  path.steps.forEach((step, index) => {
    const mark = index === 0 ? '' : '?.';
    if (step.kind === 'index') text += `${mark}[${step.index}]`;
    else if (step.kind === 'name')
      text += /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(step.name)
        ? `${mark === '' ? '.' : mark}${step.name}`
        : `${mark}[${quote(step.name)}]`;
  });
  return text;
}
