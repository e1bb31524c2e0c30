import type { Diagnostic, Result } from './diagnostics/diagnostic.ts';
import { loadWorkspace } from './load/load-workspace.ts';
import type { CheckedModel } from './model/checked-model.ts';
import { resolveWorkspace } from './resolve/resolve-workspace.ts';
import type { Host } from './source/host.ts';

/**
 * The first three stages: what a rules file means, or everything that is wrong with it.
 * @param entry absolute path of the rules file
 */
export async function checkIntegration(host: Host, entry: string): Promise<Result<CheckedModel | undefined>> {
  const [workspace, loadFindings] = loadWorkspace(host, entry);
  if (workspace === undefined) return [undefined, loadFindings];
  const [model, resolveFindings] = resolveWorkspace(workspace);
  const found: Diagnostic[] = [...loadFindings, ...resolveFindings];
  if (model === undefined) return [undefined, found];
  // The TypeScript compiler is loaded only once there is something to check with it.
  const { checkModel } = await import('./check/check-model.ts');
  const [checked, checkFindings] = checkModel(model);
  return [checked, [...found, ...checkFindings]];
}
