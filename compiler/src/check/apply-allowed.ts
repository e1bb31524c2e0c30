import { catalog, isCode } from '../diagnostics/catalog.ts';
import type { Code } from '../diagnostics/catalog.ts';
import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import { hasErrors } from '../diagnostics/diagnostic.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import type { DecisionEntry } from '../model/checked-model.ts';
import type { AllowInput } from '../model/rules-input.ts';
import { formatPath, valueAt } from '../source/source-ref.ts';

export interface AllowedFindings {
  readonly found: readonly Diagnostic[];
  /** What was set aside, for the register. */
  readonly register: readonly DecisionEntry[];
}

const ALLOWABLE = Object.keys(catalog).filter((code) => isCode(code) && catalog[code].allowable);

/**
 * Leaves out the findings that a line of `allow` answers for: the same code at the same place, no later than its last day.
 * A line that cannot do that, or no longer, is an error; one with nothing to do is reported once nothing else
 * is wrong, or at once where its code stands at other places.
 * @param today as YYYY-MM-DD
 */
export function applyAllowed(
  file: string,
  allow: readonly AllowInput[],
  found: readonly Diagnostic[],
  today: string,
): AllowedFindings {
  const kept = new Set(found);
  const lines = allow.map((line, index) => judgeLine(file, line, index, { found, today }));
  for (const { covers } of lines) for (const finding of covers) kept.delete(finding);
  const wrong = lines.flatMap((line) => line.wrong);
  const left = [...kept, ...wrong];
  // One that names another place than what is said of its code is at fault whatever else is wrong.
  const unused = lines.flatMap((line) => (line.isElsewhere || !hasErrors(left) ? line.unused : []));
  return { found: [...left, ...unused], register: lines.flatMap(({ entry }) => entry) };
}

interface JudgedLine {
  readonly covers: readonly Diagnostic[];
  readonly wrong: readonly Diagnostic[];
  readonly unused: readonly Diagnostic[];
  /** The code is said, at other places only. */
  readonly isElsewhere: boolean;
  readonly entry: readonly DecisionEntry[];
}

function judgeLine(
  file: string,
  { code, at, because, until }: AllowInput,
  index: number,
  { found, today }: { readonly found: readonly Diagnostic[]; readonly today: string },
): JudgedLine {
  const none: JudgedLine = { covers: [], wrong: [], unused: [], isElsewhere: false, entry: [] };
  const place = (key: string) => valueAt(file, ['allow', index, key]);
  if (!isCode(code) || !catalog[code].allowable) {
    const params = { code, near: explainRefusal(code) };
    return { ...none, wrong: [createDiagnostic('allow-refused', params, place('code'))] };
  }
  if (until < today)
    return { ...none, wrong: [createDiagnostic('allow-expired', { code, until }, place('until'))] };
  const said = found.filter((finding) => finding.code === code && finding.at.file === file);
  const covers = said.filter((finding) => formatPath(finding.at.path) === at);
  const entry: DecisionEntry = {
    gate: 'allow',
    subject: at,
    chosen: `${code} is allowed until ${until}`,
    from: 'rules',
    because,
    evidence: 'author',
    origin: valueAt(file, ['allow', index]),
  };
  if (covers.length > 0) return { ...none, covers, entry: [entry] };
  return {
    ...none,
    isElsewhere: said.length > 0,
    unused: [createDiagnostic('allow-unused', { code, at, elsewhere: list(said) }, place('at'))],
  };
}

function explainRefusal(code: string): string {
  if (!isCode(code)) return didYouMean(code, ALLOWABLE) || ` What can be: ${ALLOWABLE.join(', ')}.`;
  return ' The service would not know what to do; write the decision that the message asks for.';
}

function list(said: readonly { readonly at: Diagnostic['at']; readonly code: Code | string }[]): string {
  const places = [...new Set(said.map(({ at }) => formatPath(at.path)))];
  return places.length === 0 ? '' : ` It is said at ${places.join(', ')}.`;
}
