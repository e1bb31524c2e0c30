import type { Authenticator, AuthenticatorOptions, AuthResult } from './credentials.ts';
import { createTokenRefresher, isFresh } from './token-refresher.ts';
import type { RefreshResult, TokenSource } from './token-refresher.ts';
import type { HeldTokens } from './token-vault.ts';

/** A token this young may not have reached all of the vendor's servers yet. */
const YOUNG_MS = 30_000;
const YOUNG_WAIT_MS = 5000;
const NONE_RENEWED = { generation: 0, atMs: 0 };

/** Tokens of one system, renewed before they lapse or once they are refused. One refresh serves all callers. */
export function createTokenKeeper(source: TokenSource, options: AuthenticatorOptions): Authenticator {
  const { clock, signal } = options.context;
  const refresher = createTokenRefresher(source, options);
  let running: Promise<RefreshResult> | undefined;
  /** The generation that a refusal brought, and when: refused again, it is not refreshed again at once. */
  let renewed = NONE_RENEWED;

  const single = (refused: number | undefined): Promise<RefreshResult> => {
    running ??= refresher.refresh(refused).finally(() => {
      running = undefined;
    });
    return running;
  };
  const renew = async (refused: number): Promise<RefreshResult> => {
    const result = await single(refused);
    if (result.kind === 'tokens' && result.tokens.generation !== renewed.generation)
      renewed = { generation: result.tokens.generation, atMs: clock.now() };
    return result;
  };
  const ready = (tokens: HeldTokens): AuthResult => {
    const headers = source.present(tokens.access);
    return { kind: 'ready', credentials: { headers, query: [], generation: tokens.generation } };
  };
  return {
    async get() {
      const held = await refresher.load();
      if (isFresh(held, undefined, clock.now())) return ready(held);
      const result = await single(undefined);
      return result.kind === 'tokens' ? ready(result.tokens) : result;
    },
    async renew(refused) {
      const { held } = refresher;
      if (isFresh(held, refused.generation, clock.now())) return ready(held);
      if (refused.generation === renewed.generation && clock.now() - renewed.atMs < YOUNG_MS) {
        await clock.sleep(YOUNG_WAIT_MS, signal);
        return { kind: 'ready', credentials: refused };
      }
      const result = await renew(refused.generation);
      return result.kind === 'tokens' ? ready(result.tokens) : result;
    },
    reload() {
      renewed = NONE_RENEWED;
      refresher.forget();
    },
  };
}
