// Generated from crm-to-ledger.rules.yaml. Edits are overwritten; see README.md, "Changing this service".
import {
  createRulesOracle,
  readExchanges,
  readSlice,
  readText,
  runOnRecordings,
} from '@mortise/runtime/testing';
import { expect, test } from 'vitest';
import { customers } from '../../src/flows/customers.ts';
import { createCrm } from '../../src/systems/crm.ts';
import { createLedger } from '../../src/systems/ledger.ts';
import { config } from '../config.ts';
import contactTarget from '../mappings/customers-contact.target.json' with { type: 'json' };

const recordings = new URL('../../recordings/customers/', import.meta.url);
const rules = readText(new URL('../rules.yaml', import.meta.url));
const slice = readSlice(new URL('../contract/customers.slice.json', import.meta.url));
const oracles = { contact: createRulesOracle(rules, contactTarget) };
const definition = {
  integration: 'crm-to-ledger',
  systems: [createCrm(config), createLedger(config)],
  flows: [customers],
};

test('what was recorded is read, mapped and written as the rules say', async () => {
  const run = await runOnRecordings(definition, readExchanges(recordings), { oracles, slice });
  expect(run.unmatched).toEqual([]);
  expect(run.unused).toEqual([]);
  expect(run.states).toEqual(run.expected.states);
  expect(run.writes).toBeGreaterThan(0);
});

test('a record that was delivered is not written again', async () => {
  const run = await runOnRecordings(definition, readExchanges(recordings), {
    oracles,
    slice,
    passes: 2,
  });
  expect(run.unmatched).toEqual([]);
  expect(run.writes).toBe(run.expected.writes);
});
