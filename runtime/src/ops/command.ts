import type { Service } from '../engine/create-service.ts';
import type { LogLevel } from '../log/create-log.ts';
import type { Scrubber } from '../log/scrub.ts';

export interface ServiceSettings {
  /** Path of the store file. */
  readonly store: string;
  /** 32 bytes in base64 or hex; undefined where no system keeps tokens. */
  readonly key: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly logLevel: LogLevel;
  /** It runs where nobody looks on: then nothing is recorded. */
  readonly isCi?: boolean;
}

/** What a command is given. */
export interface CommandContext {
  readonly service: Service;
  readonly settings: ServiceSettings;
  readonly args: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  /** One JSON object a line, for machines; else for a person at a terminal. */
  readonly json: boolean;
  /** Who decides, for the audit. */
  readonly actor: string;
  readonly scrubber: Scrubber;
  readonly print: (text: string) => void;
  readonly stop: () => void;
}

/** A command of a generated service: `node src/main.ts <name>`. */
export interface Command {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  /** `run` and `once` drive the engine and need the store for themselves; the others work beside it. */
  readonly engine: 'run' | 'once' | 'none';
  /** Works on what a run has left; without a store there is nothing to work on. */
  readonly needsStore: boolean;
  readonly options: Readonly<Record<string, 'string' | 'boolean'>>;
  run(context: CommandContext): Promise<number>;
}
