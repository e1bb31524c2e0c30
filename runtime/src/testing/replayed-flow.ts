import type { ServiceDefinition } from '../engine/create-service.ts';
import type { AnyFlow, System } from '../flow.ts';
import type { RecordedHeader } from '../recording/recording.ts';
import { isSuccess } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { keyOf, listCovered, systemOf } from './expect-run.ts';
import type { RecordedFlow } from './expect-run.ts';
import { isSame } from './is-same.ts';
import { readAnswerData } from './recorded-body.ts';

/** The flow to which the recordings belong. @throws Error where the service has none */
export function selectFlow(
  { flows, systems }: ServiceDefinition,
  exchanges: readonly Exchange[],
): RecordedFlow {
  const [flow] = flows;
  if (flow === undefined) throw new Error('The service has no flow.');
  return { flow, systems, exchanges };
}

/**
 * The flow as far as it was recorded: a page may hold records that were not looked up for, and the source may have had
 * more pages.
 */
export function limitFlow(recorded: RecordedFlow): AnyFlow {
  const { flow } = recorded;
  const covered = listCovered(recorded);
  const rule = {
    when: (source: unknown) => covered?.has(keyOf(flow, source)) !== false,
    otherwise: 'skip' as const,
    rule: 'not recorded',
  };
  return {
    ...flow,
    read: endWithRecordings(recorded),
    keep: covered === undefined ? flow.keep : [rule, ...flow.keep],
  };
}

/** Paging goes as it does, until the last page that was recorded, where there were more. */
function endWithRecordings({ flow, systems, exchanges }: RecordedFlow): AnyFlow['read'] {
  const { read } = flow;
  const last = exchanges.findLast((exchange) => exchange.role === 'read' && isSuccess(exchange));
  if (last?.cut !== true) return read;
  const lastBody = readAnswerData(systemOf(systems, last), last);
  const isLast = (body: unknown): boolean => isSame(body, lastBody);
  const { pages } = read;
  switch (pages.kind) {
    case 'cursor':
    case 'next-url': {
      const next = pages.next as (body: unknown) => string | null | undefined;
      return {
        ...read,
        pages: { ...pages, next: (body: unknown) => (isLast(body) ? undefined : next(body)) },
      };
    }
    case 'page':
    case 'offset':
      return {
        ...read,
        pages: { ...pages, until: 'missing', next: (body: unknown) => (isLast(body) ? undefined : 1) },
      };
    case 'link':
    case 'none':
      return read;
  }
}

/** Without the link to a page that was not recorded. */
export function listAnswerHeaders(
  { cut }: Exchange,
  headers: readonly RecordedHeader[],
): readonly RecordedHeader[] {
  return cut === true ? headers.filter(([name]) => name.toLowerCase() !== 'link') : headers;
}

/**
 * Real keys, and a person who logs in, are not to be had in a test, and a vendor's limits are no limits of a recording;
 * what a flow does is the same without them.
 */
export function replaySystem(system: System): System {
  const { auth, limits, ...rest } = system;
  const concurrency = limits?.concurrency;
  const isReal =
    auth.kind === 'mtls' ||
    auth.kind === 'custom' ||
    auth.kind === 'login' ||
    (auth.kind === 'oauth2' && (auth.grant === 'authorization_code' || auth.grant === 'jwt_bearer'));
  return {
    ...rest,
    auth: isReal ? { kind: 'none' } : auth,
    ...(concurrency === undefined ? {} : { limits: { concurrency } }),
  };
}
