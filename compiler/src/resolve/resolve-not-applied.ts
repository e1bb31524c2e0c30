import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import type { NotApplied } from '../model/integration-model.ts';
import { childOf } from '../source/source-ref.ts';
import type { CallFact } from './list-required.ts';
import { parseStatusMatch } from './parse-units.ts';
import type { ResolveContext } from './resolve-context.ts';

/** What the facts about a call that writes say of its failures: after these nothing was applied. */
export function resolveNotApplied(
  context: ResolveContext,
  facts: readonly CallFact[],
  call: string,
): NotApplied[] {
  return facts.flatMap(({ fact, at }) => {
    const given = Object.keys(fact.status ?? {});
    if (given.length > 0 && plain(fact.call) !== plain(call)) {
      const problem = `The target names this call "${call}". Name it by the same words here: the tests of the service read the rules, and not the description.`;
      context.found.push(
        createDiagnostic('invalid-value', { problem }, childOf(at, 'call'), { fix: `call: ${call}` }),
      );
    }
    if (given.length > 0 && fact.because === undefined)
      context.found.push(
        createDiagnostic(
          'because-missing',
          { what: `"status" of a fact, by which a write is sent again after ${given.join(', ')},` },
          childOf(at, 'status'),
          { fix: 'because: …   # where the vendor says so' },
        ),
      );
    return given.flatMap((text) => {
      const match = parseStatusMatch(text);
      const origin = childOf(at, 'status', text);
      if (match?.kind === 'range' && match.from <= match.to && isUnclear(match)) {
        const { from, to } = match;
        return [{ from, to, because: fact.because, origin }];
      }
      const problem = `"${text}" is no status after which it is open whether a write was applied. Those are 408, 429, 503, 5xx and ranges of them; every other 4xx says that nothing was.`;
      context.found.push(createDiagnostic('invalid-value', { problem }, origin));
      return [];
    });
  });
}

function plain(text = ''): string {
  return text.trim().replaceAll(/\s+/g, ' ').toLowerCase();
}

function isUnclear({ from, to }: { readonly from: number; readonly to: number }): boolean {
  return from >= 500 || (from === to && (from === 408 || from === 429));
}
