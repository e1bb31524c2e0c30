import { formatLocation } from '../diagnostics/render-text.ts';
import type { PlaceReader } from '../diagnostics/render-text.ts';
import type { ExplainedCall, ExplainedDecision } from '../emit/docs/explain-call.ts';
import type { ExplainedField, FieldOutcome, GivenValue } from '../emit/docs/explain-field.ts';
import type { TimelineStep } from '../emit/docs/timeline.ts';
import type { SourceRef } from '../source/source-ref.ts';

export interface RenderOptions {
  readonly places: PlaceReader;
  readonly format: 'text' | 'json';
}

/** What the service does after an answer: who decides it, who is told, and when the next calls come. */
export function renderCalls(calls: readonly ExplainedCall[], { places, format }: RenderOptions): string {
  if (format === 'json')
    return print({
      calls: calls.map((call) => ({
        ...call,
        decisions: call.decisions.map((one) => ({ ...one, at: locate(one.at, places) })),
      })),
    });
  return calls
    .map((call) => {
      const head = `${call.name}: ${call.operation} of ${call.system}, ${call.role}\n`;
      return head + call.decisions.map((one, index) => renderDecision(one, index, places)).join('');
    })
    .join('\n');
}

function renderDecision(decision: ExplainedDecision, index: number, places: PlaceReader): string {
  const { when, answer, told, by, at, steps } = decision;
  const condition = when === undefined ? (index === 0 ? [] : ['otherwise']) : [`where ${when}`];
  const times = steps.map(formatTime);
  const width = Math.max(...times.map((time) => time.length));
  const lines = steps.map(({ what }, place) => `  ${(times[place] ?? '').padEnd(width)}  ${what}`);
  return [
    '',
    ...condition,
    `what   ${answer}`,
    `told   ${told}`,
    `by     ${by}, ${formatLocation(places.locate(at), places)}`,
    ...lines,
    '',
  ].join('\n');
}

export function renderFields(
  fields: readonly ExplainedField[],
  value: GivenValue,
  { places, format }: RenderOptions,
): string {
  if (format === 'json')
    return print({
      value: value === undefined ? 'absent' : value,
      fields: fields.map((field) => ({
        ...field,
        outcomes: field.outcomes.map((one) => ({ ...one, at: locate(one.at, places) })),
      })),
    });
  return fields
    .map(({ name, from, judged, outcomes }) => {
      const given = value === undefined ? 'nothing' : JSON.stringify(value);
      const head = `${name}: ${from}\nwhere that gives ${given}${judged === undefined ? '' : ` (${judged})`}:\n`;
      return head + outcomes.map((one) => renderOutcome(one, places)).join('');
    })
    .join('\n');
}

function renderOutcome({ when, answer, told, by, at }: FieldOutcome, places: PlaceReader): string {
  return [
    '',
    ...(when === undefined ? [] : [`where ${when}`]),
    `what   ${answer}`,
    ...(told === undefined ? [] : [`told   ${told}`]),
    `by     ${by}, ${formatLocation(places.locate(at), places)}`,
    '',
  ].join('\n');
}

function locate(at: SourceRef, places: PlaceReader) {
  const { file, line, column } = places.locate(at);
  return { file: places.displayName(file), line, column };
}

function print(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** `t+0`, `t+2 min`, `t+0.5 s – 1.5 s`. */
function formatTime({ fromMs, toMs }: TimelineStep): string {
  if (toMs === 0) return 't+0';
  const [from, to] = [formatMoment(fromMs), formatMoment(toMs)];
  return from === to ? `t+${to}` : `t+${from} – ${to}`;
}

function formatMoment(ms: number): string {
  if (ms === 0) return '0';
  const seconds = ms / 1000;
  if (seconds < 120) return `${Number(seconds.toFixed(2))} s`;
  return seconds < 7200
    ? `${Number((seconds / 60).toFixed(1))} min`
    : `${Number((seconds / 3600).toFixed(1))} h`;
}
