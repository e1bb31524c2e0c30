import type { Operation } from '../model/api-model.ts';
import { nameOperation } from '../model/api-model.ts';
import type { AuthModel } from '../model/integration-model.ts';
import type { Json } from '../model/workspace.ts';
import { isObject } from '../resolve/follow-reference.ts';
import { childOf, valueAt } from '../source/source-ref.ts';
import type { SourceRef } from '../source/source-ref.ts';
import type { OperationPair } from './operation-pair.ts';
import { listMembers, operationNode } from './read-side.ts';
import type { SystemSide } from './read-side.ts';
import type { Use } from './use.ts';
import type { Verdict } from './variance.ts';
import { emitAt } from './walk.ts';
import type { Walk } from './walk.ts';

/** What has to be shown together; a description lists several, of which one is enough. */
interface Alternative {
  readonly schemes: readonly Scheme[];
}

interface Scheme {
  readonly name: string;
  readonly type: string;
  /** What tells on the wire how it is shown: `header x-api-key`, `bearer`. */
  readonly how: string;
  readonly scopes: readonly string[];
  readonly tokenUrls: readonly string[];
  readonly authorizeUrls: readonly string[];
}

interface Demand {
  readonly at: SourceRef;
  readonly schemesAt: SourceRef;
  readonly isOfAll: boolean;
  readonly alternatives: readonly Alternative[];
}

/** Whether who could call before still can: by the credentials of the rules, not by every kind that is offered. */
export function compareSecurity(walk: Walk, pair: OperationPair): void {
  const { before, after, left, right, use } = pair;
  const [was, is] = [readDemand(left, before), readDemand(right, after)];
  if (describe(was) === describe(is) && urlsOf(was) === urlsOf(is)) return;
  const isDemand = describe(was) !== describe(is);
  const auth = use?.system.auth;
  const verdict = isDemand ? judge(was, is, auth) : judgeUrls(was, is, auth);
  const where = !isDemand || (was.isOfAll && is.isOfAll) ? walk.system : nameOperation(after);
  const at = use === undefined ? undefined : childOf(use.system.origin, 'auth');
  const uses: Use[] =
    at === undefined ? [] : [{ kind: 'header', at, mentions: [], field: undefined, sent: undefined }];
  const places = isDemand ? { before: was.at, after: is.at } : { before: was.schemesAt, after: is.schemesAt };
  emitAt({ ...walk, where }, '', verdict, { ...places, uses });
}

function readDemand(side: SystemSide, operation: Operation): Demand {
  const node = operationNode(side, operation);
  const document = side.documents.find(({ file }) => file === operation.origin.file) ?? side.documents[0];
  const own = node?.value['security'];
  const file = document?.file ?? operation.origin.file;
  const given = own ?? document?.value['security'];
  const holder = { file, path: [], value: document?.value ?? {} };
  const known = listMembers(side, holder, 'components', 'securitySchemes');
  const read = (entry: Json): Alternative[] => {
    if (!isObject(entry)) return [];
    return [
      {
        schemes: Object.entries(entry).map(([name, scopes]) =>
          readScheme(name, scopes, known.get(name)?.value),
        ),
      },
    ];
  };
  return {
    at: own === undefined ? valueAt(file, ['security']) : childOf(operation.origin, 'security'),
    schemesAt: valueAt(file, ['components', 'securitySchemes']),
    isOfAll: own === undefined,
    alternatives: Array.isArray(given) ? (given as Json[]).flatMap(read) : [],
  };
}

function readScheme(name: string, scopes: Json | undefined, given: Json | undefined): Scheme {
  const value = isObject(given) ? given : {};
  const flows = isObject(value['flows']) ? Object.values(value['flows']) : [];
  const urls = (key: string): string[] =>
    flows.flatMap((flow) => (isObject(flow) && typeof flow[key] === 'string' ? [flow[key]] : []));
  const type = typeof value['type'] === 'string' ? value['type'] : 'unknown';
  const parts = [value['in'], value['name'], value['scheme'], value['openIdConnectUrl']];
  return {
    name,
    type,
    how: parts
      .filter((part) => typeof part === 'string')
      .join(' ')
      .toLowerCase(),
    scopes: Array.isArray(scopes) ? (scopes as Json[]).map(String) : [],
    tokenUrls: urls('tokenUrl'),
    authorizeUrls: urls('authorizationUrl'),
  };
}

