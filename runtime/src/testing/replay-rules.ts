import { text } from 'node:stream/consumers';
import { createRulesOracle } from './rules-oracle.ts';
import type { OracleResult } from './rules-oracle.ts';
import type { MappingSample } from './mapping-sample.ts';

/**
 * Recorded records through the rules as two sets of descriptions read them. It runs in a process of its own, without the
 * right to write or to start anything: expressions of the rules run here, and patterns of the descriptions.
 * Standard input: a ReplayJob as JSON. Standard output: a list of ReplayedRecord.
 */
export interface ReplayJob {
  readonly rules: string;
  readonly config: unknown;
  readonly targets: readonly ReplayTarget[];
}

export interface ReplayTarget {
  readonly flow: string;
  readonly target: string;
  readonly on: 'create' | 'update' | undefined;
  /** What the descriptions say of the fields that are written, as the mapping tests hold it. */
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
  readonly samples: readonly MappingSample[];
}

export interface ReplayedRecord {
  readonly flow: string;
  readonly target: string;
  /** Of the sample in its list. */
  readonly index: number;
  readonly before: OracleResult;
  readonly after: OracleResult;
}

function replay({ rules, config, targets }: ReplayJob): ReplayedRecord[] {
  return targets.flatMap(({ flow, target, on, before, after, samples }) => {
    const [older, newer] = [createRulesOracle(rules, before), createRulesOracle(rules, after)];
    const options = on === undefined ? { config } : { config, on };
    return samples.map((sample, index) => ({
      flow,
      target,
      index,
      before: older.map(flow, target, sample, options),
      after: newer.map(flow, target, sample, options),
    }));
  });
}

process.stdout.write(JSON.stringify(replay(JSON.parse(await text(process.stdin)) as ReplayJob)));
