import type { FaultPlan } from './fault-plan.ts';
import type { HubspotAssociation } from './hubspot-associations.ts';
import { createHubspotErrors } from './hubspot-errors.ts';
import type { HubspotContact, HubspotKind, HubspotObject } from './hubspot-object.ts';
import { refuse, routeRequest } from './hubspot-routes.ts';
import type { Portal } from './hubspot-routes.ts';
import { createRateWindow } from './rate-window.ts';
import { serveSimulator } from './serve-simulator.ts';
import type { Simulator } from './simulator.ts';

export type { HubspotAssociation } from './hubspot-associations.ts';
export type { HubspotContact, HubspotObject } from './hubspot-object.ts';

export interface HubspotOptions {
  readonly port?: number;
  readonly token: string;
  readonly contacts: readonly HubspotContact[];
  readonly deals?: readonly HubspotObject[];
  readonly lineItems?: readonly HubspotObject[];
  readonly associations?: readonly HubspotAssociation[];
  /** Default 500, which is also the vendor's most. */
  readonly associationsPerPage?: number;
  readonly faults?: FaultPlan;
  readonly rate?: { readonly requests: number; readonly perMs: number };
  readonly now?: () => number;
}

export interface HubspotSimulator extends Simulator {
  /** A change in the CRM, searchable at once. A contact, unless another kind is named. */
  upsert(object: HubspotObject, kind?: HubspotKind['name']): void;
  associate(association: HubspotAssociation): void;
  contacts(): readonly HubspotContact[];
}

function indexObjects(objects: readonly HubspotObject[] = []): Map<string, HubspotObject> {
  return new Map(objects.map((object) => [object.id, structuredClone(object)]));
}

/** A CRM with contacts, deals and line items that can be searched and read; see `specs/hubspot/contacts.yaml`. */
export async function startHubspot(options: HubspotOptions): Promise<HubspotSimulator> {
  const now = options.now ?? Date.now;
  const objects: Portal['objects'] = {
    contacts: indexObjects(options.contacts),
    deals: indexObjects(options.deals),
    line_items: indexObjects(options.lineItems),
  };
  const associations = [...(options.associations ?? [])];
  const errors = createHubspotErrors();
  const { rate, associationsPerPage = 500 } = options;
  const limit = rate && createRateWindow(rate.requests, rate.perMs, now);
  const simulator = await serveSimulator({
    port: options.port,
    faults: options.faults,
    now,
    failed: (status) => errors.answer(status, 'the simulator was told to fail'),
    handle: async (request, note) => {
      const portal: Portal = { objects, associations, associationsPerPage, errors, note, now };
      if (request.headers['authorization'] !== `Bearer ${options.token}`) {
        return refuse(portal, 401, 'the bearer token is missing or wrong');
      }
      if (limit !== undefined && limit.take() > 0) return errors.answer(429, 'too many requests');
      return routeRequest(request, portal);
    },
  });
  return {
    ...simulator,
    upsert: (object, kind = 'contacts') => {
      objects[kind].set(object.id, structuredClone(object));
    },
    associate: (association) => {
      associations.push(association);
    },
    contacts: () => [...objects.contacts.values()].map((contact) => structuredClone(contact)),
  };
}
