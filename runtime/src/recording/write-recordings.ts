import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { operatorError } from '../errors.ts';
import { nameRecording, readBody } from './recording.ts';
import type { RecordedBody, Recording } from './recording.ts';
import { decodeBody } from './redact-body.ts';
import { findHeader } from './recording.ts';
import { renderView } from './render-view.ts';

export interface WriteOptions {
  /** Of one flow; it is made where it is missing. */
  readonly folder: string;
  /** The flow's first target, whose name goes without saying. */
  readonly firstTarget: string;
  /** The text without the credentials that are known. */
  readonly hide: (text: string) => string;
}

/**
 * Writes recordings and a page for readers beside each. They take the place of what was there for the same call.
 * @returns the names of the files
 * @throws OperatorError where a credential has survived; then nothing is written
 */
export function writeRecordings(recordings: readonly Recording[], options: WriteOptions): string[] {
  const counts = new Map<string, number>();
  const files = recordings.map((recording) => {
    const { role, name } = recording;
    const place = { role, name, isFirst: role !== 'find' && name === options.firstTarget };
    const call = `${role} ${name ?? ''}`;
    const count = (counts.get(call) ?? 0) + 1;
    counts.set(call, count);
    const file = nameRecording(place, count);
    const text = `${JSON.stringify(recording, null, 2)}\n`;
    const view = renderView(recording);
    refuseSecrets(file, recording, [text, view], options.hide);
    return { file, text, view };
  });
  mkdirSync(options.folder, { recursive: true });
  removeReplaced(options.folder, options.firstTarget, recordings);
  for (const { file, text, view } of files) {
    writeFileSync(join(options.folder, file), text);
    writeFileSync(join(options.folder, file.replace(/\.json$/, '.md')), view);
  }
  return files.map(({ file }) => file);
}

/** The last look: at what would be written, and at what that says once it is decoded. */
function refuseSecrets(
  file: string,
  { request, response }: Recording,
  texts: readonly string[],
  hide: (text: string) => string,
): void {
  const bodies = [request, response].flatMap((message) =>
    message?.body === undefined
      ? []
      : listReadings(message.body, findHeader(message.headers, 'content-encoding')),
  );
  if ([...texts, ...bodies].some((text) => hide(text) !== text))
    throw operatorError(
      `${file} was not written, nor anything else of this flow: a secret of the settings stands in it, in some encoding, where the recorder could not replace it. Nothing of it is on the disk. Leave this operation out, or report it as a bug of Mortise without the body.`,
    );
}

function listReadings(body: RecordedBody, coding: string | undefined): string[] {
  const bytes = readBody(body);
  if (bytes === undefined) return [];
  const decoded = decodeBody(bytes, coding);
  return [bytes, ...(decoded === undefined ? [] : [decoded])].flatMap((part) => [
    part.toString('utf8'),
    part.toString('latin1'),
  ]);
}

/** Those of the same calls, also the synthetic ones. What is none of ours stays. */
function removeReplaced(folder: string, firstTarget: string, recordings: readonly Recording[]): void {
  const nameCall = ({ role, name = firstTarget }: Partial<Recording>): string =>
    role === 'read' || role === 'token' ? role : `${role} ${name}`;
  const calls = new Set(recordings.map(nameCall));
  for (const file of readdirSync(folder).filter((entry) => entry.endsWith('.json'))) {
    const old = readRecording(join(folder, file));
    if (old?.role === undefined || !calls.has(nameCall(old))) continue;
    rmSync(join(folder, file));
    rmSync(join(folder, file.replace(/\.json$/, '.md')), { force: true });
  }
}

function readRecording(path: string): Partial<Recording> | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Partial<Recording>;
  } catch {
    return undefined;
  }
}
