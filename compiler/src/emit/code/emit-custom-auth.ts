import type { CustomAuthPlan, SystemPlan } from '../../model/service-plan.ts';
import { unwrittenMark } from '../../plan/list-wanted-files.ts';
import { comment, quote } from '../text/code-literals.ts';
import { emitImport } from './emit-header.ts';

/** The stub of a function that only the client can write. It is made once; from then on it is theirs. */
export function emitCustomAuth({ system }: SystemPlan, { file, functionName }: CustomAuthPlan): string {
  const settings = system.auth.kind === 'custom' ? Object.keys(system.auth.settings ?? {}) : [];
  const parameter =
    settings.length === 0
      ? ''
      : `, settings: { ${settings.map((name) => `readonly ${name}: string`).join('; ')} }`;
  const has = settings.length === 0 ? '' : ` It has the settings \${Object.keys(settings).join(', ')}.`;
  return `// This file is yours: it was written once and is never changed again. It stands in for systems.${comment(system.name)}.auth of the rules.
${emitImport(['operatorError'], '@mortise/runtime')}${emitImport(['CustomAuthAnswer', 'CustomAuthRequest'], '@mortise/runtime', 'type')}
/**
 * The headers and query parameters that a call of ${comment(system.name)} must carry, so that it knows who asks. Called once for each
 * try, with exactly what will be sent. Until it is written, and whenever it throws, the system is paused.
 */
export function ${functionName}(request: CustomAuthRequest${parameter}): CustomAuthAnswer | Promise<CustomAuthAnswer> {
  throw operatorError(${emitMessage(file, has)});
}
`;
}

function emitMessage(file: string, has: string): string {
  const mark = quote(unwrittenMark(file)).slice(1, -1);
  return `\`${mark}, and \${request.method} cannot go out without it.${has}\``;
}
