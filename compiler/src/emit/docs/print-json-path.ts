import type { PathStep } from '../../source/source-ref.ts';

/** A path as JSONPath: RFC 9535, with the quotes of its normalised form where a name is no plain word. */
export function printJsonPath(path: readonly PathStep[]): string {
  return `$${path.map(printStep).join('')}`;
}

function printStep(step: PathStep): string {
  if (typeof step === 'number' || /^(?:0|[1-9]\d*)$/.test(step))
    return typeof step === 'number' ? `[${step}]` : `['${step}']`;
  return /^[A-Za-z_]\w*$/.test(step) ? `.${step}` : `[${printName(step)}]`;
}

/** A text in single quotes: RFC 9535, 2.3.1.1. */
export function printName(text: string): string {
  const escaped = text.replaceAll(/[\u0000-\u001f'\\]/g, (sign) =>
    sign === "'" || sign === '\\'
      ? `\\${sign}`
      : `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
  return `'${escaped}'`;
}
