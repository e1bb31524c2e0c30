import { mergeFindings } from './check/merge-alike.ts';
import { createDiagnostic } from './diagnostics/create-diagnostic.ts';
import { hasErrors } from './diagnostics/diagnostic.ts';
import type { Diagnostic, Result } from './diagnostics/diagnostic.ts';
import type { RecordingsReport } from './drift/check-recordings.ts';
import type { RecordingFile } from './source/recording-file.ts';
import type { Variance } from './drift/variance.ts';
import type { PackageFacts } from './emit/code/emit-package.ts';
import type { Templates } from './emit/templates.ts';
import { loadWorkspace } from './load/load-workspace.ts';
import type { CheckedModel } from './model/checked-model.ts';
import type { AllowInput } from './model/rules-input.ts';
import type { OutputFile } from './model/output-file.ts';
import type { ServicePlan } from './model/service-plan.ts';
import type { Workspace } from './model/workspace.ts';
import { resolveWorkspace } from './resolve/resolve-workspace.ts';
import type { Host } from './source/host.ts';
import { valueAt } from './source/source-ref.ts';
import { findOutputFolder } from './write/find-output-folder.ts';
import { hashText, LOCK_FILE, readLock, renderLock, TRACE_FILE } from './write/output-lock.ts';
import type { OutputLock } from './write/output-lock.ts';
import { readText } from './write/read-text.ts';
import { isClients, writeOutput } from './write/write-output.ts';
import type { WriteMode, WriteReport } from './write/write-output.ts';

const CUSTOM_FOLDER = 'custom';

/** What the compiler brings along: its templates, versions, and the runtime that it can put beside a service. */
export interface CompilerAssets {
  readonly templates: Templates;
  readonly packageFacts: PackageFacts;
  /** The lock file of a service that carries the runtime. */
  readonly packageLock: string;
  readonly compilerVersion: string;
  /** SHA-256 over the compiler's own source. */
  readonly sourceHash: string;
  /** The runtime's files, as a service carries them: below `runtime/`. */
  readonly readRuntime: () => readonly OutputFile[];
}

export interface CompileOptions extends WriteMode {
  readonly assets: CompilerAssets;
  readonly vendorRuntime: boolean;
  /** Another folder than the rules' `output`; absolute. */
  readonly output?: string | undefined;
  readonly onStage: (stage: string) => void;
}

export interface CompileReport extends WriteReport {
  readonly checked: CheckedModel | undefined;
  readonly folder: string | undefined;
  readonly files: number;
}

/**
 * The first three stages: what a rules file means, or everything that is wrong with it.
 * @param entry absolute path of the rules file
 */
export async function checkIntegration(
  host: Host,
  entry: string,
  onStage: (stage: string) => void = () => undefined,
): Promise<Result<CheckedModel | undefined>> {
  onStage('load');
  const [workspace, loadFindings] = loadWorkspace(host, entry);
  if (workspace === undefined) return [undefined, loadFindings];
  const list = (): readonly RecordingFile[] => listRecordings(host, entry, workspace.rules.output);
  return checkWorkspace(workspace, { today: host.today(), earlier: loadFindings, onStage, list });
}

interface CheckOptions {
  /** As YYYY-MM-DD. */
  readonly today: string;
  /** What loading found. */
  readonly earlier?: readonly Diagnostic[];
  readonly onStage?: (stage: string) => void;
  /** Real recordings of the service, where there are any. */
  readonly list?: () => readonly RecordingFile[];
}

async function checkWorkspace(
  workspace: Workspace,
  { today, earlier = [], onStage = () => undefined, list = () => [] }: CheckOptions,
): Promise<Result<CheckedModel | undefined>> {
  onStage('resolve');
  const [model, resolveFindings] = resolveWorkspace(workspace);
  const found = [...earlier, ...resolveFindings];
  if (model === undefined) return [undefined, mergeFindings(found)];
  onStage('check');
  // The TypeScript compiler is loaded only once there is something to check with it.
  const { checkModel } = await import('./check/check-model.ts');
  const { createRecorded } = await import('./check/read-recorded.ts');
  return checkModel(model, found, today, createRecorded(list));
}

