import { createDiagnostic } from '../../diagnostics/create-diagnostic.ts';
import { keyAt, valueAt } from '../../source/source-ref.ts';
import { customFile, listCustomCalls } from '../custom-calls.ts';
import type { Gate } from '../gate-context.ts';

/** The user's own functions: each is a decision that stands in code, and one that nothing calls is a mistake. */
export const customGate: Gate = {
  name: 'custom',
  check({ model, expressions, found, register }) {
    const called = new Set(
      [...expressions.values()].flatMap(({ tree }) => listCustomCalls(tree).map(({ name }) => name)),
    );
    for (const [name, { does }] of Object.entries(model.rules.custom ?? {})) {
      const { rulesFile } = model.workspace;
      if (!called.has(name)) {
        const at = keyAt(rulesFile, ['custom', name]);
        found.push(createDiagnostic('unused-custom', { what: `custom.${name}` }, at));
        continue;
      }
      register.push({
        gate: 'custom',
        subject: `custom.${name}`,
        chosen: `what the hand-written ${customFile(name)} gives; review where it throws`,
        from: 'rules',
        because: does,
        evidence: 'author',
        origin: valueAt(rulesFile, ['custom', name]),
      });
    }
  },
};
