import type { Answer, ArrivedRequest } from './answer.ts';

export type IdempotencyVerdict =
  | { readonly kind: 'first' }
  | { readonly kind: 'replay'; readonly answer: Answer }
  | { readonly kind: 'different' }
  | { readonly kind: 'in-flight' };

export interface IdempotencyKeys {
  /** `first` reserves the key: it counts as in flight until `keep`. */
  claim(key: string, request: ArrivedRequest): IdempotencyVerdict;
  keep(key: string, answer: Answer): void;
}

interface KeptAnswer {
  readonly fingerprint: string;
  readonly at: number;
  readonly answer?: Answer;
}

export function createIdempotencyKeys(windowMs: number, now: () => number): IdempotencyKeys {
  const kept = new Map<string, KeptAnswer>();
  return {
    claim(key, request) {
      const fingerprint = `${request.method} ${request.url} ${request.body}`;
      const earlier = kept.get(key);
      const isLapsed = earlier?.answer !== undefined && now() >= earlier.at + windowMs;
      if (earlier === undefined || isLapsed) {
        kept.set(key, { fingerprint, at: now() });
        return { kind: 'first' };
      }
      if (earlier.fingerprint !== fingerprint) return { kind: 'different' };
      if (earlier.answer === undefined) return { kind: 'in-flight' };
      return { kind: 'replay', answer: earlier.answer };
    },
    keep(key, answer) {
      const earlier = kept.get(key);
      if (earlier !== undefined) kept.set(key, { ...earlier, answer });
    },
  };
}
