import type { CommandContext } from './run-service.ts';

/** A command of a generated service: `node src/main.ts <name>`. */
export interface Command {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  /** `run` and `once` drive the engine and need the store for themselves; the others work beside it. */
  readonly engine: 'run' | 'once' | 'none';
  readonly options: Readonly<Record<string, 'string' | 'boolean'>>;
  run(context: CommandContext): Promise<number>;
}
