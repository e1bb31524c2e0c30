import type { WireAnswer } from './fault.ts';

export function json(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Extract<WireAnswer, { readonly kind: 'response' }> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return {
    kind: 'response',
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: Buffer.from(text),
  };
}
