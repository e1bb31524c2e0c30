import { printCustomType, printSignature } from '../../check/custom-calls.ts';
import { unwrittenMark } from '../../plan/list-wanted-files.ts';
import type { CustomFunctionPlan, ServicePlan } from '../../model/service-plan.ts';
import { comment, quote } from '../text/code-literals.ts';
import { emitHeader, emitImport } from './emit-header.ts';

/** The file that gives the hand-written functions the name and the types that expressions know them by. */
export const CUSTOM_FILE = 'src/custom.ts';

export function emitCustom(plan: ServicePlan): string {
  const imports = plan.custom.map(({ name, file }) => emitImport([name], `../${file}`));
  const members = plan.custom.map(({ name, declared }) => `readonly ${name}: ${printSignature(declared)};`);
  return `${emitHeader(plan)}${imports.join('')}
/** rules: custom. The hand-written functions that expressions of the rules call. */
export const custom: { ${members.join(' ')} } = { ${plan.custom.map(({ name }) => name).join(', ')} };
`;
}

/** The stub of a function that only the client can write. It is made once; from then on it is theirs. */
export function emitCustomStub({ name, file, declared }: CustomFunctionPlan): string {
  const parameters = Object.entries(declared.takes).map(
    ([given, type]) => `${given}: ${printCustomType(type)}`,
  );
  const does = declared.does === undefined ? '' : ` * ${comment(declared.does)}\n *\n`;
  return `// This file is yours: it was written once and is never changed again. It is custom.${name} of the rules.

/**
${does} * It is asked whenever a record is mapped, also again for the same record, so it must give the same for the same.
 * Whenever it throws, and until it is written, the record goes to review.
 */
export function ${name}(${parameters.join(', ')}): ${printCustomType(declared.gives)} {
  throw new Error(${quote(`${unwrittenMark(file)}, and custom.${name} of the rules needs it.`)});
}
`;
}