export interface DriftOptions {
  readonly before: Host;
  readonly after: Host;
  /** Where the service's recordings lie; undefined where they are not asked for. */
  readonly recordings: Host | undefined;
}

export type DriftReport =
  | {
      readonly kind: 'compared';
      readonly variances: readonly Variance[];
      readonly recordings: RecordingsReport | undefined;
      /** The rules on both sides, for a replay of what was recorded; undefined while they fit but one of them. */
      readonly both: readonly [CheckedModel, CheckedModel] | undefined;
      readonly files: readonly RecordingFile[];
    }
  /** The rules cannot be read with the descriptions of one side, or fit neither. */
  | { readonly kind: 'unreadable'; readonly side: 'before' | 'after'; readonly found: readonly Diagnostic[] };

/**
 * What changed between two sets of descriptions for one rules file, and what recordings say of the newer one. What is
 * used is what the rules use of the older ones; where they no longer fit those, of the newer.
 */
export async function compareDescriptions(entry: string, options: DriftOptions): Promise<DriftReport> {
  const [was, foundBefore] = loadWorkspace(options.before, entry);
  if (was === undefined) return { kind: 'unreadable', side: 'before', found: foundBefore };
  const [is, foundAfter] = loadWorkspace(options.after, entry);
  if (is === undefined) return { kind: 'unreadable', side: 'after', found: foundAfter };
  const { recordings } = options;
  const today = options.after.today();
  const [older] = await checkWorkspace(was, { today });
  const [newer, found] =
    older === undefined || recordings !== undefined ? await checkWorkspace(is, { today }) : [undefined, []];
  const checked = older ?? newer;
  if (checked === undefined) return { kind: 'unreadable', side: 'after', found };
  const { findDrift } = await import('./drift/find-drift.ts');
  const files = recordings === undefined ? [] : listRecordings(recordings, entry, is.rules.output);
  const { checkRecordings } = await import('./drift/check-recordings.ts');
  return {
    kind: 'compared',
    variances: findDrift(checked, was, is),
    recordings: recordings === undefined ? undefined : checkRecordings(checked, is, files),
    both: older === undefined || newer === undefined ? undefined : [older, newer],
    files,
  };
}

function listRecordings(host: Host, entry: string, output: string): RecordingFile[] {
  const [folder] = findOutputFolder(host, entry, output);
  const place = host.resolve(folder ?? entry, 'recordings');
  return host.listFiles(place).flatMap((name) => {
    // What stands beside the flows' folders lists known lies and gaps.
    if (!name.endsWith('.json') || !name.includes('/')) return [];
    const file = host.resolve(place, name);
    return [{ file, text: readText(host, file) ?? '' }];
  });
}

/** All six stages, in order. Nobody else sequences them. */
export async function compile(host: Host, entry: string, options: CompileOptions): Promise<CompileReport> {
  const [checked, findings] = await checkIntegration(host, entry, options.onStage);
  const found = [...findings];
  if (checked === undefined || hasErrors(found)) return report(found);
  const { rules } = checked.model;
  const [named, folderFindings] =
    options.output === undefined ? findOutputFolder(host, entry, rules.output) : [options.output, []];
  if (named === undefined) return report([...found, ...folderFindings]);
  const previous = readLock(host, named);
  if (previous?.integration !== undefined && previous.integration !== rules.integration) {
    const params = { path: rules.output, owner: previous.integration };
    return report([
      ...found,
      createDiagnostic('output-taken', params, valueAt(entry, ['output']), {
        fix: `output: ../generated/${rules.integration}`,
      }),
    ]);
  }
  options.onStage('plan');
  const { planService } = await import('./plan/plan-service.ts');
  const rulesPath = host.relative(named, entry);
  const plan = planService(checked, {
    names: previous?.names ?? {},
    rulesPath: options.output === undefined ? rulesPath : checked.model.workspace.rulesName,
  });
  const customFindings = await checkCustom(host, named, plan);
  found.push(...customFindings);
  if (hasErrors(customFindings)) return report(found);
  options.onStage('emit');
  const { emitService } = await import('./emit/emit-service.ts');
  const { traceOutput } = await import('./emit/trace-output.ts');
  const vendored = options.vendorRuntime || previous?.vendored === true;
  const rulesText = checked.model.workspace.inputs.get(entry) ?? '';
  const { templates, packageFacts, packageLock } = options.assets;
  const emitted = await emitService(plan, { templates, packageFacts, packageLock, vendored, rulesText });
  const nameFile = (file: string): string => host.relative(host.resolve(entry, '..'), file);
  const trace = `${JSON.stringify(traceOutput(plan, emitted, nameFile), null, 2)}\n`;
  const runtime = vendored ? options.assets.readRuntime() : [];
  const files = [...emitted, { path: TRACE_FILE, text: trace }, ...runtime];
  const lock: OutputLock = {
    integration: rules.integration,
    compiler: options.assets.compilerVersion,
    runtime: packageFacts.runtimeVersion,
    source: options.assets.sourceHash,
    inputs: hashInputs(checked, nameFile),
    files: Object.fromEntries(
      files.filter((file) => !isClients(file.path)).map((file) => [file.path, hashText(file.text)]),
    ),
    names: plan.names,
    vendored,
    ...findExpiry(rules.allow),
  };
  options.onStage('write');
  const all = [...files, { path: LOCK_FILE, text: renderLock(lock) }];
  const written = writeOutput(host, named, all, previous, options, valueAt(entry, ['output']));
  return { ...written, found: [...found, ...written.found], checked, folder: named, files: all.length };
}

