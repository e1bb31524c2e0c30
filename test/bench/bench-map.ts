import { mapCustomersContact } from '../../generated/crm-to-ledger/src/mappings/customers-contact.ts';
import { createMapper } from '../../runtime/src/map/mapper.ts';
import type { Benchmark } from './outcome.ts';
import { median } from './median.ts';

const ROUNDS = 5;
const RECORDS = 200_000;

/** Distinct records, so that no cache of a value answers for the mapping. */
const SOURCES = Array.from({ length: 5000 }, (_, index) => ({
  id: String(100_000 + index),
  properties: {
    email: `person.${index}@example.com`,
    company: index % 7 === 0 ? null : `Company ${index} Pty Ltd`,
    lastname: `Lastname ${index}`,
    country: index % 3 === 0 ? 'New Zealand' : 'Australia',
    phone: `04${String(10_000_000 + index * 7)}`,
    lifecyclestage: 'customer',
  },
  updatedAt: '2026-03-04T05:06:07.890Z',
}));

/** Records a second through the sample's generated mapping, each with a mapper of its own as in the engine. */
export const benchMap: Benchmark = {
  names: ['map-rate'],
  async run() {
    measure();
    const rates = Array.from({ length: ROUNDS }, measure);
    const vs =
      'generated/crm-to-ledger customers-contact: 6 fields, among them an address and a phone number';
    return [{ kind: 'measured', name: 'map-rate', figure: median(rates), vs }];
  },
};

function measure(): number {
  const startedMs = performance.now();
  let problems = 0;
  for (let index = 0; index < RECORDS; index += 1) {
    const source = SOURCES[index % SOURCES.length];
    if (source === undefined) continue;
    const mapper = createMapper('flows.customers.to.contact.map');
    mapCustomersContact(source, mapper);
    problems += mapper.problems.length;
  }
  if (problems > 0) throw new Error(`${problems} records were not mapped; the figure would count refusals`);
  return RECORDS / ((performance.now() - startedMs) / 1000);
}
