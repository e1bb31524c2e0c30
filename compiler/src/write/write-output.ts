import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { OutputFile } from '../model/output-file.ts';
import type { Host } from '../source/host.ts';
import { valueAt } from '../source/source-ref.ts';
import { diffText } from './diff-output.ts';
import { hashText, LOCK_FILE, TRACE_FILE } from './output-lock.ts';
import type { OutputLock } from './output-lock.ts';
import { isRecording, planRecordings } from './plan-recordings.ts';
import { readText } from './read-text.ts';

export interface WriteMode {
  /** Compare only. */
  readonly check: boolean;
  /** Overwrite what was edited by hand. */
  readonly force: boolean;
}

export interface WriteReport {
  readonly found: readonly Diagnostic[];
  /** Differences, as unified diffs. */
  readonly diffs: readonly string[];
  readonly written: readonly string[];
  readonly removed: readonly string[];
}

/** These are the client's: made where they are missing, and never changed, compared or removed, but for synthetic recordings. */
const CLIENTS = /^(?:custom\/|recordings\/|\.env$|data\/)/;

export function isClients(path: string): boolean {
  return CLIENTS.test(path);
}

/** Compares the emitted files with the folder, and writes what differs. @param at the rules' `output`, where findings point */
export function writeOutput(
  host: Host,
  folder: string,
  files: readonly OutputFile[],
  previous: OutputLock | undefined,
  mode: WriteMode,
  at: Diagnostic['at'],
): WriteReport {
  const owned = files.filter((file) => !isClients(file.path));
  const findings: Diagnostic[] = [];
  const diffs: string[] = [];
  const note = (
    code: 'output-changed' | 'output-missing' | 'output-orphaned' | 'hand-edited',
    path: string,
  ): void => {
    findings.push(createDiagnostic(code, { path }, valueAt(host.resolve(folder, path), [])));
  };
  const isLost = previous === undefined && holdsForeignFiles(host, folder);
  const shown = host.relative(host.resolve(at.file, '..'), folder);
  if (isLost && !isMarked(host, folder))
    return refuse(createDiagnostic('output-not-ours', { path: shown }, at));
  const changed: OutputFile[] = [];
  for (const file of owned) {
    const onDisk = readText(host, host.resolve(folder, file.path));
    if (onDisk === file.text) continue;
    changed.push(file);
    if (onDisk === undefined) {
      note('output-missing', file.path);
      continue;
    }
    // A file that Mortise never wrote is somebody's work too. The lock is held against nothing: it holds the hashes.
    const edited = file.path !== LOCK_FILE && hashText(onDisk) !== previous?.files[file.path];
    note(edited ? 'hand-edited' : 'output-changed', file.path);
    diffs.push(diffText(file.path, onDisk, file.text));
  }
  const recordings = planRecordings(host, folder, files);
  for (const { path } of recordings.written) {
    const isThere = readText(host, host.resolve(folder, path)) !== undefined;
    if (isThere) note('output-changed', path);
  }
  for (const path of recordings.removed) note('output-orphaned', path);
  const orphans = listOrphans(host, folder, owned, previous);
  for (const orphan of orphans) note(orphan.edited ? 'hand-edited' : 'output-orphaned', orphan.path);
  const differing = changed.filter(({ path }) => path !== LOCK_FILE);
  if (isLost && !mode.force && (mode.check || differing.length > 0))
    return refuse(
      createDiagnostic('output-lock-lost', { path: shown, differing: differing.length }, at),
      diffs,
    );
  if (mode.check) return { found: findings, diffs, written: [], removed: [] };
  const edited = findings.filter((finding) => finding.code === 'hand-edited');
  if (edited.length > 0 && !mode.force) return { found: edited, diffs, written: [], removed: [] };
  const given = files.filter(
    ({ path }) =>
      isClients(path) && !isRecording(path) && readText(host, host.resolve(folder, path)) === undefined,
  );
  const removed = [...orphans.map(({ path }) => path), ...recordings.removed];
  return {
    found: [],
    diffs: [],
    ...apply(host, folder, [...changed, ...given, ...recordings.written], removed),
  };
}

function refuse(finding: Diagnostic, diffs: readonly string[] = []): WriteReport {
  return { found: [finding], diffs, written: [], removed: [] };
}

function holdsForeignFiles(host: Host, folder: string): boolean {
  return host.listFiles(folder).some((path) => !isClients(path) && !path.startsWith('node_modules/'));
}

/** A lock that cannot be read, as after a merge, or the trace that is written beside it: the folder is ours all the same. */
function isMarked(host: Host, folder: string): boolean {
  return [LOCK_FILE, TRACE_FILE].some((name) => readText(host, host.resolve(folder, name)) !== undefined);
}

interface Orphan {
  readonly path: string;
  readonly edited: boolean;
}

function listOrphans(
  host: Host,
  folder: string,
  files: readonly OutputFile[],
  previous: OutputLock | undefined,
): Orphan[] {
  const wanted = new Set([...files.map((file) => file.path), LOCK_FILE]);
  return Object.entries(previous?.files ?? {}).flatMap(([path, hash]) => {
    // A lock can be edited: nothing that is the client's, and nothing outside the folder, is an orphan.
    if (
      wanted.has(path) ||
      isClients(path) ||
      host.relative(folder, host.resolve(folder, path)) !== path ||
      path.startsWith('../')
    )
      return [];
    const onDisk = readText(host, host.resolve(folder, path));
    return onDisk === undefined ? [] : [{ path, edited: hashText(onDisk) !== hash }];
  });
}

/** The lock comes last: a stop in between leaves the old lock, and the next run finds what differs. */
function apply(host: Host, folder: string, files: readonly OutputFile[], removed: readonly string[]) {
  const ordered = files.toSorted(
    (left, right) => Number(left.path === LOCK_FILE) - Number(right.path === LOCK_FILE),
  );
  for (const file of ordered) host.writeFile(host.resolve(folder, file.path), file.text);
  for (const path of removed) host.removeFile(host.resolve(folder, path));
  return { written: ordered.map((file) => file.path), removed };
}
