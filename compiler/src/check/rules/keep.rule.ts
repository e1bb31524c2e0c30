import type { Gate } from '../gate-context.ts';

/** Which records travel, for the register: each line of `keep` is a decision about those that do not. */
export const keepGate: Gate = {
  name: 'keep',
  check({ model, register }) {
    for (const flow of model.flows) {
      for (const { when, otherwise, because, origin } of flow.keep)
        register.push({
          gate: 'keep',
          subject: `${flow.name}, a record for which this does not hold: ${when.text.trim()}`,
          chosen: otherwise,
          from: 'rules',
          because,
          evidence: 'author',
          origin,
        });
    }
  },
};
