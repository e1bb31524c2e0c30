import dns from 'node:dns';
import type { LookupAddress, LookupOptions } from 'node:dns';

/** Nobody listens there: the servers are at 127.0.0.1. */
export const OLD_ADDRESS = '127.0.0.2';

type Callback = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void;

const DOMAIN = '.faults.test';
const FAILURES: Readonly<Record<string, string>> = { unknown: 'ENOTFOUND', failing: 'EAI_AGAIN' };

let isInstalled = false;
const unanswered = new Set<() => void>();

/**
 * Answers, in this process, for names below `faults.test`, which no name server knows (RFC 6761 6.2); so every client is
 * tested with its own way to look a name up. All other names go to the system's resolver.
 */
export function installNameServer(): void {
  if (isInstalled) return;
  isInstalled = true;
  const system = dns.lookup;
  const lookup = (name: string, options: LookupOptions, callback: Callback): void => {
    if (name.endsWith(DOMAIN)) answer(name.slice(0, -DOMAIN.length), options, callback);
    else system(name, options, callback as never);
  };
  Object.assign(dns, { lookup });
}

/** Ends what waits for the silent server. */
export function endLookUps(): void {
  for (const end of unanswered) end();
  unanswered.clear();
}

function answer(name: string, options: LookupOptions, callback: Callback): void {
  const fail = (code: string): void =>
    callback(Object.assign(new Error(`getaddrinfo ${code} ${name}${DOMAIN}`), { code }), '');
  const failure = FAILURES[name];
  if (name === 'silent') unanswered.add(() => fail('EAI_AGAIN'));
  else if (failure !== undefined) process.nextTick(fail, failure);
  else if (options.all === true) process.nextTick(callback, null, [{ address: OLD_ADDRESS, family: 4 }]);
  else process.nextTick(callback, null, OLD_ADDRESS, 4);
}
