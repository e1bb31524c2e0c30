import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readClientCertificate } from '../../auth/client-certificate.ts';
import { createService } from '../../engine/create-service.ts';
import type { Service } from '../../engine/create-service.ts';
import { operatorError } from '../../errors.ts';
import type { AnyFlow } from '../../flow.ts';
import { createUndiciTransport } from '../../http/undici-transport.ts';
import { createRecorder } from '../../recording/create-recorder.ts';
import { createPseudonyms } from '../../recording/pseudonym.ts';
import { recordFlow } from '../../recording/record-flow.ts';
import type { RecordFlowOptions } from '../../recording/record-flow.ts';
import { redactHeard } from '../../recording/redact-heard.ts';
import type { FlowSlice } from '../../recording/slice.ts';
import { writeRecordings } from '../../recording/write-recordings.ts';
import { createSqliteStore } from '../../store/sqlite-store.ts';
import type { Store } from '../../store/store.ts';
import type { Command, CommandContext } from '../command.ts';

const SLICES = 'test/contract';
const SLICE = '.slice.json';
const DEFAULT_PAGES = 2;
const DEFAULT_RECORDS = 10;

/** Real exchanges for the tests to replay: redacted before they reach the disk, and nothing of the service moves. */
export const recordCommand: Command = {
  name: 'record',
  usage:
    'record [flow ...] [--pages 2] [--limit 10] [--since 2026-01-31T00:00:00Z] [--write "POST /Contacts" --to <base URL of the sandbox>]',
  summary: 'record real exchanges for the tests, without secrets and personal data (never in CI)',
  engine: 'none',
  needsStore: false,
  options: { pages: 'string', limit: 'string', since: 'string', write: 'string', to: 'string' },
  async run(context) {
    const { service, settings, scrubber, args, options, json, print } = context;
    // A person reads a recording before it is committed, and there is none in CI.
    if (settings.isCi === true)
      throw operatorError(
        'Nothing is recorded in CI (the variable CI is set): a person must read a recording before it is committed. Record on a machine of your own.',
      );
    const flows = chooseFlows(service, args);
    const slices = readSlices();
    if (settings.key !== undefined) scrubber.add(settings.key);
    const recorder = createRecorder(() => service.context.clock.now());
    const how: RecordFlowOptions = {
      recorder,
      pages: readCount('pages', options['pages'], DEFAULT_PAGES),
      records: readCount('limit', options['limit'], DEFAULT_RECORDS),
      sinceMs: readSince(options['since']),
      writes: chooseWrites(flows, service, options),
    };
    const dry = await createRecordingService(context, recorder);
    const ends: { flow: string; files: string[]; stopped: string | undefined }[] = [];
    try {
      const pseudonyms = createPseudonyms(settings.key);
      for (const flow of flows) {
        const { slice, name } = findSlice(slices, flow);
        const before = recorder.heard.length;
        const end = await recordFlow(dry, flow, how);
        const heard = recorder.heard.slice(before);
        const recordings = redactHeard(heard, {
          definition: dry.definition,
          flow: flow.name,
          slice,
          isCut: end.isCut,
          pseudonyms,
          scrubber,
        });
        const folder = join('recordings', name);
        const files = writeRecordings(recordings, {
          folder,
          firstTarget: flow.targets[0].name,
          hide: (text) => scrubber.scrub(text),
        });
        ends.push({ flow: flow.name, files: files.map((file) => join(folder, file)), stopped: end.reason });
      }
    } finally {
      await dry.close();
    }
    if (json) print(JSON.stringify(ends));
    else for (const end of ends) print(renderEnd(end));
    return ends.every(({ files, stopped }) => files.length > 0 && stopped === undefined) ? 0 : 1;
  },
};

function chooseFlows({ definition }: Service, names: readonly string[]): readonly AnyFlow[] {
  for (const name of names)
    if (!definition.flows.some((flow) => flow.name === name))
      throw operatorError(
        `There is no flow "${name}". Flows: ${definition.flows.map((flow) => flow.name).join(', ')}.`,
      );
  return names.length === 0 ? definition.flows : definition.flows.filter((flow) => names.includes(flow.name));
}

