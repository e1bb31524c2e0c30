// Generated from crm-to-ledger.rules.yaml. Edits are overwritten; see README.md, "Changing this service".
import type { AlertOptions } from '@mortise/runtime';
import type { Config } from './config.ts';

/** rules: alerts */
export function createAlerts(config: Config): AlertOptions {
  return {
    channels: {
      ops: { kind: 'slack', url: config.OPS_WEBHOOK },
      desk: { kind: 'email', to: 'desk@example.com', smtp: config.SMTP_URL },
    },
    send: [
      { when: ['dead-letter', 'halt', 'pause', 'auth'], to: 'ops', rule: 'alerts.send[0]' },
      { when: ['stale'], to: 'ops', flow: 'customers', overMs: 1_800_000, rule: 'alerts.send[1]' },
      { when: ['review'], to: 'desk', everyMs: 3_600_000, rule: 'alerts.send[2]' },
    ],
  };
}
