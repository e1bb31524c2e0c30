import type { WireOutcome } from '../../http/transport.ts';
import { respond } from '../memory-transport.ts';
import type { DrillWorldFile, Given, GivenAnswer } from './drill.ts';
import type { Disturbance, DrillCall } from './drill-world.ts';
import { roleOf } from './role-of.ts';

/** The failure of a row, as something that comes between the service and its systems. */
export function disturb(
  given: Given,
  file: DrillWorldFile,
  onStrike: (call: DrillCall) => void,
): Disturbance | undefined {
  const role = roleOf(given);
  if (role === undefined) return undefined;
  const next = file.exchanges.find((exchange) => exchange.role === 'read')?.next ?? [];
  return (call, normal) => {
    if (call.role !== role) return undefined;
    if (given.situation === 'expired-cursor' && !asksOn(call)) return withCursor(normal(), next);
    onStrike(call);
    if (given.situation === 'same-page') return withCursor(normal(), next);
    if (given.situation === 'expired-cursor') return respond(404);
    return given.answer === undefined ? arrange(given, file, normal) : toOutcome(given.answer, normal);
  };
}

/** A success has the body that it always has. */
function toOutcome(
  { kind, status = 200, headers, body }: GivenAnswer,
  normal: () => WireOutcome,
): WireOutcome {
  const isSuccess = kind === 'response' && status >= 200 && status < 300 && body === undefined;
  const usual = isSuccess ? normal() : undefined;
  if (usual?.kind === 'response') return { ...usual, status };
  if (kind === 'response') return respond(status, body ?? {}, headers);
  if (kind === 'not-sent') return { kind, detail: 'ECONNREFUSED' };
  if (kind === 'timeout' || kind === 'cut' || kind === 'too-large' || kind === 'malformed')
    return { kind: 'unknown', reason: kind, detail: kind };
  throw new Error(`No answer is of the kind "${kind}".`);
}

function arrange(given: Given, file: DrillWorldFile, normal: () => WireOutcome): WireOutcome | undefined {
  switch (given.situation) {
    case 'redirect-elsewhere':
      return respond(307, {}, { location: 'https://elsewhere.invalid/' });
    case 'no-list':
      return respond(200, {});
    case 'refusal':
      return respond(200, file.refusals?.[given.name ?? '']);
    case 'inexact':
      return repeatName(normal());
    default:
      return undefined;
  }
}

const CURSOR = 'cursor-of-the-drill';

/** A call for a page after the first. */
function asksOn({ request }: DrillCall): boolean {
  return request.url.includes(CURSOR) || request.body?.includes(CURSOR) === true;
}

/** A page that says that there is another. */
function withCursor(outcome: WireOutcome, next: readonly string[]): WireOutcome {
  if (outcome.kind !== 'response') return outcome;
  const put = (value: unknown, [step, ...rest]: readonly string[]): unknown =>
    step === undefined
      ? CURSOR
      : { ...(value as object), [step]: put(Reflect.get(Object(value), step), rest) };
  return { ...outcome, body: Buffer.from(JSON.stringify(put(JSON.parse(outcome.body.toString()), next))) };
}

/** The first name of each record twice, with another value each: no reader can say which is meant. */
function repeatName(outcome: WireOutcome): WireOutcome {
  if (outcome.kind !== 'response') return outcome;
  const first = /([[,]\s*\{)\s*("(?:[^"\\]|\\.)*")\s*:/g;
  const text = outcome.body
    .toString()
    .replaceAll(first, (_, start, name) => `${start}${name}:"another",${name}:`);
  return { ...outcome, body: Buffer.from(text) };
}