function describe({ alternatives }: Demand): string {
  if (alternatives.length === 0) return 'nothing';
  return alternatives
    .map(({ schemes }) => (schemes.length === 0 ? 'nothing' : schemes.map(describeScheme).join(' and ')))
    .join(', or ');
}

function describeScheme({ name, type, how, scopes }: Scheme): string {
  const detail = [type, how].filter((part) => part !== '').join(' ');
  return `${name} (${detail}${scopes.length === 0 ? '' : `: ${scopes.join(' ')}`})`;
}

function urlsOf({ alternatives }: Demand): string {
  const schemes = alternatives.flatMap((alternative) => alternative.schemes);
  return JSON.stringify(schemes.map(({ tokenUrls, authorizeUrls }) => [tokenUrls, authorizeUrls]));
}

function judge(was: Demand, is: Demand, auth: AuthModel | undefined): Verdict {
  const says = `asks for ${describe(is)}, and asked for ${describe(was)}`;
  if (auth === undefined) return { id: 'VQ18', says, level: 'NONE' };
  const fitting = was.alternatives.filter((entry) => entry.schemes.every((scheme) => fits(scheme, auth)));
  const ours = fitting.length === 0 ? was.alternatives : fitting;
  const granted = 'scopes' in auth ? (auth.scopes ?? undefined) : undefined;
  const isMet = (wanted: Alternative): boolean =>
    wanted.schemes.length === 0 ||
    ours.some((held) => wanted.schemes.every((scheme) => isShown(scheme, held, granted))) ||
    // Nothing was asked for, and the rules show what is asked for now.
    (was.alternatives.length === 0 &&
      wanted.schemes.every((scheme) => fits(scheme, auth) && scheme.scopes.length === 0));
  const met = is.alternatives.filter(isMet);
  if (is.alternatives.length > 0 && met.length === 0) return { id: 'VQ18', says, level: 'WIRE' };
  return { id: 'VQ18', says, level: 'NONE' };
}

/** Where tokens come from matters to those that fetch them. */
function judgeUrls(was: Demand, is: Demand, auth: AuthModel | undefined): Verdict {
  const listUrls = (demand: Demand, key: 'tokenUrls' | 'authorizeUrls'): string =>
    [...new Set(demand.alternatives.flatMap(({ schemes }) => schemes.flatMap((scheme) => scheme[key])))].join(
      ', ',
    );
  const isToken = listUrls(was, 'tokenUrls') !== listUrls(is, 'tokenUrls');
  const key = isToken ? 'tokenUrls' : 'authorizeUrls';
  const what = isToken ? 'gives tokens' : 'lets people agree';
  const says = `${what} at ${listUrls(is, key)}, and did at ${listUrls(was, key)}`;
  const isUsed = auth?.kind === 'oauth2' && (isToken || auth.grant === 'authorization_code');
  return { id: 'VQ18', says, level: isUsed ? 'WIRE' : 'NONE' };
}

function isShown(wanted: Scheme, held: Alternative, granted: readonly string[] | undefined): boolean {
  return held.schemes.some(
    (scheme) =>
      scheme.type === wanted.type &&
      scheme.how === wanted.how &&
      wanted.scopes.every((scope) => (granted ?? scheme.scopes).includes(scope)),
  );
}

/** Whether what the rules show is of the kind that is asked for; of what is signed by hand nobody knows. */
function fits({ type, how }: Scheme, auth: AuthModel): boolean {
  switch (auth.kind) {
    case 'none':
      return false;
    case 'bearer':
    case 'oauth2':
      return (
        type === 'oauth2' ||
        type === 'openIdConnect' ||
        how.startsWith('bearer') ||
        how === 'header authorization'
      );
    case 'basic':
      return type === 'http' && how === 'basic';
    case 'apiKey':
      return type === 'apiKey' && how === `${auth.in} ${auth.name}`.toLowerCase();
    case 'mtls':
      return type === 'mutualTLS';
    default:
      return true;
  }
}
