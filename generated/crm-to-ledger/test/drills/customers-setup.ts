// Generated from crm-to-ledger.rules.yaml. Edits are overwritten; see README.md, "Changing this service".
import { readDrillWorld, readText } from '@mortise/runtime/testing';
import type { DrillsOptions } from '@mortise/runtime/testing';
import { createAlerts } from '../../src/alerts.ts';
import { customers } from '../../src/flows/customers.ts';
import { createCrm } from '../../src/systems/crm.ts';
import { createLedger } from '../../src/systems/ledger.ts';
import { config } from '../config.ts';
import contactTarget from '../mappings/customers-contact.target.json' with { type: 'json' };

export const setup: DrillsOptions = {
  definition: {
    integration: 'crm-to-ledger',
    systems: [createCrm(config), createLedger(config)],
    flows: [customers],
    alerts: createAlerts(config),
  },
  rules: readText(new URL('../rules.yaml', import.meta.url)),
  world: readDrillWorld(new URL('customers.world.json', import.meta.url)),
  fields: { contact: contactTarget },
  settings: config,
};