interface NamedSlice {
  readonly slice: FlowSlice;
  /** Of the file, and of the folder of the flow's recordings. */
  readonly name: string;
}

/** What is used of the descriptions tells which fields are harmless. */
function readSlices(): NamedSlice[] {
  const files = existsSync(SLICES) ? readdirSync(SLICES).filter((file) => file.endsWith(SLICE)) : [];
  return files.map((file) => ({
    slice: JSON.parse(readFileSync(join(SLICES, file), 'utf8')) as FlowSlice,
    name: file.slice(0, -SLICE.length),
  }));
}

function findSlice(slices: readonly NamedSlice[], flow: AnyFlow): NamedSlice {
  const found = slices.find(({ slice }) => slice.flow === flow.name);
  if (found === undefined)
    throw operatorError(
      `There is no ${SLICES}/*${SLICE} of the flow ${flow.name} here, which says what is used of the descriptions. Run this in the folder of the service.`,
    );
  return found;
}

function readCount(name: string, given: string | boolean | undefined, otherwise: number): number {
  if (given === undefined) return otherwise;
  const count = Number(given);
  if (!Number.isInteger(count) || count < 1 || count > 1000)
    throw operatorError(`--${name} is a whole number from 1 to 1000.`);
  return count;
}

function readSince(given: string | boolean | undefined): number {
  if (given === undefined) return 0;
  const sinceMs = Date.parse(String(given));
  if (Number.isNaN(sinceMs)) throw operatorError('--since is a moment such as 2026-01-31T00:00:00Z.');
  return sinceMs;
}

/** A write must be named together with the place that it goes to: what is in .env may be the real system. */
function chooseWrites(
  flows: readonly AnyFlow[],
  { definition }: Service,
  options: CommandContext['options'],
): ReadonlySet<string> {
  const { write, to } = options;
  if (write === undefined) return new Set();
  const names = String(write)
    .split(',')
    .map((name) => name.trim());
  const targets = flows.flatMap((flow) => flow.targets);
  if (to === undefined)
    throw operatorError(
      '--write needs --to with the base URL of the sandbox, so that no real system is written to by mistake.',
    );
  const servers = new Set(
    targets.map(({ system }) =>
      definition.systems.find(({ name }) => name === system)?.server.replace(/\/+$/, ''),
    ),
  );
  if (!servers.has(String(to).replace(/\/+$/, '')))
    throw operatorError(
      `--to names ${String(to)}, and the settings lead elsewhere: ${[...servers].join(', ')}. Set the sandbox in .env, then name it.`,
    );
  return new Set(names);
}

/** Like the service in everything but its store; tokens rotate for real, and calls count for real. */
async function createRecordingService(
  { service, settings, scrubber }: CommandContext,
  recorder: ReturnType<typeof createRecorder>,
): Promise<Service> {
  const { context, definition } = service;
  const kept: Store = context.store;
  const own = createSqliteStore(':memory:', context.clock);
  const store: Store = {
    ...own,
    readToken: kept.readToken,
    writeToken: kept.writeToken,
    // A system that asked for patience is left alone; that a flow stands still is no reason not to look at its source.
    listPauses: async () => [
      ...(await kept.listPauses()).filter(({ kind }) => kind === 'pause'),
      ...(await own.listPauses()),
    ],
    addUsage: kept.addUsage,
  };
  return createService(definition, {
    ...context,
    store,
    scrubber,
    key: settings.key,
    createAlertTransport: () => createUndiciTransport({ connections: 1 }),
    createTransport: ({ name, auth }) =>
      recorder.listen(name, (onAnswer) =>
        createUndiciTransport({ connections: 5, certificate: readClientCertificate(auth), onAnswer }),
      ),
  });
}

function renderEnd(end: { flow: string; files: readonly string[]; stopped: string | undefined }): string {
  const files = end.files.map((file) => `\n  ${file}`).join('');
  const stopped = end.stopped === undefined ? '' : `\n  the reading did not come to its end: ${end.stopped}`;
  return `${end.flow}: ${end.files.length} recorded; read the page beside each before you commit it${files}${stopped}`;
}
