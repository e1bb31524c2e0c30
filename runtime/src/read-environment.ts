import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { operatorError } from './errors.ts';

/**
 * The settings of a service: each from the environment, or from the file that `<NAME>_FILE` names, without the blanks
 * and line breaks around it that a copy brings along.
 * @throws OperatorError with every setting that is missing or wrong
 */
export function readEnvironment<T>(
  schema: z.ZodType<T> & { readonly shape: object },
  environment: Readonly<Record<string, string | undefined>>,
): T {
  const values: Record<string, string> = {};
  const problems: string[] = [];
  for (const [name, value] of Object.entries(environment))
    if (value !== undefined && value.trim() !== '') values[name] = value.trim();
  for (const base of Object.keys(schema.shape)) {
    const name = `${base}_FILE`;
    const path = environment[name];
    if (path === undefined || path === '' || values[base] !== undefined) continue;
    try {
      values[base] = readFileSync(path, 'utf8').trim();
    } catch (error) {
      problems.push(
        `${name}: the file ${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'error'})`,
      );
    }
  }
  const parsed = schema.safeParse(values);
  if (parsed.success && problems.length === 0) return parsed.data;
  for (const issue of parsed.error?.issues ?? []) {
    const name = String(issue.path[0] ?? '');
    const missing = values[name] === undefined;
    // The value itself may be a secret, so it is never shown.
    problems.push(missing ? `${name} is not set` : `${name}: ${describeIssue(issue)}`);
  }
  throw operatorError(
    `The settings are not complete:\n${problems.map((problem) => `  - ${problem}`).join('\n')}\nSet them in the environment, in .env, or as files with <NAME>_FILE; .env.example says what each is for.`,
  );
}

/** What to write instead; the schema's own words where it has some. */
function describeIssue(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.expected === 'int') return 'write a whole number';
      return issue.expected === 'number' ? 'write a number in digits' : issue.message;
    case 'too_big':
      return issue.origin === 'number' ? `write a number of at most ${String(issue.maximum)}` : issue.message;
    case 'too_small':
      return issue.origin === 'number'
        ? `write a number of at least ${String(issue.minimum)}`
        : issue.message;
    case 'invalid_value':
      return `write ${issue.values.map(String).join(' or ')}`;
    default:
      return issue.message;
  }
}
