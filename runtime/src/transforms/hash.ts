import { hash } from 'node:crypto';
import { made } from './transform.ts';
import type { Transformed } from './transform.ts';

/**
 * The hash of the text's UTF-8 bytes in small hexadecimal digits.
 * @param algorithm `md5`, `sha1`, `sha256` or `sha512`: what other systems name people by, not what keeps a secret
 */
export function hashText(value: string, algorithm: string): Transformed<string> {
  return made(hash(algorithm, value, 'hex'));
}
