// Generated from crm-to-ledger.rules.yaml. Edits are overwritten; see README.md, "Changing this service".
import { createRulesOracle, mapSample, readText } from '@mortise/runtime/testing';
import { expect, test } from 'vitest';
import { mapCustomersContact } from '../../src/mappings/customers-contact.ts';
import samples from './customers-contact.samples.json' with { type: 'json' };
import target from './customers-contact.target.json' with { type: 'json' };

const oracle = createRulesOracle(readText(new URL('../rules.yaml', import.meta.url)), target);

test.for(samples)('$name: the mapping does what the rules say', (sample) => {
  const mapped = mapSample(mapCustomersContact, sample);
  expect(mapped).toEqual(oracle.map('customers', 'contact', sample));
});
