import type { System } from '../../flow.ts';
import { findCall } from '../../recording/slice.ts';
import type { FlowSlice } from '../../recording/slice.ts';
import type { ExpectedRecord, RecordedFlow } from '../expect-run.ts';
import { compareAsked } from '../compare-asked.ts';
import type { RulesOracle } from '../rules-oracle.ts';
import { checkRequest } from './check-request.ts';
import { tokenOf } from './replay-flow.ts';
import type { ReplayedRequest } from './replay-flow.ts';

interface CheckOptions {
  readonly expected: readonly ExpectedRecord[];
  readonly slice: FlowSlice;
}

/** Every request against the description, and every write against its idempotency key. */
export function checkReplayed(
  requests: readonly ReplayedRequest[],
  recorded: RecordedFlow,
  { expected, slice }: CheckOptions,
): string[] {
  const writes = expected.flatMap((record) => record.writes);
  const problems = requests.flatMap(({ system, exchange, request }) => {
    const call = exchange === undefined ? undefined : findCall(slice, exchange);
    if (exchange === undefined || call === undefined) return [];
    const write = exchange.role === 'write' ? writes.find(({ answer }) => answer === exchange) : undefined;
    return checkRequest(request, call, { system, format: write?.format });
  });
  return [...new Set([...problems, ...checkKeys(requests, recorded)])];
}

/** What the rules ask for before a record is mapped or created, and no request has asked. */
export function listUnasked(
  requests: readonly ReplayedRequest[],
  { expected, slice }: CheckOptions,
): string[] {
  const problems = expected.flatMap(({ questions }) =>
    questions.flatMap(({ role, name, values }) => {
      const call = findCall(slice, { role, name });
      const operation = `${call?.operation.method} ${call?.operation.path}`;
      // Two look-ups may share a call, whose answers stand for one another.
      const own = requests.filter(
        ({ exchange, system }) =>
          system.name === call?.system &&
          operation === `${exchange?.operation.method} ${exchange?.operation.path}`,
      );
      const found = own.map(({ request }) => compareAsked(request, values, operation));
      if (found.some((texts) => texts.length === 0)) return [];
      return [`${role} ${name}: ${found[0]?.join(', ') ?? 'nothing is asked'}`];
    }),
  );
  return [...new Set(problems)];
}

/** One key for each write: the same for its repeats, another for another. */
function checkKeys(requests: readonly ReplayedRequest[], { flow }: RecordedFlow): string[] {
  return flow.targets.flatMap(({ name, key }) => {
    if (key === undefined) return [];
    const bodies = new Map<string, string>();
    const keys = new Map<string, string>();
    return requests
      .filter(
        ({ exchange }) => exchange?.role === 'write' && (exchange.name ?? flow.targets[0].name) === name,
      )
      .flatMap(({ request }) => {
        const given = request.headers[key.header.toLowerCase()];
        if (given === undefined) return [`${name}: a write has no ${key.header}`];
        const body = `${request.url}\n${request.body ?? ''}`;
        const known = bodies.get(given) ?? body;
        const keyBefore = keys.get(body) ?? given;
        bodies.set(given, body);
        keys.set(body, given);
        return [
          ...(known === body ? [] : [`${name}: two writes have one ${key.header}`]),
          ...(keyBefore === given ? [] : [`${name}: the repeat of a write has another ${key.header}`]),
        ];
      });
  });
}

/** Credentials that stand in a request to another system, or in an address without belonging there. */
export function findStray(
  requests: readonly ReplayedRequest[],
  { systems }: RecordedFlow,
  oracle: Pick<RulesOracle, 'sharesSettings'> | undefined,
): string[] {
  const stray = requests.flatMap(({ system, request }) => {
    const target = new URL(request.url);
    const all = [request.url, JSON.stringify(request.headers), request.body ?? ''].join('\n');
    const own = listCredentials(system);
    const foreign = systems
      .filter((other) => other.name !== system.name)
      .filter((other) => !oracle?.sharesSettings(system.name, other.name))
      .filter((other) => listCredentials(other).some((secret) => all.includes(secret)))
      .map((other) => `a credential of ${other.name} goes to ${system.name}`);
    const isInAddress = own.some((secret) => request.url.includes(secret));
    const mayBe = system.auth.kind === 'apiKey' && system.auth.in === 'query';
    const isElsewhere = target.origin !== new URL(system.server).origin;
    return [
      ...foreign,
      ...(isInAddress && !mayBe ? [`a credential of ${system.name} stands in an address`] : []),
      ...(isElsewhere ? [`a call of ${system.name} goes to ${target.origin}`] : []),
    ];
  });
  return [...new Set(stray)];
}

const SHORTEST = 6;

function listCredentials({ name, auth }: System): string[] {
  const own: Readonly<Record<string, readonly (string | undefined)[]>> = {
    bearer: [auth.kind === 'bearer' ? auth.token : undefined],
    apiKey: [auth.kind === 'apiKey' ? auth.value : undefined],
    basic: [auth.kind === 'basic' ? auth.password : undefined],
    hmac: [auth.kind === 'hmac' ? auth.secret : undefined],
    oauth2: [tokenOf(name), auth.kind === 'oauth2' && 'secret' in auth ? auth.secret : undefined],
  };
  return (own[auth.kind] ?? []).filter(
    (secret) => secret !== undefined && secret.length >= SHORTEST,
  ) as string[];
}
