import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import type { Json, JsonObject, SpecDocument } from '../model/workspace.ts';
import { valueAt } from '../source/source-ref.ts';
import type { SourceRef } from '../source/source-ref.ts';
import { applyOverlayAction } from './apply-overlay.ts';
import type { OverlayAction } from './apply-overlay.ts';
import { readValue } from './read-description.ts';
import type { Loading } from './read-description.ts';

/** A system's descriptions after its overlays: copies, for another system may use the same file as it is. */
export function applyOverlays(
  loading: Loading,
  documents: readonly SpecDocument[],
  overlays: readonly { readonly file: string; readonly at: SourceRef }[],
): SpecDocument[] {
  if (overlays.length === 0) return [...documents];
  const copies = documents.map((document) => ({
    ...document,
    value: structuredClone(document.value) as JsonObject,
  }));
  for (const { file, at } of overlays) applyOverlay(loading, copies, file, at);
  return copies;
}

function applyOverlay(
  loading: Loading,
  documents: readonly SpecDocument[],
  file: string,
  namedAt: SourceRef,
): void {
  const overlay = readValue(loading, file, namedAt, 'the rules file');
  if (overlay === undefined) return;
  const actions = overlay['actions'];
  const report = (problem: string, at: SourceRef): void => {
    loading.found.push(createDiagnostic('overlay-malformed', { problem }, at));
  };
  if (!String(overlay['overlay'] ?? '').startsWith('1') || !Array.isArray(actions)) {
    return report('it has no "overlay: 1.0.0" with a list of "actions"', valueAt(file, []));
  }
  (actions as Json[]).forEach((given, index) => {
    const action = readAction(given);
    if (typeof action === 'string') return report(action, valueAt(file, ['actions', index]));
    const at = valueAt(file, ['actions', index, 'target']);
    try {
      const count = documents.reduce((sum, document) => sum + applyOverlayAction(document.value, action), 0);
      if (count === 0)
        loading.found.push(createDiagnostic('overlay-no-match', { target: action.target }, at));
    } catch (error) {
      const isSlow = (error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
      // The parser's own words speak of its grammar; what a person needs is an example.
      const problem = isSlow ? 'takes too long to be followed.' : 'is no JSONPath.';
      report(`"${action.target}" ${problem} A path looks like $.paths['/contacts'].get.parameters[0]`, at);
    }
  });
}

/** The action, or what is wrong with it. */
function readAction(given: Json): OverlayAction | string {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return 'an action is a map with "target" and "update" or "remove"';
  const { target, update, remove } = given as JsonObject;
  if (typeof target !== 'string') return 'the action has no "target"';
  if (remove === true) return { target, kind: 'remove' };
  return update === undefined
    ? 'the action has neither "update" nor "remove: true"'
    : { target, kind: 'update', update };
}
