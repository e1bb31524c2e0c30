import { findUnknownParameters, isJsonContent, jsonAnswer, parseJson } from './answer.ts';
import type { Answer, ArrivedRequest, NoteViolation } from './answer.ts';
import { findKind, listAssociations } from './hubspot-associations.ts';
import type { HubspotAssociation } from './hubspot-associations.ts';
import { readBatch } from './hubspot-batch.ts';
import type { HubspotErrors } from './hubspot-errors.ts';
import { KINDS } from './hubspot-object.ts';
import type { HubspotKind, HubspotObject } from './hubspot-object.ts';
import { searchObjects, viewObject } from './hubspot-search.ts';

export interface Portal {
  readonly objects: Readonly<Record<HubspotKind['name'], Map<string, HubspotObject>>>;
  readonly associations: readonly HubspotAssociation[];
  readonly associationsPerPage: number;
  readonly errors: HubspotErrors;
  readonly note: NoteViolation;
  readonly now: () => number;
}

const objectPath = /^\/crm\/v3\/objects\/([^/]+)\/([^/]+)(\/read)?$/;
const associationPath = /^\/crm\/v4\/objects\/([^/]+)\/([^/]+)\/associations\/([^/]+)$/;
const getParameters = ['archived', 'associations', 'idProperty', 'properties', 'propertiesWithHistory'];

export function refuse(portal: Portal, status: number, why: string): Answer {
  portal.note(why);
  return portal.errors.answer(status, why);
}

function refuseCall(
  request: ArrivedRequest,
  portal: Portal,
  method: string,
  parameters: readonly string[],
): Answer | undefined {
  if (request.method !== method) return refuse(portal, 405, 'the method is not allowed');
  if (method === 'POST' && !isJsonContent(request)) {
    return refuse(portal, 415, `content type ${request.headers['content-type'] ?? '(none)'} is not JSON`);
  }
  const unknown = findUnknownParameters(request.query, parameters);
  if (unknown.length > 0) return refuse(portal, 400, `unknown parameter ${unknown.join(', ')}`);
  const archived = request.query.get('archived') ?? 'false';
  if (archived !== 'true' && archived !== 'false') return refuse(portal, 400, 'archived is not a boolean');
  if (method === 'POST' && parseJson(request.body) === undefined)
    return refuse(portal, 400, 'the body is not JSON');
  return undefined;
}

function answerSearch(request: ArrivedRequest, kind: HubspotKind, portal: Portal): Answer {
  const refused = refuseCall(request, portal, 'POST', []);
  if (refused !== undefined) return refused;
  const found = searchObjects(parseJson(request.body), [...portal.objects[kind.name].values()], kind);
  return 'refused' in found ? refuse(portal, 400, found.refused) : jsonAnswer(200, found.page);
}

function answerBatch(request: ArrivedRequest, kind: HubspotKind, portal: Portal): Answer {
  const refused = refuseCall(request, portal, 'POST', ['archived']);
  if (refused !== undefined) return refused;
  const archived = request.query.get('archived') === 'true';
  const options = { kind, archived, now: portal.now() };
  const answer = readBatch(parseJson(request.body), portal.objects[kind.name], options);
  return 'refused' in answer ? refuse(portal, 400, answer.refused) : answer;
}

function answerObject(request: ArrivedRequest, kind: HubspotKind, id: string, portal: Portal): Answer {
  const refused = refuseCall(request, portal, 'GET', getParameters);
  if (refused !== undefined) return refused;
  const { query } = request;
  for (const name of ['associations', 'idProperty', 'propertiesWithHistory']) {
    if (query.has(name)) return refuse(portal, 400, `${name} is not simulated`);
  }
  const object = portal.objects[kind.name].get(id);
  if (object === undefined || object.archived !== (query.get('archived') === 'true')) {
    return portal.errors.answer(404, 'resource not found');
  }
  const wanted = query.getAll('properties').flatMap((names) => names.split(','));
  return jsonAnswer(200, viewObject(object, query.has('properties') ? wanted : undefined, kind));
}

function answerAssociations(request: ArrivedRequest, match: RegExpExecArray, portal: Portal): Answer {
  const refused = refuseCall(request, portal, 'GET', ['after', 'limit']);
  if (refused !== undefined) return refused;
  const [type = '', id = '', toType = ''] = match.slice(1).map(decodeURIComponent);
  const [kind, to] = [findKind(type), findKind(toType)];
  if (kind === undefined || to === undefined) return refuse(portal, 400, 'no such type of object');
  if (portal.objects[kind.name].get(id)?.archived !== false)
    return portal.errors.answer(404, 'resource not found');
  const { associations, associationsPerPage: mostPerPage } = portal;
  const listed = listAssociations(associations, { kind, id, to, query: request.query, mostPerPage });
  return 'refused' in listed ? refuse(portal, 400, listed.refused) : jsonAnswer(200, listed.page);
}

export function routeRequest(request: ArrivedRequest, portal: Portal): Answer {
  const association = associationPath.exec(request.path);
  if (association !== null) return answerAssociations(request, association, portal);
  const [, path, rest = '', read] = objectPath.exec(request.path) ?? [];
  const kind = KINDS.find((one) => one.path === path);
  if (kind === undefined) return refuse(portal, 404, 'no such path');
  if (read !== undefined)
    return rest === 'batch' ? answerBatch(request, kind, portal) : refuse(portal, 404, 'no such path');
  if (rest === 'search') return answerSearch(request, kind, portal);
  return answerObject(request, kind, decodeURIComponent(rest), portal);
}
