import type { HubspotContact } from '../simulators/hubspot-object.ts';
import { createSeededRandom } from '../simulators/seeded-random.ts';
import type { SeededRandom } from '../simulators/seeded-random.ts';

type Properties = Record<string, string | null>;

const blanks = [null, '', '   ', 'n/a', '-', 'N/A', ' - '];
const trades = ['Plumbing', 'Bakery', 'Joinery', 'Surveys', 'Orchards', 'Motors', 'Café', 'Rōpū', 'Freight'];
const places = ['Kauri', 'Wattle', 'Harbour', 'Ridge', 'Tūī', 'Banksia', 'Southern', 'Lake', 'Red Gum'];
const firstNames = ['Aroha', 'Liam', 'Mei', 'Noah', 'Priya', 'Sina', 'Tama', 'Zoë'];
const lastNames = ["O'Brien", 'Nguyễn', 'Smith', 'Tamihana', 'van der Berg', 'Singh', 'Müller', 'Kealoha'];
const wrongEmails = ['not-an-email', 'two@@example.com', 'nobody@', '@example.com', 'a b@example.com'];
const otherCountries = ['Fiji', 'Samoa', 'United Kingdom', 'Atlantis'];
const start = Date.UTC(2025, 0, 6);
/** Positions that share one millisecond around the first page break of 100. */
const pageBreak = { first: 98, last: 102 };

function chance(random: SeededRandom, percent: number): boolean {
  return random.next() * 100 < percent;
}

function createDigits(random: SeededRandom, length: number): string {
  return Array.from({ length }, () => String(random.below(10))).join('');
}

/** The position is in every name, so that no two customers share one by accident. */
function createCompany(random: SeededRandom, position: number): string | null {
  if (chance(random, 12)) return random.pick(blanks);
  const name = `${random.pick(places)} ${random.pick(trades)} ${position}`;
  if (chance(random, 2.5)) return `${name} ${'and Partners of the Long Name '.repeat(10)}Ltd`;
  if (chance(random, 5)) return ` ${name}  `;
  return chance(random, 10) ? `${name} & Söhne "Ltd" <NZ>` : name;
}

function createEmail(random: SeededRandom, position: number): string | null {
  if (chance(random, 10)) return random.pick(blanks);
  if (chance(random, 2.2)) return random.pick(wrongEmails);
  const address = `contact.${position}@example.co.nz`;
  if (chance(random, 5)) return `  ${address} `;
  return chance(random, 8) ? `Contact.${position}@EXAMPLE.Com` : address;
}

function createPhone(random: SeededRandom): string | null {
  if (chance(random, 12)) return random.pick(blanks);
  if (chance(random, 2.2)) return random.pick(['12345', '000', '+61 4', 'call me']);
  const kind = random.below(4);
  if (kind === 0) return `(02) 98${createDigits(random, 2)} ${createDigits(random, 4)}`;
  if (kind === 1) return `+64 21 123 ${createDigits(random, 4)}`;
  if (kind === 2) return `+61 3 94${createDigits(random, 2)} ${createDigits(random, 4)}`;
  return `041${random.below(10)} ${createDigits(random, 3)} ${createDigits(random, 3)}`;
}

function createCountry(random: SeededRandom): string | null {
  if (chance(random, 8)) return random.pick(blanks);
  if (chance(random, 3)) return random.pick(otherCountries);
  return chance(random, 55) ? 'New Zealand' : 'Australia';
}

function createProperties(random: SeededRandom, position: number): Properties {
  const named = { company: createCompany(random, position), lastname: createLastName(random, position) };
  const isNameless = chance(random, 2);
  return {
    ...named,
    ...(isNameless && { company: random.pick(blanks), lastname: random.pick(blanks) }),
    firstname: random.pick(firstNames),
    email: createEmail(random, position),
    phone: createPhone(random),
    country: createCountry(random),
    lifecyclestage: chance(random, 85) ? 'customer' : random.pick(['lead', null]),
  };
}

function createLastName(random: SeededRandom, position: number): string | null {
  return chance(random, 5) ? random.pick(blanks) : `${random.pick(lastNames)} ${position}`;
}

/** Customers with nothing else at fault, so that only the shared name stands between them. */
function sharePairNames(contacts: HubspotContact[], random: SeededRandom): void {
  const pairs = Math.min(6, Math.floor(contacts.length / 20));
  const stride = Math.floor(contacts.length / Math.max(1, pairs));
  for (let pair = 0; pair < pairs; pair += 1) {
    // Neighbours in every second pair, far apart in the others; the last differs only after character 255.
    const first = pair * stride + random.below(3);
    const second = first + (pair % 2 === 0 ? 1 : Math.floor(stride / 2) + 3);
    const stem = `Twin Company ${pair} ${pair === 5 ? 'x'.repeat(300) : ''}`.trim();
    for (const position of [first, second]) {
      const contact = contacts[position];
      if (contact === undefined) continue;
      contact.properties['company'] = pair === 5 ? `${stem}${position}` : stem;
      contact.properties['email'] = `twin.${position}@example.com`;
      contact.properties['phone'] = '0412 345 678';
      contact.properties['country'] = 'Australia';
      contact.properties['lifecyclestage'] = 'customer';
    }
  }
}

/** Deterministic CRM contacts, oldest change first; some share the millisecond of their change. */
export function seedContacts(count: number, seed: number): HubspotContact[] {
  const random = createSeededRandom(seed);
  const contacts: HubspotContact[] = [];
  let at = start;
  let groupEnd = -1;
  for (let position = 0; position < count; position += 1) {
    const isBreak = position >= pageBreak.first && position <= pageBreak.last;
    const isInGroup = isBreak ? position > pageBreak.first : position <= groupEnd;
    if (!isInGroup) at += 1 + random.below(90_000);
    // A group may not run into the one at the page break, which would make it longer than five.
    const isClear = position < pageBreak.first - 5 || position > pageBreak.last;
    if (!isInGroup && isClear && chance(random, 4)) groupEnd = position + 1 + random.below(4);
    contacts.push({
      id: String(1001 + position),
      properties: createProperties(random, position),
      createdAt: new Date(start - random.below(1_000_000) * 60_000).toISOString(),
      updatedAt: new Date(at).toISOString(),
      archived: false,
    });
  }
  sharePairNames(contacts, random);
  return contacts;
}
