import { didYouMean } from '../../diagnostics/suggest.ts';
import type { Host } from '../../source/host.ts';
import { findRules } from '../find-rules.ts';
import { renderTraces } from '../render-trace.ts';
import type { TraceQuestion } from '../trace-question.ts';
import { openTrace } from '../open-trace.ts';
import { createPlaceReader } from '../read-places.ts';

/**
 * `mortise explain <file:line | line of the log | line of an alert | path in the rules>`: the rule, the lines of the
 * descriptions, the emitted lines, the recordings and the tests that belong together. @returns the exit code
 */
export async function explainPlace(
  host: Host,
  folder: string,
  { question, format }: { readonly question: TraceQuestion; readonly format: 'text' | 'json' },
  print: (text: string) => void,
): Promise<number> {
  const refuse = (problem: string): number => {
    print(`${problem}\n`);
    return 2;
  };
  if (question.kind === 'wrong') return refuse(question.problem);
  const entries = findRules(host, folder, isRules(question) ? [question.file] : [], print);
  if (entries.length === 0) return 2;
  const places = createPlaceReader(host, folder);
  const notes: string[] = [];
  const known: string[] = [];
  for (const entry of entries) {
    const trace = await openTrace(host, entry, places);
    if (typeof trace === 'string') {
      notes.push(trace);
      continue;
    }
    const found = question.kind === 'place' ? trace.atPlace(question) : trace.ofRules(question.rules);
    known.push(...trace.listRules());
    if (found.length === 0) continue;
    print(renderTraces(found, { notes: [...notes, ...trace.notes], places, format }));
    return 0;
  }
  const seen = notes.length === 0 ? '' : ` ${notes.join(' ')}`;
  if (question.kind === 'place')
    return refuse(
      `No rule of ${entries.map((entry) => host.relative(folder, entry)).join(', ')} leads to this line, and it leads to none.${seen}`,
    );
  const [rule = ''] = question.rules;
  return refuse(`There is no rule ${rule}.${didYouMean(rule, known)}${seen}`);
}

function isRules(question: TraceQuestion): question is Extract<TraceQuestion, { readonly kind: 'place' }> {
  return question.kind === 'place' && question.file.endsWith('.rules.yaml');
}
