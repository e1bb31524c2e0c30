import { jsonAnswer, findUnknownParameters } from './answer.ts';
import type { Answer, ArrivedRequest, NoteViolation } from './answer.ts';
import type { SeededRandom } from './seeded-random.ts';

export interface XeroTokenOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
  readonly accessTokenLifetimeMs: number;
  readonly refreshGraceMs: number;
  readonly random: SeededRandom;
  readonly now: () => number;
}

export interface XeroTokens {
  answerTokenRequest(request: ArrivedRequest, note: NoteViolation): Answer;
  /** `expired` was issued here once; `unknown` never was. */
  checkAccess(authorization: string | undefined): 'valid' | 'expired' | 'unknown';
  expireAccessTokens(): void;
}

/** A refresh token that nobody uses lapses after 60 days. */
const refreshLifetimeMs = 60 * 24 * 60 * 60 * 1000;
const knownParameters = ['grant_type', 'refresh_token', 'scope'];

function readBasic(header: string | undefined): string {
  const encoded = /^Basic ([\w+/=-]+)$/i.exec(header ?? '')?.[1] ?? '';
  return Buffer.from(encoded, 'base64').toString('utf8');
}

function isClient(header: string | undefined, options: XeroTokenOptions): boolean {
  const given = readBasic(header);
  const { clientId, clientSecret } = options;
  // RFC 6749 section 2.3.1 form-encodes both parts first; many clients do not, and the vendor takes either.
  const encoded = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`;
  return given === `${clientId}:${clientSecret}` || given === encoded;
}

function refuseToken(status: number, error: string): Answer {
  return jsonAnswer(status, { error }, { 'cache-control': 'no-store' });
}

/** Says what is wrong with the form of the request. */
function refuseForm(request: ArrivedRequest, form: URLSearchParams): string | undefined {
  if (request.method !== 'POST') return 'a token is asked for with POST';
  const type = request.headers['content-type'] ?? '';
  if (!/^application\/x-www-form-urlencoded\s*(;.*)?$/i.test(type)) return `content type ${type || '(none)'}`;
  const unknown = findUnknownParameters(form, knownParameters);
  if (unknown.length > 0) return `unknown parameter ${unknown.join(', ')}`;
  const isRepeated = knownParameters.some((name) => form.getAll(name).length > 1);
  return isRepeated ? 'a parameter is repeated' : undefined;
}

/** What is refused before any refresh token is looked at. */
function refuseTokenRequest(
  request: ArrivedRequest,
  form: URLSearchParams,
  options: XeroTokenOptions,
  note: NoteViolation,
): Answer | undefined {
  const refuse = (status: number, error: string, why: string): Answer => {
    note(why);
    return refuseToken(status, error);
  };
  const wrong = refuseForm(request, form);
  if (wrong !== undefined) return refuse(400, 'invalid_request', wrong);
  if (!isClient(request.headers['authorization'], options)) {
    return refuse(401, 'invalid_client', 'the client id or secret is missing or wrong');
  }
  const grant = form.get('grant_type') ?? '(none)';
  if (grant === 'refresh_token' || grant === 'client_credentials') return undefined;
  return refuse(400, 'unsupported_grant_type', `grant_type ${grant} is not supported`);
}

export function createXeroTokens(options: XeroTokenOptions): XeroTokens {
  const { now, random } = options;
  const accessTokens = new Map<string, number>();
  const refreshTokens = new Map([[options.refreshToken, now() + refreshLifetimeMs]]);
  const used = new Set<string>();

  const issue = (withRefresh: boolean): Answer => {
    const access = `at-${random.hex(40)}`;
    accessTokens.set(access, now() + options.accessTokenLifetimeMs);
    const refresh = `rt-${random.hex(40)}`;
    if (withRefresh) refreshTokens.set(refresh, now() + refreshLifetimeMs);
    const expiresIn = Math.floor(options.accessTokenLifetimeMs / 1000);
    const body = { access_token: access, expires_in: expiresIn, token_type: 'Bearer' };
    const answer = withRefresh ? { ...body, refresh_token: refresh } : body;
    return jsonAnswer(200, answer, { 'cache-control': 'no-store' });
  };

  const refresh = (token: string, note: NoteViolation): Answer => {
    const usableUntil = refreshTokens.get(token);
    if (usableUntil === undefined) note('the refresh token was never issued');
    if (usableUntil === undefined || now() >= usableUntil) return refuseToken(400, 'invalid_grant');
    // Only the first use starts the grace, else a client could live on one old token for ever.
    if (!used.has(token)) {
      used.add(token);
      refreshTokens.set(token, Math.min(usableUntil, now() + options.refreshGraceMs));
    }
    return issue(true);
  };

  return {
    answerTokenRequest(request, note) {
      const form = new URLSearchParams(request.body);
      const refused = refuseTokenRequest(request, form, options, note);
      if (refused !== undefined) return refused;
      if (form.get('grant_type') === 'client_credentials') return issue(false);
      return refresh(form.get('refresh_token') ?? '', note);
    },
    checkAccess(authorization) {
      const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1] ?? '';
      const until = accessTokens.get(token);
      if (until === undefined) return 'unknown';
      return now() < until ? 'valid' : 'expired';
    },
    expireAccessTokens() {
      for (const token of accessTokens.keys()) accessTokens.set(token, 0);
    },
  };
}
