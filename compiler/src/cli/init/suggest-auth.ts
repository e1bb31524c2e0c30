import type { SpecDocument } from '../../model/workspace.ts';

type Node = Readonly<Record<string, unknown>>;

export interface AuthSuggestion {
  /** Lines below `auth:`. */
  readonly lines: readonly string[];
  /** What else the description speaks of. */
  readonly others: readonly string[];
}

/** @param prefix of the settings' names: `CRM` */
export function suggestAuth(documents: readonly SpecDocument[], prefix: string): AuthSuggestion {
  const schemes = documents.flatMap(({ value }) =>
    Object.entries(asNode(asNode(value['components'])['securitySchemes'])).map(([name, scheme]) => ({
      name,
      scheme: asNode(scheme),
    })),
  );
  for (const suggest of [suggestBearer, suggestBasic, suggestOauth, suggestApiKey]) {
    for (const { name, scheme } of schemes) {
      const lines = suggest(scheme, prefix);
      if (lines === undefined) continue;
      const others = [...new Set(schemes.map((entry) => entry.name))].filter((other) => other !== name);
      return { lines, others };
    }
  }
  return { lines: ['kind: none'], others: [] };
}

function suggestBearer({ type, scheme }: Node, prefix: string): string[] | undefined {
  const isBearer = type === 'http' && String(scheme).toLowerCase() === 'bearer';
  return isBearer ? ['kind: bearer', `token: $${prefix}_TOKEN`] : undefined;
}

function suggestBasic({ type, scheme }: Node, prefix: string): string[] | undefined {
  const isBasic = type === 'http' && String(scheme).toLowerCase() === 'basic';
  return isBasic ? ['kind: basic', `user: $${prefix}_USER`, `password: $${prefix}_PASSWORD`] : undefined;
}

function suggestOauth({ type, flows }: Node, prefix: string): string[] | undefined {
  if (type !== 'oauth2') return undefined;
  const { clientCredentials, authorizationCode } = asNode(flows);
  const flow = asNode(clientCredentials ?? authorizationCode);
  const address = (name: string): string | undefined =>
    /^https?:\/\/\S+$/.test(String(flow[name])) ? String(flow[name]) : undefined;
  const tokenUrl = address('tokenUrl') ?? `$${prefix}_TOKEN_URL`;
  const client = [
    `tokenUrl: ${tokenUrl}`,
    `client: $${prefix}_CLIENT_ID`,
    `secret: $${prefix}_CLIENT_SECRET`,
  ];
  if (clientCredentials !== undefined) return ['kind: oauth2', 'grant: client_credentials', ...client];
  const authorizeUrl = address('authorizationUrl') ?? `$${prefix}_AUTHORIZE_URL`;
  return ['kind: oauth2', 'grant: authorization_code', `authorizeUrl: ${authorizeUrl}`, ...client];
}

function suggestApiKey({ type, name, in: place }: Node, prefix: string): string[] | undefined {
  if (type !== 'apiKey' || !['header', 'query', 'cookie'].includes(String(place))) return undefined;
  return ['kind: apiKey', `in: ${String(place)}`, `name: ${JSON.stringify(name)}`, `value: $${prefix}_KEY`];
}

function asNode(value: unknown): Node {
  return typeof value === 'object' && value !== null ? (value as Node) : {};
}
