// Generated from crm-to-ledger.rules.yaml. Edits are overwritten; see README.md, "Changing this service".
import { createDrills, readDrills } from '@mortise/runtime/testing';
import { expect, test } from 'vitest';
import { setup } from './customers-setup.ts';

const drills = createDrills(setup);

// Each is a test by its whole name, which vitest would shorten in a template; some play a day of virtual time.
readDrills(new URL('customers.rows.json', import.meta.url)).forEach((row) =>
  test(row.id, { timeout: 300_000 }, async () => {
    expect(await drills.play(row)).toEqual([]);
  }),
);
