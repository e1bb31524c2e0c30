import { didYouMean } from '../../diagnostics/suggest.ts';
import type { Host } from '../../source/host.ts';
import { findRules } from '../find-rules.ts';
import { renderTraces } from '../render-trace.ts';
import type { TraceQuestion } from '../trace-question.ts';
import { openTrace } from '../open-trace.ts';
import { createPlaceReader } from '../read-places.ts';
import { explain } from './explain.ts';

export interface ExplainPlaceArguments {
  readonly question: TraceQuestion;
  /** Rules files of whose service the question is; none for all that there are. */
  readonly rules: readonly string[];
  readonly format: 'text' | 'json';
}

/**
 * `mortise explain <file:line | line of the log | line of an alert | path in the rules>`: the rule, the lines of the
 * descriptions, the emitted lines, the recordings and the tests that belong together. @returns the exit code
 */
export async function explainPlace(
  host: Host,
  folder: string,
  { question, rules, format }: ExplainPlaceArguments,
  print: (text: string) => void,
): Promise<number> {
  const refuse = (problem: string): number => {
    print(`${problem}\n`);
    return 2;
  };
  if (question.kind === 'wrong') return refuse(question.problem);
  const entries = findRules(host, folder, isRules(question) ? [question.file] : rules, print);
  if (entries.length === 0) return 2;
  const places = createPlaceReader(host, folder);
  const notes: string[] = [];
  const known: string[] = [];
  let isBelowRule = false;
  for (const entry of entries) {
    const trace = await openTrace(host, entry, places);
    if (typeof trace === 'string') {
      notes.push(trace);
      continue;
    }
    const found = question.kind === 'place' ? trace.atPlace(question) : trace.ofRules(question.rules);
    known.push(...trace.listRules());
    isBelowRule ||= question.kind === 'rules' && trace.ofRules(question.rules.map(readTop)).length > 0;
    if (found.length === 0) {
      notes.push(...trace.notes);
      continue;
    }
    print(renderTraces(found, { notes: [...notes, ...trace.notes], places, format }));
    return 0;
  }
  const seen = notes.length === 0 ? '' : ` ${notes.join(' ')}`;
  if (question.kind === 'place')
    return refuse(
      `No rule of ${entries.map((entry) => host.relative(folder, entry)).join(', ')} leads to this line. Lines are known of the rules, of what they use of the descriptions, and of src/flows, src/mappings and src/systems of the service.${seen}`,
    );
  const [rule = ''] = question.rules;
  // What the rules could say below something that they hold, and do not.
  if (isBelowRule) return explain(host, rule, print);
  return refuse(`There is no rule ${rule}.${didYouMean(rule, known)}${seen}`);
}

/** `flows.customers` of `flows.customers.from.pages`. */
function readTop(rule: string): string {
  return rule.split('.').slice(0, 2).join('.');
}

function isRules(question: TraceQuestion): question is Extract<TraceQuestion, { readonly kind: 'place' }> {
  return question.kind === 'place' && question.file.endsWith('.rules.yaml');
}
