import { join } from 'node:path';
import { expect, test } from 'vitest';
import { explainService } from '../../compiler/src/cli/commands/explain-service.ts';
import type { ExplainServiceArguments } from '../../compiler/src/cli/commands/explain-service.ts';
import { createNodeHost } from '../../compiler/src/source/node-host.ts';
import type { WireOutcome } from '../../runtime/src/http/transport.ts';
import { respond } from '../../runtime/src/testing/memory-transport.ts';
import { ROOT } from '../run-process.ts';
import { emitRunning } from './running-case.ts';

const CASES = [
  'ok-minimal',
  'ok-after-beside-a-pause',
  'ok-rules-about-failures',
  'ok-key-then-look-up',
  'ok-wait-when-nothing-was-sent',
];
const rulesOf = (name: string): string => join(ROOT, 'test/cases', name, 'integration.rules.yaml');
const run = await emitRunning(Object.fromEntries(CASES.map((name) => [name, rulesOf(name)])));

const HOUR = 3_600_000;
const NOTHING = {
  status: undefined,
  class: undefined,
  retryAfter: undefined,
  field: undefined,
  value: undefined,
};

interface Step {
  readonly fromMs: number;
  readonly toMs: number;
  readonly isCall: boolean;
  readonly what: string;
}

interface Said {
  readonly calls: readonly {
    readonly decisions: readonly {
      readonly when?: string;
      readonly answer: string;
      readonly by: string;
      readonly at: { readonly file: string; readonly line: number };
      readonly steps: readonly Step[];
    }[];
  }[];
}

/** States of a record that goes out again by itself. */
const LIVE = new Set(['waiting', 'sending', 'unknown']);
type Given = Partial<Pick<ExplainServiceArguments, 'status' | 'class' | 'retryAfter'>>;
/** The case, the call, how it ends, and what is then of the record or the flow. */
const ROWS: readonly (readonly [string, string, Given, string])[] = [
  ['ok-minimal', 'ledger.contact', { status: 429, retryAfter: '120' }, 'waiting'],
  ['ok-minimal', 'ledger.contact', { status: 429, retryAfter: '7' }, 'waiting'],
  ['ok-minimal', 'ledger.contact', { status: 429 }, 'waiting'],
  ['ok-minimal', 'ledger.contact', { status: 503 }, 'waiting'],
  ['ok-minimal', 'ledger.contact', { status: 500 }, 'waiting'],
  ['ok-minimal', 'ledger.contact', { status: 500, retryAfter: '90' }, 'waiting'],
  ['ok-minimal', 'ledger.contact', { status: 408 }, 'waiting'],
  ['ok-minimal', 'ledger.contact', { status: 412 }, 'waiting'],
  ['ok-minimal', 'ledger.contact', { status: 401 }, 'waiting'],
  ['ok-minimal', 'ledger.contact', { status: 400 }, 'review'],
  ['ok-minimal', 'ledger.contact', { status: 409 }, 'review'],
  ['ok-minimal', 'ledger.contact', { status: 403 }, 'review'],
  ['ok-minimal', 'ledger.contact', { status: 403, retryAfter: '60' }, 'waiting'],
  ['ok-minimal', 'ledger.contact', { class: 'not-sent' }, 'waiting'],
  ['ok-minimal', 'ledger.contact', { class: 'timeout' }, 'waiting'],
  ['ok-minimal', 'ledger.contact', { class: 'unknown' }, 'waiting'],
  ['ok-minimal', 'ledger.contact', { status: 200 }, 'delivered'],
  ['ok-minimal', 'ledger.contact', { status: 204 }, 'waiting'],
  ['ok-after-beside-a-pause', 'ledger.contact', { status: 423 }, 'waiting'],
  ['ok-after-beside-a-pause', 'ledger.contact', { status: 423, retryAfter: '30' }, 'waiting'],
  ['ok-rules-about-failures', 'ledger.contact', { status: 422 }, 'waiting'],
  ['ok-rules-about-failures', 'ledger.contact', { status: 504 }, 'waiting'],
  ['ok-rules-about-failures', 'ledger.contact', { status: 503 }, 'waiting'],
  ['ok-rules-about-failures', 'ledger.contact', { status: 412 }, 'review'],
  ['ok-rules-about-failures', 'ledger.contact', { class: 'timeout' }, 'review'],
  ['ok-key-then-look-up', 'ledger.contact', { status: 409 }, 'waiting'],
  ['ok-key-then-look-up', 'ledger.contact', { status: 500 }, 'waiting'],
  ['ok-wait-when-nothing-was-sent', 'ledger.contact', { status: 500 }, 'review'],
  ['ok-wait-when-nothing-was-sent', 'ledger.contact', { status: 429 }, 'waiting'],
  ['ok-minimal', 'crm.read', { status: 500 }, 'reading'],
  ['ok-minimal', 'crm.read', { status: 429, retryAfter: '120' }, 'reading'],
  ['ok-minimal', 'crm.read', { status: 429 }, 'reading'],
  ['ok-minimal', 'crm.read', { status: 204 }, 'reading'],
  ['ok-minimal', 'crm.read', { class: 'not-sent' }, 'reading'],
  ['ok-minimal', 'crm.read', { class: 'timeout' }, 'reading'],
  ['ok-minimal', 'crm.read', { status: 401 }, 'reading'],
  ['ok-minimal', 'crm.read', { status: 404 }, 'halted'],
  ['ok-rules-about-failures', 'crm.read', { status: 409 }, 'reading'],
];

