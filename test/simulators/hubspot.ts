import { findUnknownParameters, isJsonContent, jsonAnswer, parseJson } from './answer.ts';
import type { Answer, ArrivedRequest, NoteViolation } from './answer.ts';
import type { FaultPlan } from './fault-plan.ts';
import type { HubspotContact } from './hubspot-contact.ts';
import { createHubspotErrors } from './hubspot-errors.ts';
import type { HubspotErrors } from './hubspot-errors.ts';
import { searchContacts, viewContact } from './hubspot-search.ts';
import { createRateWindow } from './rate-window.ts';
import { serveSimulator } from './serve-simulator.ts';
import type { Simulator } from './simulator.ts';

export type { HubspotContact } from './hubspot-contact.ts';

export interface HubspotOptions {
  readonly port?: number;
  readonly token: string;
  readonly contacts: readonly HubspotContact[];
  readonly faults?: FaultPlan;
  readonly rate?: { readonly requests: number; readonly perMs: number };
  readonly now?: () => number;
}

export interface HubspotSimulator extends Simulator {
  /** A change in the CRM, searchable at once. */
  upsert(contact: HubspotContact): void;
  contacts(): readonly HubspotContact[];
}

interface Portal {
  readonly contacts: Map<string, HubspotContact>;
  readonly errors: HubspotErrors;
  readonly note: NoteViolation;
}

const searchPath = '/crm/v3/objects/contacts/search';
const contactPath = /^\/crm\/v3\/objects\/contacts\/([^/]+)$/;
const getParameters = ['archived', 'associations', 'idProperty', 'properties', 'propertiesWithHistory'];

function refuse(portal: Portal, status: number, why: string): Answer {
  portal.note(why);
  return portal.errors.answer(status, why);
}

function answerSearch(request: ArrivedRequest, portal: Portal): Answer {
  if (!isJsonContent(request)) {
    return refuse(portal, 415, `content type ${request.headers['content-type'] ?? '(none)'} is not JSON`);
  }
  const unknown = findUnknownParameters(request.query, []);
  if (unknown.length > 0) return refuse(portal, 400, `unknown parameter ${unknown.join(', ')}`);
  const body = parseJson(request.body);
  if (body === undefined) return refuse(portal, 400, 'the body is not JSON');
  const found = searchContacts(body, [...portal.contacts.values()]);
  return 'refused' in found ? refuse(portal, 400, found.refused) : jsonAnswer(200, found.page);
}

function answerContact(request: ArrivedRequest, id: string, portal: Portal): Answer {
  const { query } = request;
  const unknown = findUnknownParameters(query, getParameters);
  if (unknown.length > 0) return refuse(portal, 400, `unknown parameter ${unknown.join(', ')}`);
  const archived = query.get('archived') ?? 'false';
  if (archived !== 'true' && archived !== 'false') return refuse(portal, 400, 'archived is not a boolean');
  for (const name of ['associations', 'idProperty', 'propertiesWithHistory']) {
    if (query.has(name)) return refuse(portal, 400, `${name} is not simulated`);
  }
  const contact = portal.contacts.get(id);
  if (contact === undefined || contact.archived !== (archived === 'true')) {
    return portal.errors.answer(404, 'resource not found');
  }
  const wanted = query.getAll('properties').flatMap((names) => names.split(','));
  return jsonAnswer(200, viewContact(contact, query.has('properties') ? wanted : undefined));
}

function routeRequest(request: ArrivedRequest, portal: Portal): Answer {
  if (request.path === searchPath) {
    if (request.method === 'POST') return answerSearch(request, portal);
    return refuse(portal, 405, 'the method is not allowed');
  }
  const id = contactPath.exec(request.path)?.[1];
  if (id === undefined) return refuse(portal, 404, 'no such path');
  if (request.method !== 'GET') return refuse(portal, 405, 'the method is not allowed');
  return answerContact(request, decodeURIComponent(id), portal);
}

/** A CRM with contacts that can be searched and read; see `specs/hubspot/contacts.yaml`. */
export async function startHubspot(options: HubspotOptions): Promise<HubspotSimulator> {
  const now = options.now ?? Date.now;
  const contacts = new Map(options.contacts.map((contact) => [contact.id, structuredClone(contact)]));
  const errors = createHubspotErrors();
  const { rate } = options;
  const limit = rate && createRateWindow(rate.requests, rate.perMs, now);
  const simulator = await serveSimulator({
    port: options.port,
    faults: options.faults,
    now,
    failed: (status) => errors.answer(status, 'the simulator was told to fail'),
    handle: async (request, note) => {
      const portal: Portal = { contacts, errors, note };
      if (request.headers['authorization'] !== `Bearer ${options.token}`) {
        return refuse(portal, 401, 'the bearer token is missing or wrong');
      }
      if (limit !== undefined && limit.take() > 0) return errors.answer(429, 'too many requests');
      return routeRequest(request, portal);
    },
  });
  return {
    ...simulator,
    upsert: (contact) => {
      contacts.set(contact.id, structuredClone(contact));
    },
    contacts: () => [...contacts.values()].map((contact) => structuredClone(contact)),
  };
}
