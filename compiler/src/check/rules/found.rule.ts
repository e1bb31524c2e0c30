import { createDiagnostic } from '../../diagnostics/create-diagnostic.ts';
import { nameOperation } from '../../model/api-model.ts';
import type { FindModel, FlowModel } from '../../model/integration-model.ts';
import { childOf } from '../../source/source-ref.ts';
import type { Gate, GateContext } from '../gate-context.ts';

/** Opens for a look-up of which neither a rule nor a policy says what happens when it finds nothing, or too much. */
export const foundGate: Gate = {
  name: 'found',
  check(context) {
    for (const { flow } of context.flows) for (const find of flow.find) checkFind(context, flow, find);
  },
};

/** Some records are left out, or fail, without anybody looking at them, so somebody must say why that is right. */
const SILENT: ReadonlySet<string> = new Set(['skip', 'fail', 'blank']);

function checkFind(context: GateContext, flow: FlowModel, find: FindModel): void {
  const subject = `${flow.name}.${find.name}`;
  const cases = [
    {
      key: 'none',
      chosen: find.none,
      when: 'nothing is found',
      choices: 'review, defer, skip, fail, blank',
    } as const,
    // Of all that there are, none is too many; and an answer that is the object is one.
    ...(find.take === 'all' || find.records === undefined
      ? []
      : [
          {
            key: 'many',
            chosen: find.many,
            when: 'several are found',
            choices: 'review, skip, fail',
          } as const,
        ]),
  ];
  for (const { key, chosen, when, choices } of cases) {
    const inherited = chosen === undefined ? context.model.policy?.[key] : undefined;
    if (chosen === undefined && inherited === undefined) {
      context.found.push(
        createDiagnostic('found', { subject, when }, find.origin, {
          related: [{ at: find.operation.origin, message: 'the operation' }],
          fix: `${key}: review   # or: ${choices}`,
        }),
      );
      continue;
    }
    if (chosen !== undefined && SILENT.has(chosen) && find.because === undefined)
      context.found.push(
        createDiagnostic(
          'because-missing',
          { what: `"${key}: ${chosen}" of the look-up ${find.name}` },
          childOf(find.origin, key),
          { fix: 'because: …' },
        ),
      );
    context.register.push({
      gate: 'found',
      subject: `${subject} (${nameOperation(find.operation)}), ${when}`,
      chosen: chosen ?? inherited ?? 'review',
      from: chosen === undefined ? 'policy' : 'rules',
      because: chosen === undefined ? context.model.policy?.because : find.because,
      evidence: 'author',
      origin: chosen === undefined ? find.origin : childOf(find.origin, key),
    });
  }
}
