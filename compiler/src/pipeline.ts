import { createDiagnostic } from './diagnostics/create-diagnostic.ts';
import { hasErrors } from './diagnostics/diagnostic.ts';
import type { Diagnostic, Result } from './diagnostics/diagnostic.ts';
import type { PackageFacts } from './emit/code/emit-package.ts';
import type { Templates } from './emit/templates.ts';
import { loadWorkspace } from './load/load-workspace.ts';
import type { CheckedModel } from './model/checked-model.ts';
import type { OutputFile } from './model/output-file.ts';
import type { ServicePlan } from './model/service-plan.ts';
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
  onStage('resolve');
  const [model, resolveFindings] = resolveWorkspace(workspace);
  const found: Diagnostic[] = [...loadFindings, ...resolveFindings];
  if (model === undefined) return [undefined, found];
  onStage('check');
  // The TypeScript compiler is loaded only once there is something to check with it.
  const { checkModel } = await import('./check/check-model.ts');
  const [checked, checkFindings] = checkModel(model);
  return [checked, [...found, ...checkFindings]];
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
  };
  options.onStage('write');
  const all = [...files, { path: LOCK_FILE, text: renderLock(lock) }];
  const written = writeOutput(host, named, all, previous, options, valueAt(entry, ['output']));
  return { ...written, found: [...found, ...written.found], checked, folder: named, files: all.length };
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
    lock.compiler !== assets.compilerVersion
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
