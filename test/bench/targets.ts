/** Every figure that a benchmark must reach: section 9 of the design. */
export interface Target {
  readonly kind: 'ratio' | 'value';
  readonly unit: string;
  readonly limit: { readonly atMost: number } | { readonly atLeast: number };
  /** What to aim for beyond the target. */
  readonly mark?: number;
}

export const TARGETS = {
  'gen-vs-openapi-typescript': {
    kind: 'ratio',
    unit: 'gen / openapi-typescript, wall time',
    limit: { atMost: 1 },
  },
  'gen-of-13-mb': { kind: 'ratio', unit: 'gen / openapi-typescript, wall time', limit: { atMost: 0.5 } },
  'gen-check-unchanged': { kind: 'ratio', unit: 'gen --check / gen, wall time', limit: { atMost: 0.25 } },
  'sync-vs-bare-undici': {
    kind: 'ratio',
    unit: 'service / bare loop, records per second',
    limit: { atLeast: 0.65 },
    mark: 0.75,
  },
  'sync-vs-bare-undici-at-1-ms': {
    kind: 'ratio',
    unit: 'service / bare loop, records per second',
    limit: { atLeast: 0.65 },
    mark: 0.75,
  },
  'sync-vs-node-red': {
    kind: 'ratio',
    unit: 'service / Node-RED, records per second',
    limit: { atLeast: 3 },
  },
  'map-rate': { kind: 'value', unit: 'records/s', limit: { atLeast: 300_000 } },
  'start-to-ready': { kind: 'value', unit: 'ms', limit: { atMost: 1000 } },
  'idle-rss': { kind: 'value', unit: 'MB', limit: { atMost: 120 } },
  'memory-flat': { kind: 'value', unit: 'MB', limit: { atMost: 20 } },
} as const satisfies Readonly<Record<string, Target>>;

export type BenchmarkName = keyof typeof TARGETS;
