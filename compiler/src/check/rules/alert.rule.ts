import { createDiagnostic } from '../../diagnostics/create-diagnostic.ts';
import type { Model } from '../../model/integration-model.ts';
import { listUntold } from '../../model/list-untold.ts';
import type { AlertKind } from '../../model/rules-input.ts';
import { valueAt } from '../../source/source-ref.ts';
import type { Gate } from '../gate-context.ts';

/** What waits for a person. That a flow is behind is told on top of these, by those who name a time. */
const MUST_BE_TOLD: readonly AlertKind[] = ['review', 'dead-letter', 'halt', 'pause', 'auth'];

/** Opens where something that needs a person reaches nobody. Each line of `send` is a decision, for the register. */
export const alertGate: Gate = {
  name: 'alert',
  check({ model, register, found }) {
    const flows = model.flows.map(({ name }) => name);
    const untold = MUST_BE_TOLD.map((kind) => ({
      kind,
      words: listUntold(model.alerts?.send ?? [], kind, flows),
    })).filter(({ words }) => words.length > 0);
    if (untold.length > 0) {
      const kinds = joinWords(untold.flatMap(({ words }) => words));
      const at = valueAt(model.workspace.rulesFile, ['alerts', 'send']);
      const missing = untold.map(({ kind }) => kind);
      found.push(createDiagnostic('alert', { kinds }, at, { fix: suggestLine(model, missing) }));
    }
    model.alerts?.send.forEach(({ when, to, because, origin }, index) => {
      const { every, flow, over } = model.rules.alerts?.send[index] ?? {};
      const channels = to.map(({ name }) => name).join(', ');
      register.push({
        gate: 'alert',
        subject: `${when.join(', ')}${flow === undefined ? '' : ` of ${flow}`}${over === undefined ? '' : ` over ${over}`}`,
        chosen: `tell ${channels}${every === undefined ? '' : `, at most once in ${every}`}`,
        from: 'rules',
        because,
        evidence: 'author',
        origin,
      });
    });
  },
};

/** The whole section where there is none, else the line that is missing. */
function suggestLine({ alerts }: Model, missing: readonly AlertKind[]): string {
  const when = `[${missing.join(', ')}]`;
  const [channel] = alerts?.channels ?? [];
  return channel === undefined
    ? `alerts: { channels: { ops: { kind: slack, url: $OPS_WEBHOOK } }, send: [{ when: ${when}, to: ops }] }`
    : `- { when: ${when}, to: ${channel.name} }`;
}

function joinWords(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}
