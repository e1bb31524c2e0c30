import type { AuthenticatorOptions, AuthFailure } from './credentials.ts';
import type { TokenAnswer, Tokens } from './read-token-answer.ts';
import { createTokenVault } from './token-vault.ts';
import type { HeldTokens } from './token-vault.ts';

/** Where tokens come from, and where they go in a call. */
export interface TokenSource {
  /** What the tokens come from: when it changes, what is stored counts no more. */
  readonly seed: string;
  /** @param held what is stored, however old */
  obtain(held: Tokens | undefined): Promise<TokenAnswer>;
  present(access: string): Readonly<Record<string, string>>;
}

export type RefreshResult = { readonly kind: 'tokens'; readonly tokens: HeldTokens } | AuthFailure;

export interface TokenRefresher {
  /** What is at hand, read from the store the first time. */
  load(): Promise<HeldTokens | undefined>;
  readonly held: HeldTokens | undefined;
  /** Not to be called twice at once. @param refused the generation that a 401 was given for */
  refresh(refused: number | undefined): Promise<RefreshResult>;
  /** The next one to load reads the store. What the token server asked for stays. */
  forget(): void;
}

/** After a failure that passes, the token server is left alone for so long, unless it said for how long itself. */
const REST_MS = 10_000;

/** Takes over what another process stored, else obtains tokens and stores them before anyone uses them. */
export function createTokenRefresher(source: TokenSource, options: AuthenticatorOptions): TokenRefresher {
  const { clock, log } = options.context;
  const vault = createTokenVault(source.seed, options);
  let held: HeldTokens | undefined;
  let rest: AuthFailure & { readonly untilMs: number } = { ...PASSING, reason: '', untilMs: 0 };
  /** Tokens that the store did not take: asking for others would find the refresh token used up. */
  let unsaved: Tokens | undefined;

  const fail = (failure: AuthFailure, refused: number | undefined): RefreshResult => {
    if (failure.needsPerson) return failure;
    rest = { ...failure, untilMs: failure.untilMs ?? clock.now() + REST_MS };
    // Renewed early, so there is time: what is held goes on until it dies.
    return isAlive(held, clock.now()) && held.generation !== refused
      ? { kind: 'tokens', tokens: held }
      : failure;
  };
  const keep = async (tokens: Tokens, over: number): Promise<RefreshResult> => {
    unsaved = tokens;
    const written = await vault.write(tokens, over);
    unsaved = undefined;
    held = written ?? (await vault.read()).tokens;
    if (written !== undefined) log.info('token refreshed', { system: options.system, step: 'auth' });
    return held === undefined
      ? { ...PASSING, reason: 'another process stored a token of another seed' }
      : { kind: 'tokens', tokens: held };
  };
  const refresh = async (refused: number | undefined, isSecond = false): Promise<RefreshResult> => {
    // Another process may have renewed it already; its token is newer than the one that was refused.
    const stored = await vault.read();
    held = stored.tokens;
    if (isFresh(held, refused, clock.now())) return { kind: 'tokens', tokens: held };
    if (unsaved !== undefined) return keep(unsaved, stored.generation);
    if (rest.untilMs > clock.now()) return fail(rest, refused);
    const answer = await source.obtain(held);
    if (answer.kind === 'tokens') return keep(answer.tokens, stored.generation);
    // Before anyone is told: another process's refresh may be why this one was refused.
    const again = await vault.read();
    if (again.generation === stored.generation) return fail(strip(answer), refused);
    held = again.tokens;
    if (isFresh(held, refused, clock.now())) return { kind: 'tokens', tokens: held };
    return isSecond ? fail(strip(answer), refused) : refresh(refused, true);
  };
  return {
    load: async () => (held ??= (await vault.read()).tokens),
    get held() {
      return held;
    },
    refresh: (refused) => refresh(refused),
    forget() {
      held = undefined;
    },
  };
}

/** Good for a call: not the refused generation, and not due to be renewed. */
export function isFresh(
  tokens: HeldTokens | undefined,
  refused: number | undefined,
  nowMs: number,
): tokens is HeldTokens {
  return tokens !== undefined && tokens.generation !== refused && tokens.renewAtMs > nowMs;
}

const PASSING = { kind: 'failed', needsPerson: false } as const;

function strip({ kind, reason, needsPerson, untilMs }: AuthFailure): AuthFailure {
  return { kind, reason, needsPerson, ...(untilMs === undefined ? {} : { untilMs }) };
}

function isAlive(tokens: HeldTokens | undefined, nowMs: number): tokens is HeldTokens {
  return tokens !== undefined && (tokens.expiresAtMs ?? tokens.renewAtMs) > nowMs;
}
