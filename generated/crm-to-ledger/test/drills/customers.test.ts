// Generated from crm-to-ledger.rules.yaml. Edits are overwritten; see README.md, "Changing this service".
import { createDrills, readDrills, readDrillWorld, readText } from '@mortise/runtime/testing';
import { expect, test } from 'vitest';
import { createAlerts } from '../../src/alerts.ts';
import { customers } from '../../src/flows/customers.ts';
import { createCrm } from '../../src/systems/crm.ts';
import { createLedger } from '../../src/systems/ledger.ts';
import { config } from '../config.ts';
import contactTarget from '../mappings/customers-contact.target.json' with { type: 'json' };

const drills = createDrills({
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
});

// Each is a test by its whole name, which vitest would shorten in a template; some play a day of virtual time.
readDrills(new URL('customers.rows.json', import.meta.url)).forEach((row) =>
  test(row.id, { timeout: 300_000 }, async () => {
    expect(await drills.play(row)).toEqual([]);
  }),
);
