import { expect } from 'vitest';
import { compareLedger, expectedLedger } from '../demo/demo-oracle.ts';
import type { ExpectedLedger } from '../demo/demo-oracle.ts';
import { readReviews } from '../demo/demo-world.ts';
import type { DemoWorld } from '../demo/demo-world.ts';
import type { HubspotContact, HubspotObject } from '../simulators/hubspot.ts';
import { numberInvoices, readInvoices, tellWhy } from './compare-invoices.ts';
import { changeObject, linkContact, putDeal } from './deal-case.ts';
import type { DealCase } from './deal-case.ts';
import { expectInvoices } from './invoice-oracle.ts';
import type { ExpectedInvoices } from './invoice-oracle.ts';
import { runOnce, TAX_TYPE } from './section-four-service.ts';
import { seedDeals } from './seed-deals.ts';

/** A CRM and a ledger, and the deals that the ledger is to bill. */
export interface Story {
  readonly world: DemoWorld;
  /** The service's main file. */
  readonly main: string;
  readonly environment: DemoWorld['environment'];
  /** There before the first run. */
  readonly early: readonly DealCase[];
  /** Won after the first run, by id. */
  readonly won: Map<string, DealCase>;
  readonly customers: readonly string[];
  /** Contacts that the ledger does not have: no customers, or with a fault that a person must mend. */
  readonly strangers: readonly string[];
}

/** Later than every change of the seeded contacts. */
const EARLY_MS = Date.UTC(2025, 1, 1);
const LATER_MS = Date.UTC(2025, 1, 2);
const MENDED_MS = Date.UTC(2025, 1, 3);

/** @param early so many deals are there before the first run; every fourth of them is not won yet */
export function startStory(given: Pick<Story, 'world' | 'main' | 'environment'>, early: number): Story {
  const { world } = given;
  const { delivered, skipped, review } = expectedLedger(world.crm.contacts());
  const customers = [...delivered.keys()];
  const strangers = [...[...skipped].slice(0, 2), ...[...review.keys()].slice(0, 2)];
  const seed = { seed: 1, customers, strangers: [], changedFromMs: EARLY_MS };
  const deals = seedDeals({ ...seed, count: early, firstId: 4001 });
  for (const [position, deal] of deals.entries())
    putDeal(world.crm, isOpen(position) ? { ...deal, deal: lose(deal.deal) } : deal);
  return { ...given, early: deals, won: new Map(), customers, strangers };
}

function isOpen(position: number): boolean {
  return position % 4 === 3;
}

function lose(deal: HubspotObject): HubspotObject {
  return { ...deal, properties: { ...deal.properties, hs_is_closed_won: 'false' } };
}

/**
 * Deals that are new to the CRM, some of which are of contacts that are new as well; and those that were there are
 * changed: what was open is won, what was won has another date.
 */
export function winDeals(
  { world, early, won, customers, strangers }: Story,
  { count, ofNewcomers }: { readonly count: number; readonly ofNewcomers: number },
): void {
  const seed = { seed: 2, strangers, changedFromMs: LATER_MS };
  const newcomers = ['2001', '2002'].map((id) => createCustomer(id, LATER_MS));
  for (const newcomer of newcomers) world.crm.upsert(newcomer);
  const deals = [
    ...seedDeals({ ...seed, customers, count, firstId: 5001 }),
    ...seedDeals({ ...seed, customers: newcomers.map(({ id }) => id), count: ofNewcomers, firstId: 6001 }),
  ];
  for (const deal of deals) {
    putDeal(world.crm, deal);
    won.set(deal.deal.id, deal);
  }
  for (const [position, before] of early.entries()) {
    const { closedate = null } = before.deal.properties;
    const date = isOpen(position) ? closedate : '2025-02-02T00:00:00Z';
    const deal = changeObject(before.deal, LATER_MS + position, { closedate: date });
    world.crm.upsert(deal, 'deals');
    if (isOpen(position)) won.set(deal.id, { ...before, deal });
  }
}

function createCustomer(id: string, atMs: number): HubspotContact {
  const at = new Date(atMs).toISOString();
  const properties = { company: `Customer ${id}`, country: 'Australia', lifecyclestage: 'customer' };
  return { id, properties, createdAt: at, updatedAt: at, archived: false };
}

/** What was in nobody's books becomes a customer in order. */
export function mendStrangers({ world, strangers }: Story): void {
  for (const id of strangers) world.crm.upsert(createCustomer(id, MENDED_MS));
}

/**
 * Whoever had nobody gets a customer, lost lines are there again, and every deal is touched that does not wait for its
 * contact: those that are billed have another date, which must not become another invoice.
 */
export function mendDeals({ world, won, customers }: Story, { billed, waiting }: ExpectedInvoices): void {
  for (const [id, before] of won) {
    if (waiting.has(id)) continue;
    const { closedate = null } = before.deal.properties;
    const date = billed.has(id) ? '2025-02-03T00:00:00Z' : closedate;
    const deal = changeObject(before.deal, MENDED_MS, { closedate: date });
    world.crm.upsert(deal, 'deals');
    // The oracle does not hear of what happens to a deal that is billed.
    if (billed.has(id)) continue;
    const hasNobody = before.contactIds.length === 0;
    const contactIds = hasNobody ? customers.slice(0, 1) : before.contactIds;
    if (hasNobody) for (const one of contactIds) linkContact(world.crm, id, one);
    const lines = before.lostLineIds.map((lost) => createLine(lost));
    for (const line of lines) world.crm.upsert(line, 'line_items');
    won.set(id, { deal, contactIds, lines: [...before.lines, ...lines], lostLineIds: [] });
  }
}

function createLine(id: string): HubspotObject {
  const at = new Date(MENDED_MS).toISOString();
  const properties = { name: `Found again ${id}`, quantity: '1', price: '9.99' };
  return { id, properties, createdAt: at, updatedAt: at, archived: false };
}

interface Expected {
  readonly contacts: ExpectedLedger;
  readonly invoices: ExpectedInvoices;
}

function expectNow({ world, won }: Story): Expected {
  const contacts = expectedLedger(world.crm.contacts());
  const isInLedger = (id: string): boolean => contacts.delivered.has(id);
  return { contacts, invoices: expectInvoices([...won.values()], isInLedger, TAX_TYPE) };
}

/** Runs the service once and holds everything that it leaves behind against the oracles. */
export async function runAndCompare(story: Story): Promise<Expected> {
  const { world, main, environment } = story;
  const expected = expectNow(story);
  const { contacts, invoices } = expected;
  const end = await runOnce(main, environment, invoices.waiting.size);
  const reviews = await readReviews(environment, main);
  const of = (flow: string): typeof reviews => reviews.filter((review) => review.flow === flow);
  const keys = new Set(of('customers').map((review) => review.key));
  const ledger = world.ledger.contacts();
  expect(compareLedger(contacts, ledger, world.ledger.creations(), keys)).toEqual([]);
  const { held, doubled } = readInvoices(world.ledger);
  expect(doubled).toEqual([]);
  expect(held).toEqual(numberInvoices(invoices));
  expect(new Map(of('invoices').map((review) => [review.key, tellWhy(review)]))).toEqual(invoices.review);
  const left = invoices.waiting.size;
  expect([end.code, end.unfinished]).toEqual(
    left === 0 ? [0, []] : [1, [expect.stringContaining(`${left} records wait`)]],
  );
  expect([...world.crm.violations, ...world.ledger.violations]).toEqual([]);
  return expected;
}
