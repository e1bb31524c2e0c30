import type { FlowModel } from '../model/integration-model.ts';
import { toKebabCase } from '../model/name-case.ts';
import type { Json } from '../model/workspace.ts';
import { isObject } from '../resolve/follow-reference.ts';
import { readRecordedBody } from './read-recorded-body.ts';
import type { RecordingFile } from '../source/recording-file.ts';
import type { Recorded } from './measure-recorded.ts';

/**
 * The records that the recordings of a flow's readings hold, each file read when it is first asked for. What is made up
 * says nothing of how often something happens, so it does not count.
 */
export function createRecorded(list: () => readonly RecordingFile[]): Recorded {
  let files: readonly RecordingFile[] | undefined;
  const known = new Map<string, readonly unknown[]>();
  return (flow) => {
    files ??= list();
    const records = known.get(flow.name) ?? files.flatMap((file) => listRecords(file, flow));
    known.set(flow.name, records);
    return records;
  };
}

function listRecords({ file, text }: RecordingFile, { name, source }: FlowModel): readonly unknown[] {
  if (!file.includes(`/recordings/${toKebabCase(name)}/`)) return [];
  let exchange: Json;
  try {
    exchange = JSON.parse(text) as Json;
  } catch {
    // `drift --recordings` says so; here it only counts for nothing.
    return [];
  }
  if (!isObject(exchange) || exchange['synthetic'] === true || exchange['role'] !== 'read') return [];
  const { response } = exchange;
  let value = isObject(response) ? readRecordedBody(response['body'])?.value : undefined;
  for (const step of source.records.steps) {
    if (!isObject(value) || step.kind !== 'name') return [];
    value = value[step.name];
  }
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}
