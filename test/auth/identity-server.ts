import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { importSPKI, jwtVerify } from 'jose';
import { Provider } from 'oidc-provider';
import type { ClientMetadata, Configuration, JWK, KoaContextWithOIDC } from 'oidc-provider';

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const SCOPES = ['openid', 'offline_access', 'contacts'];

/** A real OAuth server on this machine, and below `/api/` a system that accepts the tokens which it gave. */
export interface IdentityServer {
  readonly url: string;
  readonly tokenUrl: string;
  readonly authorizeUrl: string;
  /** The grant types of the token requests, in turn. */
  readonly grants: readonly string[];
  /** Answers the next token requests otherwise; the provider sees only those that are `lost`. */
  readonly next: ('lost' | ((response: ServerResponse) => void))[];
  /** As if somebody withdrew a token that was in use. */
  revoke(accessToken: string): Promise<void>;
  close(): Promise<void>;
}

export async function startIdentityServer(assertionKey: string): Promise<IdentityServer> {
  const grants: string[] = [];
  const next: IdentityServer['next'] = [];
  let provider: Provider | undefined;
  const server = createServer((request, response) => {
    if (provider === undefined) return;
    void route(provider, request, response, next);
  });
  const url = await listen(server);
  provider = createProvider(url, assertionKey, (grant) => void grants.push(grant));
  const { AccessToken } = provider;
  return {
    url,
    tokenUrl: `${url}/token`,
    authorizeUrl: `${url}/auth?prompt=consent`,
    grants,
    next,
    revoke: async (token) => (await AccessToken.find(token))?.destroy(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function route(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
  next: IdentityServer['next'],
): Promise<void> {
  const path = request.url ?? '';
  if (path.startsWith('/api/')) return answerCall(provider, request, response);
  if (path.startsWith('/interaction/')) return logIn(provider, request, response);
  const fault = path === '/token' ? next.shift() : undefined;
  if (typeof fault === 'function') {
    request.resume();
    fault(response);
    return;
  }
  // The answer is made and thrown away: what it brought is in force, and nobody heard of it.
  if (fault === 'lost') response.end = () => response.destroy();
  await provider.callback()(request, response);
}

async function answerCall(
  { AccessToken, ClientCredentials }: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const token = (request.headers.authorization ?? '').replace(/^Bearer /, '');
  const known = (await AccessToken.find(token)) ?? (await ClientCredentials.find(token));
  response.writeHead(known === undefined ? 401 : 200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ client: known?.clientId, scope: known?.scope }));
}

/** The page on which a person would log in and agree: here both happen at once. */
async function logIn(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  if (prompt.name === 'login')
    return provider.interactionFinished(request, response, { login: { accountId: 'ada' } });
  const grant = new provider.Grant({ accountId: session?.accountId, clientId: String(params['client_id']) });
  grant.addOIDCScope(String(params['scope']));
  return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
}

const PLAIN = { redirect_uris: [], response_types: [], token_endpoint_auth_method: 'none' } as const;
const CLIENTS: ClientMetadata[] = [
  {
    ...PLAIN,
    client_id: 'machine',
    client_secret: 'machine secret/&=',
    grant_types: ['client_credentials'],
    token_endpoint_auth_method: 'client_secret_basic',
    scope: 'contacts',
  },
  { ...PLAIN, client_id: 'asserted', grant_types: [JWT_BEARER], scope: 'contacts' },
  {
    ...PLAIN,
    client_id: 'desk',
    application_type: 'native',
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    redirect_uris: ['http://127.0.0.1/callback'],
  },
];

function createProvider(url: string, assertionKey: string, note: (grant: string) => void): Provider {
  const configuration: Configuration = {
    scopes: SCOPES,
    clients: CLIENTS,
    pkce: { required: () => true },
    rotateRefreshToken: true,
    features: { devInteractions: { enabled: false }, clientCredentials: { enabled: true } },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    cookies: { keys: ['test'] },
    // Stated one by one, or the provider says of each that it was not.
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    jwks: { keys: [createSigningKey()] },
    ttl: {
      AccessToken: 1800,
      AuthorizationCode: 60,
      ClientCredentials: 1800,
      Grant: 86_400,
      IdToken: 1800,
      Interaction: 600,
      RefreshToken: 86_400,
      Session: 86_400,
    },
  };
  const provider = new Provider(url, configuration);
  provider.registerGrantType(
    JWT_BEARER,
    (context) => answerAssertion(provider, context, assertionKey, `${url}/token`),
    ['assertion', 'scope'],
  );
  provider.use(async (context, proceed) => {
    await proceed();
    const grant = context.path === '/token' ? context.oidc?.params?.['grant_type'] : undefined;
    if (grant !== undefined) note(String(grant));
  });
  return provider;
}

/** RFC 7523 3. */
async function answerAssertion(
  provider: Provider,
  context: KoaContextWithOIDC,
  key: string,
  audience: string,
): Promise<void> {
  const { client, params } = context.oidc;
  try {
    const { payload } = await jwtVerify(String(params?.['assertion']), await importSPKI(key, 'ES256'), {
      audience,
      issuer: 'asserted',
      subject: 'ada',
      maxTokenAge: '60s',
      requiredClaims: ['exp', 'jti'],
    });
    const scope = String(payload['scope']);
    const token = new provider.ClientCredentials({ client: client as never, scope });
    const access = await token.save();
    context.body = { access_token: access, token_type: 'bearer', expires_in: token.expiration, scope };
  } catch (error) {
    context.status = 400;
    context.body = { error: 'invalid_grant', error_description: (error as Error).message };
  }
}

function createSigningKey(): JWK {
  return {
    ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }),
    use: 'sig',
  } as JWK;
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () =>
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    );
  });
}
