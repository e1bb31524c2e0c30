/** Names of headers that carry a credential: `X-API-Key`, `Ocp-Apim-Subscription-Key`, `X-Shopify-Access-Token`. */
const SECRET_NAME = /auth|key|token|secret|passw|credential|signature|session|cookie|subscription/i;

/**
 * What of the fixed headers of a system must stand in no log. Their names tell: the value of any other may be a date or
 * a word, and would take that out of every line.
 */
export function listHeaderSecrets(headers: Readonly<Record<string, string>> = {}): string[] {
  return Object.entries(headers)
    .filter(([name]) => SECRET_NAME.test(name))
    .flatMap(([, value]) => listParts(value.trim()));
}

/** `Basic YTpi`, `Token abc` and `name=abc; other=def`: what follows the scheme or a name is quoted alone, too. */
function listParts(value: string): string[] {
  const [, scheme, rest = ''] = /^([\w-]+)\s+(.+)$/.exec(value) ?? [];
  const pair = scheme?.toLowerCase() === 'basic' ? Buffer.from(rest, 'base64').toString('utf8') : '';
  const password = pair.includes(':') ? pair.slice(pair.indexOf(':') + 1) : '';
  const named = value.split(/[;,]\s*/).flatMap((part) => /^[\w-]+=(.+)$/.exec(part)?.[1] ?? []);
  return [value, rest, password, ...named].filter((part) => part !== '');
}
