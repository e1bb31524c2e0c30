/** A person as the support tool holds them. */
export interface Person {
  readonly id: string;
  readonly role: 'user' | 'lead';
  readonly email: string | null;
  readonly name: string | null;
  readonly phone: string | null;
  readonly country: string | null;
  /** Seconds since 1970. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

const FIRST = ['Ada', 'Grace', 'Alan', 'Edsger', 'Barbara'];
const LAST = ['King', 'Hopper', 'Turing', 'Dijkstra', 'Liskov', 'Moore', 'Perlman'];
const START = Date.UTC(2026, 0, 5, 9) / 1000;

/** People of all kinds that the rules decide about: leads, without an address, with one that is none, with one that another has. */
export function seedPeople(count: number): Person[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `p-${1000 + index}`,
    role: index % 11 === 3 ? 'lead' : 'user',
    email: emailOf(index),
    name: index % 13 === 5 ? null : `${FIRST[index % FIRST.length]} ${LAST[index % LAST.length]}`,
    phone: index % 5 === 2 ? null : `0412 345 ${String(index).padStart(3, '0')}`,
    country: index % 3 === 0 ? null : 'Australia',
    createdAt: START - 86_400 + index,
    updatedAt: START + index * 60,
  }));
}

function emailOf(index: number): string | null {
  if (index % 17 === 4) return null;
  if (index % 23 === 7) return 'no address';
  // The second of a pair has the address of the first, written otherwise.
  if (index % 40 === 21) return `Person.${index - 1}@Example.com`;
  return `Person.${index}@example.com`;
}

type Contact = Readonly<Record<string, string>>;

/**
 * What the CRM must hold in the end, by address: worked out from the rules by hand, and from nothing that was compiled.
 * Two people with one address share a contact, and whose values stand last nobody promises: either is right.
 */
export function expectContacts(people: readonly Person[]): ReadonlyMap<string, readonly Contact[]> {
  const written = new Map<string, Contact[]>();
  for (const person of people) {
    const email = person.email?.toLowerCase();
    if (person.role !== 'user' || email === undefined || !email.includes('@')) continue;
    const [first, last] = person.name?.split(' ') ?? [];
    const contact = {
      email,
      ...(first === undefined ? {} : { firstname: first }),
      ...(last === undefined ? {} : { lastname: last }),
      ...(person.phone === null ? {} : { phone: `+61${person.phone.replaceAll(' ', '').slice(1)}` }),
      ...(person.country === null ? {} : { country: 'AU' }),
      createdate: new Date(person.createdAt * 1000).toISOString(),
    };
    written.set(email, [...(written.get(email) ?? []), contact]);
  }
  const merge = (list: readonly Contact[]): Contact => list.reduce((all, one) => ({ ...all, ...one }), {});
  return new Map([...written].map(([email, list]) => [email, [merge(list), merge(list.toReversed())]]));
}

/** Of people with an address that is none, each waits for a person. */
export function expectReviews(people: readonly Person[]): string[] {
  return people
    .filter(({ role, email }) => role === 'user' && email !== null && !email.includes('@'))
    .map(({ id }) => id);
}
