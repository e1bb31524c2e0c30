import { join } from 'node:path';
import { readClientCertificate } from '../auth/client-certificate.ts';
import { createService } from '../engine/create-service.ts';
import type { Service } from '../engine/create-service.ts';
import { operatorError } from '../errors.ts';
import type { AnyFlow } from '../flow.ts';
import { createUndiciTransport } from '../http/undici-transport.ts';
import type { Scrubber } from '../log/scrub.ts';
import { createSqliteStore } from '../store/sqlite-store.ts';
import type { Store } from '../store/store.ts';
import { createRecorder } from './create-recorder.ts';
import type { Recorder } from './create-recorder.ts';
import { createPseudonyms } from './pseudonym.ts';
import { recordFlow } from './record-flow.ts';
import type { RecordFlowOptions } from './record-flow.ts';
import { redactHeard } from './redact-heard.ts';
import type { FlowSlice } from './slice.ts';
import { writeRecordings } from './write-recordings.ts';

export interface RecordOptions extends Omit<RecordFlowOptions, 'recorder'> {
  readonly flows: readonly RecordedFlowFolder[];
  /** MORTISE_KEY. */
  readonly key: string | undefined;
  readonly scrubber: Scrubber;
}

export interface RecordedFlowFolder {
  readonly flow: AnyFlow;
  readonly slice: FlowSlice;
  readonly folder: string;
}

export interface RecordedFiles {
  readonly flow: string;
  readonly files: readonly string[];
  /** Why the reading did not come to its end. */
  readonly stopped: string | undefined;
}

/**
 * Records flows of a service beside whatever it does: its cursors and records stay as they are, its tokens rotate for
 * real, its calls count, and what is written was redacted before. @throws OperatorError where a secret has survived
 */
export async function recordService(service: Service, options: RecordOptions): Promise<RecordedFiles[]> {
  const { key, scrubber } = options;
  if (key !== undefined) scrubber.add(key);
  const recorder = createRecorder(() => service.context.clock.now());
  const dry = await createRecordingService(service, options, recorder);
  const pseudonyms = createPseudonyms(key);
  const ends: RecordedFiles[] = [];
  try {
    for (const { flow, slice, folder } of options.flows) {
      const before = recorder.heard.length;
      const end = await recordFlow(dry, flow, { ...options, recorder });
      const recordings = redactHeard(recorder.heard.slice(before), {
        definition: dry.definition,
        flow: flow.name,
        slice,
        isCut: end.isCut,
        pseudonyms,
        scrubber,
      });
      const hide = (text: string): string => scrubber.scrub(text);
      const files = writeRecordings(recordings, { folder, firstTarget: flow.targets[0].name, hide });
      ends.push({ flow: flow.name, files: files.map((file) => join(folder, file)), stopped: end.reason });
    }
  } finally {
    await dry.close();
  }
  return ends;
}

/**
 * The writes that were asked for. A write is named together with the place that it goes to, for what stands in the
 * settings may be the real system. @throws OperatorError where it is not, or leads elsewhere
 */
export function chooseWrites(
  { definition }: Service,
  slices: readonly FlowSlice[],
  asked: { readonly write: string | undefined; readonly to: string | undefined },
): ReadonlySet<string> {
  if (asked.write === undefined) return new Set();
  if (asked.to === undefined)
    throw operatorError(
      '--write needs --to with the base URL of the sandbox, so that no real system is written to by mistake.',
    );
  const calls = slices.flatMap((slice) => slice.calls.filter(({ role }) => role === 'write'));
  const known = calls.map(({ operation, system }) => ({
    name: `${operation.method} ${operation.path}`,
    server: trimServer(definition.systems.find(({ name }) => name === system)?.server ?? ''),
  }));
  const names = asked.write.split(',').map((name) => name.trim());
  for (const name of names) {
    const found = known.find((entry) => entry.name === name);
    if (found === undefined)
      throw operatorError(
        `No flow writes by "${name}". Writes: ${[...new Set(known.map((entry) => entry.name))].join(', ')}.`,
      );
    if (found.server !== trimServer(asked.to))
      throw operatorError(
        `${name} goes to ${found.server} by the settings, and --to names ${asked.to}. Set the sandbox in .env, then name it.`,
      );
  }
  return new Set(names);
}

function trimServer(server: string): string {
  return server.replace(/\/+$/, '');
}

function createRecordingService(
  { context, definition }: Service,
  { key, scrubber }: RecordOptions,
  recorder: Recorder,
): Promise<Service> {
  const kept = context.store;
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
    key,
    createAlertTransport: () => createUndiciTransport({ connections: 1 }),
    createTransport: ({ name, auth }) =>
      recorder.listen(name, (onAnswer) =>
        createUndiciTransport({ connections: 5, certificate: readClientCertificate(auth), onAnswer }),
      ),
  });
}
