// Generated from crm-to-ledger.rules.yaml. Edits are overwritten; see README.md, "Changing this service".
import { runService } from '@mortise/runtime';
import { createAlerts } from './alerts.ts';
import { readConfig } from './config.ts';
import { customers } from './flows/customers.ts';
import { createCrm } from './systems/crm.ts';
import { createLedger } from './systems/ledger.ts';

process.exitCode = await runService(() => {
  const config = readConfig();
  return {
    definition: {
      integration: 'crm-to-ledger',
      systems: [createCrm(config), createLedger(config)],
      flows: [customers],
      alerts: createAlerts(config),
    },
    settings: {
      store: config.MORTISE_STORE,
      key: config.MORTISE_KEY,
      host: config.MORTISE_HOST,
      port: config.MORTISE_PORT,
      logLevel: config.LOG_LEVEL,
      isCi: config.CI !== undefined && config.CI !== 'false',
    },
  };
}, process.argv.slice(2));
