import { createPrivateKey, createSecretKey, randomUUID } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readPem } from './hide-key.ts';
import type { JwtBearerAuth } from './system-auth.ts';

export type Assertion =
  { readonly kind: 'signed'; readonly text: string } | { readonly kind: 'failed'; readonly reason: string };

/** The strictest vendor takes nothing that lives longer. */
const LIFETIME_S = 60;

/**
 * The assertion of RFC 7523 3. `scope` stands in it too, because some vendors read it only there.
 * A key that cannot sign is the operator's mistake and comes back as a reason.
 */
export async function signAssertion(auth: JwtBearerAuth, nowMs: number): Promise<Assertion> {
  const issuedAt = Math.floor(nowMs / 1000);
  const scopes = auth.scopes ?? [];
  try {
    const { SignJWT } = await import('jose');
    const jwt = new SignJWT(scopes.length === 0 ? {} : { scope: scopes.join(' ') })
      .setProtectedHeader({
        alg: auth.algorithm,
        typ: 'JWT',
        ...(auth.keyId === undefined ? {} : { kid: auth.keyId }),
      })
      .setIssuer(auth.issuer)
      .setAudience(auth.audience ?? auth.tokenUrl)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + LIFETIME_S)
      .setJti(randomUUID());
    if (auth.subject !== undefined) jwt.setSubject(auth.subject);
    return { kind: 'signed', text: await jwt.sign(readKey(auth)) };
  } catch (error) {
    return { kind: 'failed', reason: (error as Error).message };
  }
}

function readKey({ algorithm, key }: JwtBearerAuth): KeyObject {
  return algorithm.startsWith('HS') ? createSecretKey(key, 'utf8') : createPrivateKey(readPem(key));
}
