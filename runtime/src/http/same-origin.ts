/**
 * The path of an address that a server gave, relative to the server's base URL; undefined where it leads to another
 * origin, to which neither credentials nor bodies may go. A relative address leads on from `from` (RFC 8288 3.1).
 */
export function toSameOriginTarget(address: string, server: string, from = ''): string | undefined {
  const base = new URL(server);
  const url = URL.parse(address, `${server}${from}`);
  if (url === null || url.origin !== base.origin || url.username !== '' || url.password !== '')
    return undefined;
  const prefix = base.pathname.replace(/\/$/, '');
  if (!url.pathname.startsWith(`${prefix}/`) && url.pathname !== prefix) return undefined;
  return `${url.pathname.slice(prefix.length)}${url.search}`;
}
