import { existsSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { userInfo } from 'node:os';
import { deriveTombstoneKey } from '../auth/token-cipher.ts';
import { readClientCertificate } from '../auth/client-certificate.ts';
import { systemClock } from '../clock.ts';
import { createService } from '../engine/create-service.ts';
import type { Service, ServiceDefinition } from '../engine/create-service.ts';
import { isOperatorError, operatorError } from '../errors.ts';
import { createUndiciTransport } from '../http/undici-transport.ts';
import { createLog } from '../log/create-log.ts';
import { createScrubber } from '../log/scrub.ts';
import type { Scrubber } from '../log/scrub.ts';
import { takeEngineLock } from '../store/engine-lock.ts';
import { createSqliteStore } from '../store/sqlite-store.ts';
import type { ServiceSettings } from './command.ts';
import { guardOutput } from './guard-output.ts';
import type { GuardedOutput } from './guard-output.ts';
import { COMMANDS } from './commands/index.ts';
import { parseCommandLine } from './parse-command-line.ts';

/** The service's command line. @returns the exit code: 0 done, 1 not done, 2 a mistake of the operator */
export async function runService(
  define: () => { readonly definition: ServiceDefinition; readonly settings: ServiceSettings },
  argv: readonly string[],
): Promise<number> {
  const scrubber = createScrubber();
  let noteLost = (): void => undefined;
  const output = guardOutput(process.stdout, () => noteLost());
  guardOutput(process.stderr);
  try {
    const line = parseCommandLine(argv, COMMANDS);
    if (line.kind === 'help') {
      output.write(line.text);
      return line.exitCode;
    }
    const { definition, settings } = define();
    const parts = { definition, settings, line, scrubber, output };
    const code = await execute(parts, (service) => {
      noteLost = () => service.context.metrics.lostLines.inc();
    });
    await drain();
    // Whoever has read enough of an answer, like `head`, has not met with a mistake.
    return output.isClosed && line.command.engine === 'none' ? 0 : code;
  } catch (error) {
    if (!isOperatorError(error)) throw error;
    process.stderr.write(`${scrubber.scrub(error.message)}\n`);
    return 2;
  }
}

type CommandLine = Extract<ReturnType<typeof parseCommandLine>, { readonly kind: 'command' }>;

interface Execution {
  readonly definition: ServiceDefinition;
  readonly settings: ServiceSettings;
  readonly line: CommandLine;
  readonly scrubber: Scrubber;
  readonly output: GuardedOutput;
}

async function execute(
  { definition, settings, line, scrubber, output }: Execution,
  onStart: (service: Service) => void,
): Promise<number> {
  const { command } = line;
  // Where `npm start` has Node keep what it compiled: now, because a service that is killed writes nothing at its end.
  flushCompileCache();
  if (command.needsStore && !existsSync(settings.store))
    throw operatorError(
      `There is no store at ${settings.store}. Nothing has run there yet, or MORTISE_STORE names another place.`,
    );
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  // Commands print for people; only the engine logs, and it logs to standard output.
  const log = createLog(
    scrubber,
    command.engine === 'none' ? 'silent' : settings.logLevel,
    command.engine === 'run' ? output : process.stderr,
  );
  const lock = command.engine === 'none' ? undefined : takeEngineLock(settings.store);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop);
  try {
    const tombstoneKey = settings.key === undefined ? undefined : deriveTombstoneKey(settings.key);
    const store = createSqliteStore(settings.store, systemClock, tombstoneKey);
    const service = await createService(definition, {
      clock: systemClock,
      random: Math.random,
      log,
      scrubber,
      store,
      key: settings.key,
      signal: stopping.signal,
      createAlertTransport: () => createUndiciTransport({ connections: 1 }),
      createTransport: (system) =>
        createUndiciTransport({
          connections: system.limits?.concurrency ?? 10,
          certificate: readClientCertificate(system.auth),
        }),
    });
    try {
      onStart(service);
      const print = (text: string): void => output.write(`${scrubber.scrub(text)}\n`);
      const wantsJson = line.options['json'];
      const json = typeof wantsJson === 'boolean' ? wantsJson : !process.stdout.isTTY;
      const actor = userInfo().username;
      return await command.run({
        service,
        settings,
        args: line.args,
        options: line.options,
        json,
        actor,
        scrubber,
        print,
        stop,
      });
    } finally {
      await service.close();
    }
  } finally {
    lock?.release();
  }
}

/** That a pipe is closed is told a turn after the writing. */
function drain(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
