import { startXero } from './xero.ts';
import type { XeroOptions, XeroSimulator } from './xero.ts';

/** A caller of the Xero simulator, for its own tests. */
export interface XeroCaller {
  readonly xero: XeroSimulator;
  token(refreshToken: string): Promise<{ readonly status: number; readonly body: Record<string, string> }>;
  /** Signs in first when it has no access token yet. */
  call(
    method: string,
    path: string,
    more?: { readonly body?: unknown; readonly headers?: Record<string, string> },
  ): Promise<Response>;
  post(contact: Record<string, unknown>, key?: string): Promise<Response>;
}

const client = { clientId: 'client', clientSecret: 'secret', refreshToken: 'first-refresh' };

export async function startXeroCaller(options: Partial<XeroOptions> = {}): Promise<XeroCaller> {
  const xero = await startXero({ seed: 1, tenantId: 'tenant', ...client, ...options });
  let access: string | undefined;
  const token: XeroCaller['token'] = async (refreshToken) => {
    const response = await fetch(xero.tokenUrl, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${client.clientId}:${client.clientSecret}`)}` },
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken }),
    });
    const body = (await response.json()) as Record<string, string>;
    return { status: response.status, body };
  };
  const call: XeroCaller['call'] = async (method, path, more = {}) => {
    access ??= (await token(client.refreshToken)).body['access_token'] ?? '';
    const headers: Record<string, string> = {
      accept: 'application/json',
      authorization: `Bearer ${access}`,
      'xero-tenant-id': 'tenant',
      ...(more.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...more.headers,
    };
    const body = typeof more.body === 'string' ? more.body : JSON.stringify(more.body);
    return fetch(`${xero.url}${path}`, { method, headers, body });
  };
  const post: XeroCaller['post'] = (contact, key) =>
    call('POST', '/Contacts', {
      body: { Contacts: [contact] },
      headers: key === undefined ? {} : { 'idempotency-key': key },
    });
  return { xero, token, call, post };
}