test.for(ROWS)('%s: %s after %o: the service does what is said of it', async ([name, call, given, end]) => {
  const decisions = (await explain(name, { call, ...given })).calls.flatMap((one) => one.decisions);
  // A condition about an answer comes first; the answers here meet none.
  expect(decisions.slice(0, -1).every(({ when }) => when !== undefined)).toBe(true);
  const steps = decisions.at(-1)?.steps ?? [];
  const expected = steps.filter(({ isCall }) => isCall);
  const system = call.split('.')[0] ?? '';

  for (const seed of [1, 2, 3]) {
    const observed = await run(name, {
      system,
      method: system === 'crm' ? 'GET' : 'POST',
      answer: answerOf(given),
      ...(given.class === 'timeout' ? { takesMs: 30_000 } : {}),
      forMs: HOUR,
      seed,
    });
    // Where it is over, nothing may follow; else at least what is said.
    if (expected.length === 1) expect(observed.callsMs, observed.log).toEqual([0]);
    const outside = expected.flatMap(({ fromMs, toMs, what }, index) => {
      const atMs = observed.callsMs[index] ?? Number.NaN;
      return atMs >= fromMs && atMs <= toMs ? [] : [`${what}: ${fromMs}–${toMs}, and it came at ${atMs}`];
    });
    expect(outside, `seed ${seed}: ${observed.callsMs.slice(0, 8).join(', ')}`).toEqual([]);
    expect(observed.halted).toBe(end === 'halted');
    const states = Object.keys(observed.states).map((state) => (LIVE.has(state) ? 'waiting' : state));
    if (system === 'ledger') expect(states).toEqual([end]);
  }
});

test('what is not done is noticed: a service that waits otherwise does not fit what is said', async () => {
  const [decision] = (
    await explain('ok-minimal', { call: 'ledger.contact', status: 429, retryAfter: '120' })
  ).calls.flatMap((one) => one.decisions);
  const observed = await run('ok-minimal', {
    system: 'ledger',
    method: 'POST',
    answer: answerOf({ status: 429, retryAfter: '60' }),
    forMs: HOUR,
    seed: 1,
  });
  const second = decision?.steps.filter(({ isCall }) => isCall)[1];

  expect(observed.callsMs[1]).toBeLessThan(second?.fromMs ?? 0);
});

async function explain(name: string, args: Partial<ExplainServiceArguments>): Promise<Said> {
  let text = '';
  const all = {
    ...NOTHING,
    null: false,
    call: undefined,
    ...args,
    rules: [rulesOf(name)],
    format: 'json',
  } as const;
  const code = await explainService(createNodeHost(), ROOT, all, (part) => {
    text += part;
  });
  expect(code, text).toBe(0);
  return JSON.parse(text) as Said;
}

function answerOf({ status, class: failure, retryAfter }: Given): WireOutcome {
  if (status === 200) return respond(200, { contacts: [{ id: 'l1' }] });
  if (status === 204) return { kind: 'response', status, headers: {}, body: Buffer.alloc(0) };
  if (status !== undefined)
    return respond(status, {}, retryAfter === undefined ? {} : { 'retry-after': retryAfter });
  if (failure === 'not-sent') return { kind: 'not-sent', detail: 'refused' };
  return { kind: 'unknown', reason: failure === 'timeout' ? 'timeout' : 'cut', detail: 'lost' };
}
