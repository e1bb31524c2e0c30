import { pino } from 'pino';
import type { Scrubber } from './scrub.ts';

export interface LogFields {
  readonly flow?: string | undefined;
  readonly system?: string | undefined;
  readonly step?: string | undefined;
  readonly key?: string | undefined;
  readonly attempt?: number | undefined;
  readonly outcome?: string | undefined;
  /** The path of the rule that decided. */
  readonly rule?: string | undefined;
  readonly [field: string]: unknown;
}

/** One JSON object a line. Nothing that was given to the scrubber ever reaches it. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

export interface LogSink {
  write(line: string): void;
}

const SECRET_NAMES = [
  'authorization',
  'cookie',
  'set-cookie',
  'password',
  'secret',
  'token',
  'access_token',
  'refresh_token',
  'client_secret',
  'apikey',
  'api_key',
];

export function createLog(scrubber: Scrubber, level: LogLevel, sink: LogSink = process.stdout): Log {
  const paths = SECRET_NAMES.map((name) => `[${JSON.stringify(name)}]`).flatMap((place) => [
    place,
    `*${place}`,
  ]);
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths, censor: '[secret]' },
    },
    { write: (line) => sink.write(scrubber.scrub(line)) },
  );
  const say =
    (name: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields: LogFields = {}): void =>
      logger[name](fields, message);
  return { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') };
}
