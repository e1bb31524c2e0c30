import { createSecureContext } from 'node:tls';
import { operatorError } from '../errors.ts';
import { readPem } from './hide-key.ts';
import type { MtlsAuth, SystemAuth } from './system-auth.ts';

/** What a connection shows of the client, as `node:tls` takes it. */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
  readonly passphrase?: string;
  readonly ca?: string;
}

/** The certificate that connections to a system show, where it is known by one. */
export function readClientCertificate(auth: SystemAuth): ClientCertificate | undefined {
  if (auth.kind !== 'mtls') return undefined;
  const { passphrase, ca } = auth;
  return {
    cert: readPem(auth.certificate),
    key: readPem(auth.key),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(ca === undefined ? {} : { ca: readPem(ca) }),
  };
}

/**
 * Reads the certificate once at the start: later, a handshake that fails looks like a connection that was cut.
 * @throws OperatorError where certificate and key cannot be read, or do not belong together
 */
export function checkClientCertificate(system: string, auth: MtlsAuth): void {
  try {
    createSecureContext(readClientCertificate(auth));
  } catch (error) {
    throw operatorError(
      `The client certificate of the system "${system}" cannot be used: ${(error as Error).message}. Certificate and key are texts in PEM that belong together; a setting <NAME>_FILE names a file that holds one.`,
    );
  }
}
