import type { PlaceReader } from '../diagnostics/render-text.ts';
import type { Trace } from './open-trace.ts';

export interface RenderTraceOptions {
  readonly notes: readonly string[];
  readonly places: PlaceReader;
  readonly format: 'text' | 'json';
}

/** More is in the answer book, with what each of them shows. */
const MOST_TESTS = 12;

export function renderTraces(traces: readonly Trace[], { notes, format }: RenderTraceOptions): string {
  if (format === 'json') return `${JSON.stringify({ notes, traces }, null, 2)}\n`;
  const told = notes.map((note) => `note: ${note}\n`).join('');
  return `${told}${traces.map(renderTrace).join('\n')}`;
}

function renderTrace(trace: Trace): string {
  const rest = trace.tests.length - MOST_TESTS;
  const more = rest > 0 ? [`and ${rest} more: docs/answers.md of the service`] : [];
  const lines: readonly (readonly [string, readonly string[]])[] = [
    ['rule', [`${trace.at}  ${trace.text}`]],
    ['made of', trace.reads],
    ['described', trace.spec],
    ['code', trace.code],
    ['recorded', trace.recordings],
    ['tests', [...trace.tests.slice(0, MOST_TESTS), ...more]],
  ];
  const body = lines
    .filter(([, values]) => values.length > 0)
    .map(([label, values]) => `  ${label.padEnd(10)} ${values.join(`\n${' '.repeat(13)}`)}\n`);
  return `${trace.rule}\n${body.join('')}`;
}
