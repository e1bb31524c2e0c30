import type { HubspotObject } from '../simulators/hubspot.ts';
import { createSeededRandom } from '../simulators/seeded-random.ts';
import type { SeededRandom } from '../simulators/seeded-random.ts';
import type { DealCase } from './deal-case.ts';

export interface DealSeed {
  readonly count: number;
  readonly seed: number;
  /** Of the first one; the others follow. */
  readonly firstId: number;
  /** When the first one was changed, in epoch milliseconds. */
  readonly changedFromMs: number;
  /** Contacts that are customers and in order. */
  readonly customers: readonly string[];
  /** Contacts that are not in the ledger; none where it is empty. */
  readonly strangers: readonly string[];
}

const blanks = [null, '', '  ', 'n/a', '-'];
const quantities = ['1', '2', '0.5', '12.125', '3.0', ' 4 ', '10000'];
const wrongQuantities = ['two', '1,5', '1e3', '2 pcs', '0x10'];
const prices = ['10', '99.90', '1250.00', '0.10', '-5.00', '0', '1234567.89'];
/** The last has more digits than JSON's numbers keep. */
const wrongPrices = ['$12', '1.234,50', 'free', 'Infinity', '99999999999999999.99'];
const names = ['Kauri decking', 'Freight & handling', 'Rātā "special"', '=SUM(A1)', 'Stunden à 60 min'];
const closeDates = [
  '2025-01-31T10:59:59.999Z',
  '2025-01-31T11:00:00Z',
  '2025-04-05T12:30:00Z',
  '2025-07-31T11:59:59Z',
  '2025-07-31T12:00:00.000Z',
  '2024-02-28T20:00:00Z',
  '2024-12-31T23:30:00+13:00',
];
const wrongCloseDates = ['soon', '2025-13-01T00:00:00Z', '31/01/2025'];

/** One of `good`, but now and then one of the others. */
function pickMostly<T>(
  random: SeededRandom,
  good: readonly T[],
  blank: readonly T[],
  wrong: readonly T[],
): T {
  const dice = random.next() * 100;
  if (dice < 2) return random.pick(blank);
  return random.pick(dice < 4 ? wrong : good);
}

function createLine(random: SeededRandom, id: number, updatedAt: string): HubspotObject {
  const properties = {
    name: random.next() < 0.1 ? random.pick(blanks) : `${random.pick(names)} ${id}`,
    quantity: pickMostly<string | null>(random, quantities, blanks, wrongQuantities),
    price: pickMostly<string | null>(random, prices, blanks, wrongPrices),
  };
  return { id: String(id), properties, createdAt: updatedAt, updatedAt, archived: false };
}

/** Of ten deals one has nobody, one has two, one a contact that is not in the ledger, and the others a customer. */
function pickContacts(random: SeededRandom, position: number, options: DealSeed): string[] {
  const customer = random.pick(options.customers);
  if (position % 10 === 0) return [];
  if (position % 10 === 1)
    return [customer, ...options.customers.filter((id) => id !== customer).slice(0, 1)];
  if (position % 10 === 2 && options.strangers.length > 0) return [random.pick(options.strangers)];
  return [customer];
}

/** Of twenty deals two have no date, and one has one that cannot be read. */
function pickCloseDate(random: SeededRandom, position: number): string | null {
  if (position % 10 === 8) return random.pick(blanks);
  return random.pick(position % 20 === 14 ? wrongCloseDates : closeDates);
}

/** Deterministic deals that were won, oldest change first. */
export function seedDeals(options: DealSeed): DealCase[] {
  const random = createSeededRandom(options.seed);
  return Array.from({ length: options.count }, (_, position) => {
    const id = options.firstId + position;
    const updatedAt = new Date(options.changedFromMs + position * 1000).toISOString();
    const closedate = pickCloseDate(random, position);
    const properties = { dealname: `Deal ${id}`, hs_is_closed_won: 'true', closedate };
    // Of the first ten deals, the sixth has lost a line and no other trouble.
    const count = position % 30 === 5 ? 2 : random.below(6);
    const lines = Array.from({ length: count }, (__, index) =>
      createLine(random, id * 10 + index, updatedAt),
    );
    return {
      deal: { id: String(id), properties, createdAt: updatedAt, updatedAt, archived: false },
      contactIds: pickContacts(random, position, options),
      lines,
      lostLineIds: position % 30 === 5 ? [String(id * 10 + 9)] : [],
    };
  });
}
