import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { WireOutcome } from '../../runtime/src/http/transport.ts';
import type { ServiceDefinition } from '../../runtime/src/engine/create-service.ts';
import { createService } from '../../runtime/src/engine/create-service.ts';
import { createTestContext } from '../../runtime/src/testing/create-test-context.ts';
import { createMemoryTransport, respond } from '../../runtime/src/testing/memory-transport.ts';
import type { Answerer } from '../../runtime/src/testing/memory-transport.ts';
import { createSeededRandom } from '../../runtime/src/testing/seeded-random.ts';
import { emitServices } from '../emit-cases.ts';
import { ROOT } from '../run-process.ts';

const FOLDER = join(ROOT, 'test/.tmp/explain');

/** What the service did while one of its systems answered badly. */
export interface Observed {
  /** When the call went out, in milliseconds from the first time. */
  readonly callsMs: readonly number[];
  readonly states: Readonly<Record<string, number>>;
  readonly halted: boolean;
  /** What stands in the log, from `warn` on. */
  readonly log: string;
}

export interface RunOptions {
  /** The call that fails, by its system and method. */
  readonly system: string;
  readonly method: string;
  readonly answer: WireOutcome;
  /** How long the answer takes. */
  readonly takesMs?: number;
  readonly forMs: number;
  readonly seed: number;
}

/** Writes the services of rules files once, and gives what runs one of them in virtual time. @param rules by a name of the service's folder */
export async function emitRunning(
  rules: Readonly<Record<string, string>>,
): Promise<(name: string, options: RunOptions) => Promise<Observed>> {
  rmSync(FOLDER, { recursive: true, force: true });
  for (const [path, text] of await emitServices(new Map(Object.entries(rules)))) {
    mkdirSync(dirname(join(FOLDER, path)), { recursive: true });
    writeFileSync(join(FOLDER, path), text);
  }
  return run;
}

async function run(name: string, options: RunOptions): Promise<Observed> {
  const definition = await importDefinition(name);
  const context = { ...createTestContext(), random: createSeededRandom(options.seed) };
  const { clock } = context;
  const answerFor =
    (system: string): Answerer =>
    async (request) => {
      if (system !== options.system || request.method !== options.method)
        return respond(200, system === 'crm' ? PAGE : STORED);
      if (options.takesMs !== undefined) await clock.sleep(options.takesMs);
      return options.answer;
    };
  const transports = new Map(
    definition.systems.map((system) => [system.name, createMemoryTransport(clock, answerFor(system.name))]),
  );
  const service = await createService(definition, {
    ...context,
    key: '0'.repeat(64),
    createTransport: (system) => transports.get(system.name) ?? createMemoryTransport(clock, answerFor('')),
    createAlertTransport: () => createMemoryTransport(clock, () => respond(200, {})),
  });
  const ended = Promise.all([service.watch(), ...service.runners.map((runner) => runner.run())]);
  await clock.advance(options.forMs);
  const [counts] = await context.store.counts(['contacts']);
  const pauses = await context.store.listPauses();
  context.stop();
  await clock.drive(ended);
  await service.close();
  const calls = (transports.get(options.system)?.requests ?? []).filter(
    ({ method }) => method === options.method,
  );
  const first = calls[0]?.atMs ?? 0;
  return {
    callsMs: calls.map(({ atMs }) => atMs - first),
    states: { ...counts?.states },
    halted: pauses.some(({ kind }) => kind === 'halt'),
    log: context.lines.join(''),
  };
}

/** One contact that never changes. */
const PAGE = { results: [{ id: 'c1', updatedAt: '2026-01-04T09:00:00.000Z', name: 'Ada' }] };
const STORED = { contacts: [{ id: 'l1' }] };

async function importDefinition(name: string): Promise<ServiceDefinition> {
  const load = (path: string): Promise<Record<string, never>> =>
    import(pathToFileURL(join(FOLDER, name, path)).href) as Promise<Record<string, never>>;
  const { config } = await load('test/config.ts');
  const { contacts } = await load('src/flows/contacts.ts');
  const { createCrm } = await load('src/systems/crm.ts');
  const { createLedger } = await load('src/systems/ledger.ts');
  type Create = (given: never) => ServiceDefinition['systems'][number];
  const systems = [createCrm, createLedger].map((create) => (create as unknown as Create)(config as never));
  return { integration: 'contacts', systems, flows: [contacts as never] };
}
