import type { Gate } from '../gate-context.ts';

/** Who is told of what, for the register: each line of `send` is a decision. */
export const alertGate: Gate = {
  name: 'alert',
  check({ model, register }) {
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
