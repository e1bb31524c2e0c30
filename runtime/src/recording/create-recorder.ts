import { AsyncLocalStorage } from 'node:async_hooks';
import type { ApiClient } from '../http/api-client.ts';
import type { Transport, WireRequest } from '../http/transport.ts';
import type { WireAnswer } from '../http/undici-transport.ts';
import type { Recording } from './recording.ts';

/** For whom a call is made. */
export interface CallPurpose {
  readonly flow: string;
  readonly role: Exclude<Recording['role'], 'token'>;
  readonly name: string | undefined;
  readonly key: string | undefined;
  /** `POST /Contacts`. */
  readonly operation: string;
}

/** An exchange as it was on the wire; it never leaves the memory. */
export interface HeardExchange {
  readonly system: string;
  /** Undefined where a token was asked for. */
  readonly purpose: CallPurpose | undefined;
  /** Milliseconds. */
  readonly atMs: number;
  readonly request: WireRequest;
  readonly answer: WireAnswer;
}

/** Listens to every call of a service, between its client and the network. */
export interface Recorder {
  readonly heard: readonly HeardExchange[];
  /** A transport that is listened to. @param create makes it with a listener to what comes over the wire */
  listen(
    system: string,
    create: (onAnswer: (request: WireRequest, answer: WireAnswer) => void) => Transport,
  ): Transport;
  /** A client whose calls are made for this purpose. */
  name(client: ApiClient, purpose: Pick<CallPurpose, 'role' | 'name'>): ApiClient;
}

export function createRecorder(now: () => number): Recorder {
  const purposes = new AsyncLocalStorage<CallPurpose>();
  const heard: HeardExchange[] = [];
  return {
    heard,
    listen(system, create) {
      const answers = new WeakMap<WireRequest, WireAnswer>();
      const transport = create((request, answer) => void answers.set(request, answer));
      return {
        async send(request) {
          const purpose = purposes.getStore();
          const outcome = await transport.send(request);
          const answer = answers.get(request);
          if (answer !== undefined) {
            const isCall = purpose !== undefined && fits(request, purpose.operation);
            heard.push({ system, purpose: isCall ? purpose : undefined, atMs: now(), request, answer });
          }
          return outcome;
        },
        close: () => transport.close(),
      };
    },
    name(client, { role, name }) {
      return {
        ...describe(client),
        call: (request, options) =>
          purposes.run(
            {
              flow: options.flow,
              role: options.role === 'look-up' && role === 'write' ? 'look-up' : role,
              name,
              key: options.key,
              operation: request.operation,
            },
            () => client.call(request, options),
          ),
      };
    },
  };
}

/** Its values change, so that they are read when they are asked for. */
function describe(client: ApiClient): Omit<ApiClient, 'call'> {
  return {
    system: client.system,
    server: client.server,
    concurrency: client.concurrency,
    get pausedUntilMs() {
      return client.pausedUntilMs;
    },
    get isFailing() {
      return client.isFailing;
    },
    get health() {
      return client.health;
    },
    resume: () => client.resume(),
    close: () => client.close(),
  };
}

/** A login or a refresh that a call has set off is none of the flow's. */
function fits({ method, url }: WireRequest, operation: string): boolean {
  const [wanted = '', template = ''] = operation.split(' ', 2);
  const pattern = template
    .split(/\{[^}]+\}/)
    .map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`))
    .join('[^/]+');
  return method === wanted && new RegExp(`${pattern}$`).test(new URL(url).pathname);
}
