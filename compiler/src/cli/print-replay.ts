import { cleanText } from '../diagnostics/render-text.ts';
import type { DriftReport } from '../pipeline.ts';
import type { Host } from '../source/host.ts';
import type { Format } from './print-findings.ts';
import { replayRecordings } from './replay-recordings.ts';
import type { Replay } from './replay-recordings.ts';

/** What recorded records become by the newer descriptions, field by field; only what is not what it was. */
export function printReplay(
  host: Host,
  entry: string,
  { both, files }: Extract<DriftReport, { readonly kind: 'compared' }>,
  format: Format,
): string {
  if (both === undefined)
    return tell(format, 'The rules do not fit both sides yet, so that nothing was replayed (mortise check).');
  let replay: Replay | undefined;
  try {
    replay = replayRecordings(host, host.readFile(entry) ?? '', both, files);
  } catch (error) {
    const [line = ''] = (error as Error).message.split('\n');
    return tell(format, `The recordings could not be replayed: ${line}`);
  }
  if (replay === undefined)
    return tell(format, 'The runtime is not beside the compiler, so that nothing was replayed.');
  const { records, changes } = replay;
  if (format === 'json')
    return changes.map((change) => `${JSON.stringify({ kind: 'record', ...change })}\n`).join('');
  if (format === 'github') return '';
  // Recorded values may hold terminal commands.
  const lines = changes.flatMap(({ flow, target, key, fields }) =>
    fields.map(
      ({ field, before, after }) =>
        `${cleanText(`${flow}.${target}, record ${key}: ${field} ${before} → ${after}`)}\n`,
    ),
  );
  return `${lines.join('')}${records} recorded records were mapped by both sides, ${changes.length} of them otherwise\n`;
}

function tell(format: Format, text: string): string {
  return format === 'text' ? `${text}\n` : '';
}
