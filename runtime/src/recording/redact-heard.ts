import type { ServiceDefinition } from '../engine/create-service.ts';
import type { Scrubber } from '../log/scrub.ts';
import type { HeardExchange } from './create-recorder.ts';
import type { Pseudonyms } from './pseudonym.ts';
import type { Recording } from './recording.ts';
import { createRedactor } from './redactor.ts';
import type { RawExchange } from './redactor.ts';
import { findCall } from './slice.ts';
import type { FlowSlice } from './slice.ts';

export interface RedactHeardOptions {
  readonly definition: Pick<ServiceDefinition, 'systems'>;
  readonly flow: string;
  /** Without one, no field is known to be harmless. */
  readonly slice: FlowSlice | undefined;
  /** The source had more pages than were read. */
  readonly isCut: boolean;
  readonly pseudonyms: Pseudonyms;
  readonly scrubber: Pick<Scrubber, 'scrub'>;
}

/** Recordings of what was heard, in the order in which it was said; all are looked at before the first is redacted. */
export function redactHeard(heard: readonly HeardExchange[], options: RedactHeardOptions): Recording[] {
  const exchanges = heard.map((entry) => describeHeard(entry, options));
  const redactor = createRedactor({
    pseudonyms: options.pseudonyms,
    hide: (text) => options.scrubber.scrub(text),
  });
  for (const exchange of exchanges) redactor.learn(exchange);
  const recordings = exchanges.map((exchange) => redactor.redact(exchange));
  const last = recordings.findLastIndex(({ role, response }) => role === 'read' && response.status < 300);
  return recordings.map((recording, index) =>
    options.isCut && index === last ? { ...recording, cut: true } : recording,
  );
}

function describeHeard(heard: HeardExchange, { definition, flow, slice }: RedactHeardOptions): RawExchange {
  const { request, answer, purpose } = heard;
  const system = definition.systems.find(({ name }) => name === heard.system);
  const [method = request.method, path = new URL(request.url).pathname] =
    purpose?.operation.split(' ', 2) ?? [];
  const call = slice === undefined || purpose === undefined ? undefined : findCall(slice, purpose);
  return {
    role: purpose?.role ?? 'token',
    flow,
    name: purpose?.name,
    key: purpose?.key,
    system: heard.system,
    server: system?.server ?? request.url,
    operation: { method, path },
    slice: call,
    item: call?.item,
    at: new Date(heard.atMs).toISOString(),
    request: {
      method: request.method,
      url: request.url,
      headers: Object.entries(request.headers),
      body: request.body,
    },
    response: { status: answer.status, headers: answer.headers, body: answer.body },
  };
}
