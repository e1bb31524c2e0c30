import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { operatorError } from '../errors.ts';
import type { Store } from '../store/store.ts';

/** AES-256-GCM with the key's id in front: `keyId.iv.tag.ciphertext`, in base64url. */
export interface TokenCipher {
  seal(text: string): string;
  open(sealed: string): string;
}

const CANARY = 'mortise token store';

/** @param key 32 bytes as base64 or hex, from MORTISE_KEY @throws OperatorError where it is not */
export function createTokenCipher(key: string): TokenCipher {
  const bytes = readKey(key);
  const keyId = createHash('sha256').update(bytes).digest('base64url').slice(0, 8);
  return {
    seal(text) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', bytes, iv);
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return [keyId, ...[iv, cipher.getAuthTag(), body].map((part) => part.toString('base64url'))].join('.');
    },
    open(sealed) {
      const [id, iv = '', tag = '', body = ''] = sealed.split('.');
      if (id !== keyId) throw wrongKey();
      const decipher = createDecipheriv('aes-256-gcm', bytes, Buffer.from(iv, 'base64url'));
      decipher.setAuthTag(Buffer.from(tag, 'base64url'));
      return decipher.update(Buffer.from(body, 'base64url'), undefined, 'utf8') + decipher.final('utf8');
    },
  };
}

/** What erased records are known by: a secret of its own, so that nothing that is made with it says anything of the key. */
export function deriveTombstoneKey(key: string): string {
  return createHmac('sha256', readKey(key)).update('mortise tombstones').digest('base64url');
}

function readKey(key: string): Buffer {
  const bytes = /^[0-9a-f]{64}$/i.test(key) ? Buffer.from(key, 'hex') : Buffer.from(key, 'base64');
  if (bytes.length === 32) return bytes;
  throw operatorError(
    'MORTISE_KEY must be 32 random bytes in base64 or hex. Make one with: openssl rand -base64 32',
  );
}

function wrongKey(): Error {
  return operatorError(
    'MORTISE_KEY is not the key that this store was made with. Set the old key again: with another one the stored tokens are lost, and nothing was changed.',
  );
}

/** Refuses a wrong key before anything is read or written with it. */
export async function checkCipher(store: Store, cipher: TokenCipher): Promise<void> {
  const canary = await store.readMeta('key-canary');
  if (canary === undefined) {
    await store.writeMeta('key-canary', cipher.seal(CANARY));
    return;
  }
  if (cipher.open(canary) !== CANARY) throw wrongKey();
}
