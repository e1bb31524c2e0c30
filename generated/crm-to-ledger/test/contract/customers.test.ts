// Generated from crm-to-ledger.rules.yaml. Edits are overwritten; see README.md, "Changing this service".
import {
  createContract,
  createRulesOracle,
  readExchanges,
  readList,
  readSlice,
  readText,
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
const contract = createContract(definition, readExchanges(recordings), {
  oracles,
  slice,
  targets: { contact: contactTarget },
  knownLies: readList(new URL('../known-lies.json', recordings)),
});

test.for(contract.exchanges)('$file: the answer is what the description says', (exchange) => {
  const lies = contract.findLies(exchange);
  expect(lies, 'say so in facts, or list what is harmless in recordings/known-lies.json').toEqual(
    [],
  );
});

test.for(contract.exchanges)('$file: what is used is what it was recorded for', (exchange) => {
  expect(contract.findChanges(exchange), 'record again').toEqual([]);
});

test('requests are what the descriptions ask for, and records end as the rules say', async () => {
  const run = await contract.run();
  expect(run.unmatched).toEqual([]);
  expect(run.badRequests).toEqual([]);
  expect(run.strayCredentials).toEqual([]);
  expect(run.observed).toEqual(run.expected);
});

test.for(contract.variants)(
  '%s: the same is written, or what the rules say',
  async ([, variant]) => {
    const { observed, expected } = await contract.tryVariant(variant);
    expect(observed).toEqual(expected);
  },
);

test.for(contract.faults)('%s: it ends as the rules say', async ([, fault]) => {
  const { observed, expected } = await contract.tryFault(fault);
  expect(observed).toEqual(expected);
});

test('every field that is written was recorded with a value', () => {
  const gaps = readList(new URL('../known-gaps.json', recordings));
  expect(
    contract.listUncovered(),
    'record more, or list them in recordings/known-gaps.json',
  ).toEqual(gaps);
});
