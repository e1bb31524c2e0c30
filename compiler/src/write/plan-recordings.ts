import type { OutputFile } from '../model/output-file.ts';
import type { Host } from '../source/host.ts';
import { readText } from './read-text.ts';

export interface RecordingsPlan {
  /** Synthetic recordings that are to be written. */
  readonly written: readonly OutputFile[];
  /** Synthetic recordings that the rules no longer make. */
  readonly removed: readonly string[];
}

const FOLDER = 'recordings/';

export function isRecording(path: string): boolean {
  return path.startsWith(FOLDER);
}

/**
 * Recordings are the client's, but for those that say themselves that they are made from the descriptions: these follow
 * the rules, and make room where the same call was recorded from the real system.
 */
export function planRecordings(host: Host, folder: string, files: readonly OutputFile[]): RecordingsPlan {
  const present = host
    .listFiles(folder)
    .filter((path) => isRecording(path) && path.endsWith('.json'))
    .map((path) => ({ path, mark: readMark(readText(host, host.resolve(folder, path))) }));
  const real = new Set(
    present.flatMap(({ path, mark }) => (mark === undefined || mark.synthetic ? [] : [nameCall(path, mark)])),
  );
  const isReal = (path: string): boolean =>
    present.some((entry) => entry.path === path && entry.mark?.synthetic !== true);
  const wanted = files.filter(({ path, text }) => {
    const mark = readMark(text);
    return isRecording(path) && !isReal(path) && (mark === undefined || !real.has(nameCall(path, mark)));
  });
  const names = new Set(wanted.map(({ path }) => path));
  return {
    written: wanted.filter(({ path, text }) => readText(host, host.resolve(folder, path)) !== text),
    removed: present.flatMap(({ path, mark }) =>
      mark?.synthetic === true && !names.has(path) ? [path] : [],
    ),
  };
}

interface Mark {
  readonly synthetic: boolean;
  readonly role: string;
  readonly name: string;
}

/** Undefined where it is no recording. */
function readMark(text: string | undefined): Mark | undefined {
  try {
    const { synthetic, role, name } = JSON.parse(text ?? '') as Partial<Record<string, unknown>>;
    if (typeof role !== 'string') return undefined;
    return { synthetic: synthetic === true, role, name: typeof name === 'string' ? name : '' };
  } catch {
    return undefined;
  }
}

/** The flow's folder, and the call. */
function nameCall(path: string, { role, name }: Mark): string {
  return `${path.slice(0, path.lastIndexOf('/'))} ${role} ${role === 'read' ? '' : name}`;
}