function findExpiry(allow: readonly AllowInput[] = []): { readonly expires?: string } {
  const [expires] = allow.map(({ until }) => until).toSorted();
  return expires === undefined ? {} : { expires };
}

/** The hand-written files of a service are no input: they are only held against what the rules say of them. */
async function checkCustom(host: Host, folder: string, plan: ServicePlan): Promise<readonly Diagnostic[]> {
  const names = host.listFiles(host.resolve(folder, CUSTOM_FOLDER));
  const { listWantedFiles } = await import('./plan/list-wanted-files.ts');
  const wanted = listWantedFiles(plan);
  if (names.length === 0 && wanted.length === 0) return [];
  const { checkCustomFiles } = await import('./check/check-custom-files.ts');
  const nameFile = (path: string): string => host.resolve(folder, path);
  const files = names.flatMap((name) => {
    const path = `${CUSTOM_FOLDER}/${name}`;
    const text = readText(host, nameFile(path));
    return text === undefined ? [] : [[path, text] as const];
  });
  return checkCustomFiles(wanted, new Map(files), nameFile);
}

function hashInputs(checked: CheckedModel, nameFile: (file: string) => string): Record<string, string> {
  return Object.fromEntries(
    [...checked.model.workspace.inputs].map(([file, text]) => [nameFile(file), hashText(text)]),
  );
}

function report(found: readonly Diagnostic[]): CompileReport {
  return { found, diffs: [], written: [], removed: [], checked: undefined, folder: undefined, files: 0 };
}

/** Whether nothing has changed since the lock was written: inputs, compiler, runtime and every file. Then `--check` need not compile. */
export function isUnchanged(host: Host, entry: string, output: string, assets: CompilerAssets): boolean {
  const [folder] = findOutputFolder(host, entry, output);
  const lock = folder === undefined ? undefined : readLock(host, folder);
  if (
    folder === undefined ||
    lock === undefined ||
    lock.source !== assets.sourceHash ||
    lock.compiler !== assets.compilerVersion ||
    (lock.expires !== undefined && lock.expires < host.today())
  )
    return false;
  const matches = (path: string, hash: string): boolean => {
    const text = readText(host, path);
    return text !== undefined && hashText(text) === hash;
  };
  const root = host.resolve(entry, '..');
  return (
    Object.hasOwn(lock.inputs, host.relative(root, entry)) &&
    // What is written by hand is in no lock, and may no longer be what the rules declare.
    host.listFiles(host.resolve(folder, CUSTOM_FOLDER)).length === 0 &&
    (!lock.vendored || assets.readRuntime().every((file) => lock.files[file.path] === hashText(file.text))) &&
    Object.entries(lock.inputs).every(([path, hash]) => matches(host.resolve(root, path), hash)) &&
    Object.entries(lock.files).every(([path, hash]) => matches(host.resolve(folder, path), hash))
  );
}
