import { createHash } from 'node:crypto';
import { operatorError } from '../errors.ts';
import type { AuthenticatorOptions } from './credentials.ts';
import type { Tokens } from './read-token-answer.ts';

export interface HeldTokens extends Tokens {
  readonly generation: number;
}

/** The tokens of one system in the store, sealed. */
export interface TokenVault {
  /** `generation` is 0 where nothing is stored; no tokens where they came from another seed. */
  read(): Promise<{ readonly generation: number; readonly tokens: HeldTokens | undefined }>;
  /** Only over the generation that was read. @returns what is now held, or undefined where another process was faster */
  write(tokens: Tokens, over: number): Promise<HeldTokens | undefined>;
}

type VaultOptions = Pick<AuthenticatorOptions, 'system' | 'cipher' | 'scrubber'> & {
  readonly context: Pick<AuthenticatorOptions['context'], 'store'>;
};

/**
 * @param seed what the tokens come from: when it changes, what is stored counts no more
 * @throws OperatorError where there is no key to seal with
 */
export function createTokenVault(seed: string, options: VaultOptions): TokenVault {
  const { system, cipher, scrubber } = options;
  const { store } = options.context;
  if (cipher === undefined)
    throw operatorError(
      `The system "${system}" keeps tokens, so MORTISE_KEY must be set. Make one with: openssl rand -base64 32`,
    );
  const seedHash = createHash('sha256').update(seed).digest('hex');
  const hide = (tokens: Tokens): void => {
    scrubber.addPassing(tokens.access, system);
    if (tokens.refresh !== undefined) scrubber.addPassing(tokens.refresh, system);
  };
  return {
    async read() {
      const stored = await store.readToken(system);
      if (stored === undefined) return { generation: 0, tokens: undefined };
      const { generation } = stored;
      if (stored.seedHash !== seedHash) return { generation, tokens: undefined };
      const tokens = JSON.parse(cipher.open(stored.sealed)) as Tokens;
      hide(tokens);
      return { generation, tokens: { ...tokens, generation } };
    },
    async write(tokens, over) {
      hide(tokens);
      const generation = over + 1;
      const sealed = cipher.seal(JSON.stringify(tokens));
      const written = await store.writeToken(system, { sealed, seedHash, generation }, over);
      return written ? { ...tokens, generation } : undefined;
    },
  };
}
