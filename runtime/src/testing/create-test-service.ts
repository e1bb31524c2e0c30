import { createService } from '../engine/create-service.ts';
import type { Service, ServiceDefinition } from '../engine/create-service.ts';
import type { WireOutcome, WireRequest } from '../http/transport.ts';
import { COMMANDS } from '../ops/commands/index.ts';
import { parseCommandLine } from '../ops/parse-command-line.ts';
import { createTestContext } from './create-test-context.ts';
import type { TestContext } from './create-test-context.ts';
import { createTestFlow } from './fake-world.ts';
import type { WorldOptions } from './fake-world.ts';
import { createMemoryTransport } from './memory-transport.ts';
import type { MemoryTransport } from './memory-transport.ts';

export interface CommandEnd {
  readonly code: number;
  readonly text: string;
}

/** A whole service between systems in memory, and its command line. */
export interface TestService {
  readonly service: Service;
  readonly context: TestContext;
  readonly transports: Readonly<Record<string, MemoryTransport>>;
  /** What the alert channels were sent. */
  readonly alerts: MemoryTransport;
  run(line: string): Promise<CommandEnd>;
}

export interface TestServiceOptions extends WorldOptions {
  readonly definition?: Partial<ServiceDefinition>;
  /** How the systems `source` and `target` answer. */
  readonly answer: (system: string, request: WireRequest) => WireOutcome;
  /** MORTISE_KEY. */
  readonly key?: string;
  readonly answerAlerts?: (request: WireRequest) => WireOutcome;
}

export async function createTestService(options: TestServiceOptions): Promise<TestService> {
  const context = options.context ?? createTestContext();
  const { clock } = context;
  const systems = ['source', 'target'].map((name) => ({
    name,
    server: `https://${name}.example`,
    auth: { kind: 'none' } as const,
  }));
  const definition = {
    integration: 'test',
    systems,
    flows: [createTestFlow(options)],
    ...options.definition,
  };
  const transports = Object.fromEntries(
    definition.systems.map(({ name }) => [
      name,
      createMemoryTransport(clock, (request) => options.answer(name, request)),
    ]),
  );
  const { answerAlerts = () => ({ kind: 'not-sent', detail: 'no channel' }) as const } = options;
  const alerts = createMemoryTransport(clock, answerAlerts);
  const service = await createService(definition, {
    ...context,
    key: options.key,
    createTransport: ({ name }) => transports[name] as MemoryTransport,
    createAlertTransport: () => alerts,
  });
  return { service, context, transports, alerts, run: (line) => runLine(service, context, line) };
}

async function runLine(service: Service, context: TestContext, line: string): Promise<CommandEnd> {
  const parsed = parseCommandLine(line.split(' '), COMMANDS);
  if (parsed.kind === 'help') return { code: parsed.exitCode, text: parsed.text };
  const { command, args, options } = parsed;
  const lines: string[] = [];
  const settings = {
    store: ':memory:',
    key: undefined,
    host: '127.0.0.1',
    port: 0,
    logLevel: 'silent',
  } as const;
  const code = await context.clock.drive(
    command.run({
      service,
      settings,
      args,
      options,
      json: options['json'] === true,
      actor: 'ada',
      scrubber: context.scrubber,
      print: (text) => void lines.push(context.scrubber.scrub(text)),
      stop: context.stop,
    }),
  );
  return { code, text: lines.join('\n') };
}
