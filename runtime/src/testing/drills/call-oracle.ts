import { parseRules } from '../rules-oracle.ts';
import type { DrillExchange, DrillWorldFile, Given, GivenAnswer } from './drill.ts';

/** What the rules say of a call that was answered so, worked out from the rules file alone. */
export interface CallOracle {
  decide(given: Given): OracleDecision;
  /** Who is told of such a thing in a flow, as `channel: kind`. */
  listTold(kind: string, flow: string): readonly string[];
  /** How harmful a repeat of a write is: section 8.4. */
  tierOf(given: Given): number;
  /** Whether the service can get other credentials by itself. */
  renews(given: Given): boolean;
  renewsOf(system: string): boolean;
  readonly rules: RulesText;
}

export interface OracleDecision {
  readonly action: string;
  /** A rule decided, and not the standard policy. */
  readonly isRule: boolean;
  /** How long a rule waits, in milliseconds. */
  readonly afterMs: number | undefined;
}

interface CallRuleText {
  readonly on: string | number | readonly (string | number)[];
  readonly when?: string;
  readonly do: string;
  readonly after?: string;
}

interface PolicyText {
  readonly extends?: string;
  readonly none?: string;
  readonly many?: string;
  readonly calls?: readonly CallRuleText[];
}

export interface RulesText {
  readonly policy?: string;
  readonly policies?: Readonly<Record<string, PolicyText>>;
  readonly systems: Readonly<
    Record<
      string,
      {
        readonly auth: { readonly kind: string; readonly grant?: string; readonly token?: string };
        readonly headers?: Readonly<Record<string, string>>;
        readonly pages?: readonly PagesText[];
        readonly calls?: readonly CallRuleText[];
        readonly facts?: readonly FactText[];
      }
    >
  >;
  readonly flows: Readonly<Record<string, FlowText>>;
  readonly alerts?: { readonly send: readonly SendText[] };
  /** What the writes are called in the description, by target. */
  readonly writes?: Readonly<Record<string, string>>;
  readonly updates?: Readonly<Record<string, string>>;
}

interface FactText {
  readonly call?: string;
  readonly status?: Readonly<Record<string, string>>;
}

interface FlowText {
  readonly from: FromText;
  readonly find?: Readonly<Record<string, FindText>>;
  readonly calls?: readonly CallRuleText[];
  readonly keep?: readonly { readonly when: string; readonly otherwise: string }[];
  readonly later?: { readonly changed?: string; readonly left?: string };
  readonly to: readonly TargetText[];
}

export interface FromText {
  readonly system: string;
  readonly read: string;
  readonly every?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly pages?: PagesText;
  readonly changes?: {
    readonly field?: string;
    readonly lookback?: string;
    readonly exclusive?: boolean;
    readonly settle?: string;
    readonly first?: string;
  };
  readonly calls?: readonly CallRuleText[];
}

export interface PagesText {
  readonly for?: string;
  readonly size?: Readonly<Record<string, number>>;
}

interface FindText {
  readonly system?: string;
  readonly take?: string;
  readonly none?: string;
  readonly many?: string;
  readonly calls?: readonly CallRuleText[];
}

interface TargetText {
  readonly name: string;
  readonly system: string;
  readonly find?: Readonly<Record<string, FindText>>;
  readonly write?: string;
  readonly create?: string;
  readonly update?: string;
  readonly item?: string;
  readonly once?: OnceText | readonly OnceText[];
  readonly calls?: readonly CallRuleText[];
}

interface OnceText {
  readonly kind: string;
  readonly settle?: string;
}

interface SendText {
  readonly when: string | readonly string[];
  readonly to: string | readonly string[];
  readonly flow?: string;
  readonly over?: string;
}

/** @param world of the flow: the rules may name a call by its operationId alone */
export function createCallOracle(text: string, world: Partial<DrillWorldFile> = {}): CallOracle {
  const writes = (world.exchanges ?? []).flatMap(({ role, name, operation }) =>
    role === 'write' && name !== undefined ? [[name, nameCall(operation)] as const] : [],
  );
  const updates = Object.entries(world.updates ?? {}).map(
    ([name, { operation }]) => [name, nameCall(operation)] as const,
  );
  const rules: RulesText = {
    ...(parseRules(text) as RulesText),
    writes: Object.fromEntries(writes),
    updates: Object.fromEntries(updates),
  };
  return {
    rules,
    decide: (given) => decide(rules, given),
    listTold: (kind, flow) => listTold(rules, kind, flow),
    tierOf: (given) => findTier(rules, given),
    renews: (given) => renews(rules, systemOf(rules, given)),
    renewsOf: (system) => renews(rules, system),
  };
}

function nameCall({ method, path }: DrillExchange['operation']): string {
  return `${method} ${path}`;
}

function renews(rules: RulesText, system: string): boolean {
  const { kind, grant } = rules.systems[system]?.auth ?? { kind: 'none' };
  return kind === 'oauth2' && (grant === 'refresh_token' || grant === 'client_credentials');
}

function decide(rules: RulesText, given: Given): OracleDecision {
  const { answer, situation, call } = given;
  const standard = (action: string): OracleDecision => ({ action, isRule: false, afterMs: undefined });
  if (situation === 'none' || situation === 'many') return standard(decideFound(rules, given, situation));
  if (situation === 'there') return standard('exists');
  if (situation === 'another' || situation === 'refusal') return standard('review');
  if (situation === 'no-list') return standard('defer');
  if (situation === 'expired-cursor') return standard('restart');
  if (situation === 'same-page') return standard('halt');
  if (situation === 'inexact') return standard('review');
  const facts = situation === 'redirect-elsewhere' ? { kind: 'response', status: 307 } : answer;
  if (facts === undefined) throw new Error('The row says nothing of an answer.');
  const rule = listRules(rules, given).find((one) => holds(one, facts));
  const isUnapplied = sayUnapplied(rules, given, facts);
  // A rule may say of an answer that nothing was found.
  if (rule?.do === 'missing' && call === 'find')
    return { ...standard(decideFound(rules, given, 'none')), isRule: true };
  if (rule !== undefined)
    return {
      action: isUnapplied ? rule.do : keepTier(rule, facts, call),
      isRule: true,
      afterMs: rule.after === undefined ? undefined : readDuration(rule.after),
    };
  if (isUnapplied && facts.status !== 412)
    return standard([429, 503].includes(facts.status ?? 0) ? 'wait' : 'retry');
  return standard(decideStandard(facts, given, rules));
}

/** A fact about the call says that after such an answer nothing was applied. */
function sayUnapplied(rules: RulesText, given: Given, facts: GivenAnswer): boolean {
  const { call } = given;
  if (call !== 'write' && call !== 'create' && call !== 'update') return false;
  const plain = (text = ''): string => text.trim().replaceAll(/\s+/g, ' ').toLowerCase();
  const target = targetOf(rules, given);
  return (rules.systems[target.system]?.facts ?? []).some(
    (fact) =>
      plain(fact.call) === plain(target[call]) &&
      Object.keys(fact.status ?? {}).some((match) => fitsMatch(match, facts)),
  );
}

/** The most specific rule first: the call's own, the flow's, the system's, the policy's. */
function listRules(rules: RulesText, given: Given): readonly CallRuleText[] {
  const flow = flowOf(rules, given);
  const own =
    given.call === 'read'
      ? flow.from.calls
      : given.call === 'find'
        ? findOf(rules, given)?.calls
        : targetOf(rules, given).calls;
  return [
    ...(own ?? []),
    ...(flow.calls ?? []),
    ...(rules.systems[systemOf(rules, given)]?.calls ?? []),
    ...readPolicies(rules).flatMap(({ calls }) => calls ?? []),
  ];
}

function flowOf(rules: RulesText, { flow }: Given): FlowText {
  const found = rules.flows[flow];
  if (found === undefined) throw new Error(`The rules have no flow "${flow}".`);
  return found;
}

export function targetOf(rules: RulesText, given: Given): TargetText {
  const found = flowOf(rules, given).to.find(({ name }) => name === given.name);
  if (found === undefined) throw new Error(`The flow ${given.flow} has no target "${given.name}".`);
  return found;
}

/** A look-up of the flow or of one of its targets, which asks in the system of that target. */
function findOf(rules: RulesText, given: Given): FindText | undefined {
  const { find, to } = flowOf(rules, given);
  const own = to.map(({ find: finds, system }) =>
    Object.fromEntries(Object.entries(finds ?? {}).map(([name, one]) => [name, { system, ...one }])),
  );
  const all = Object.assign({}, find, ...own) as Readonly<Record<string, FindText>>;
  return all[given.name ?? ''];
}

function systemOf(rules: RulesText, given: Given): string {
  const flow = flowOf(rules, given);
  if (given.call === 'read' || given.call === undefined) return flow.from.system;
  if (given.call === 'find') return findOf(rules, given)?.system ?? flow.from.system;
  return targetOf(rules, given).system;
}

/** The accepted policy, then those that it extends. */
function readPolicies({ policy, policies }: RulesText): readonly PolicyText[] {
  const list: PolicyText[] = [];
  for (let name = policy; name !== undefined && list.length < 100;) {
    const found: PolicyText | undefined = policies?.[name];
    if (found === undefined) break;
    list.push(found);
    name = found.extends;
  }
  return list;
}

function decideFound(rules: RulesText, given: Given, situation: 'none' | 'many'): string {
  const own = findOf(rules, given)?.[situation];
  return (
    own ?? readPolicies(rules).find((policy) => policy[situation] !== undefined)?.[situation] ?? 'review'
  );
}

function holds({ on, when }: CallRuleText, facts: GivenAnswer): boolean {
  const fits = [on].flat().some((entry) => fitsMatch(String(entry), facts));
  if (!fits || when === undefined) return fits;
  if (facts.kind !== 'response') return false;
  try {
    // oxlint-disable-next-line no-implied-eval -- a test oracle runs the client's own expressions, and nothing else
    const run = new Function(
      'status',
      'headers',
      'body',
      `"use strict"; return (${when.replace(/^=/, '')}\n);`,
    ) as (...args: unknown[]) => unknown;
    return run(facts.status, facts.headers ?? {}, facts.body ?? {}) === true;
  } catch {
    return false;
  }
}

function fitsMatch(match: string, { kind, status = 0 }: GivenAnswer): boolean {
  if (/^[a-z]/.test(match))
    return match === kind || (match === 'unknown' && kind !== 'response' && kind !== 'not-sent');
  if (kind !== 'response') return false;
  const [from = '', to = from] = match.split('-');
  return status >= Number(from.replaceAll('x', '0')) && status <= Number(to.replaceAll('x', '9'));
}

/** Section 8.3: a write of which nobody knows whether it was applied goes by its tier, whatever a rule would have. */
function keepTier(rule: CallRuleText, facts: GivenAnswer, call: Given['call']): string {
  const isWrite = call === 'write' || call === 'create' || call === 'update';
  if (!isWrite || !mayBeApplied(facts) || ['review', 'halt', 'exists'].includes(rule.do)) return rule.do;
  if (facts.kind !== 'response' || rule.do === 'retry' || rule.do === 'defer') return 'unknown';
  const isFailure = rule.do === 'fail' || rule.do === 'skip';
  return isFailure && rule.when === undefined ? 'unknown' : rule.do;
}

function mayBeApplied({ kind, status = 0 }: GivenAnswer): boolean {
  if (kind !== 'response') return kind !== 'not-sent';
  return status === 202 || status === 408 || status >= 500;
}

/** Section 8.3, the standard policy, written down from its sentences. */
function decideStandard(
  { kind, status = 0, headers = {} }: GivenAnswer,
  given: Given,
  rules: RulesText,
): string {
  const isWrite = given.call !== 'read' && given.call !== 'find';
  const tier = findTier(rules, given);
  if (kind === 'not-sent') return 'retry';
  if (kind !== 'response') return isWrite ? 'unknown' : 'retry';
  const isLimit = headers['retry-after'] !== undefined || headers['x-ratelimit-remaining'] === '0';
  const lacksScope = /insufficient_scope/.test(headers['www-authenticate'] ?? '');
  if (status === 401 || status === 407 || (status === 403 && lacksScope)) return 'refresh';
  if (status === 429 || status === 503 || (status === 403 && isLimit)) {
    if (!isWrite) return 'wait';
    if (tier === 5) return 'unknown';
    return status === 503 && tier >= 3 ? 'unknown' : 'wait';
  }
  if (status >= 500 || status === 408) return isWrite ? 'unknown' : 'retry';
  if (status === 202) return isWrite ? 'unknown' : 'ok';
  if (status < 300) return 'ok';
  if (status < 400 && status !== 307 && status !== 308 && isWrite) return 'unknown';
  if (status === 412) return isWrite && findsFor(rules, given) ? 'look-again' : 'retry';
  if (given.call === 'read') return 'halt';
  if (given.call === 'find') return status === 404 ? decideFound(rules, given, 'none') : 'review';
  if (status === 409) return tier === 1 ? 'wait' : tier === 3 || tier === 4 ? 'exists' : 'review';
  return 'review';
}

/** Section 8.3: what has changed under a write is read again; there it can be, where something is looked up for it. */
function findsFor(rules: RulesText, given: Given): boolean {
  return rules.flows[given.flow]?.find !== undefined || targetOf(rules, given).find !== undefined;
}

/** Section 8.4, from the rules alone: what an update or an absolute write is protected by stands in its path. */
function findTier(rules: RulesText, given: Given): number {
  if (given.call === 'read' || given.call === 'find' || given.call === undefined) return 0;
  const target = targetOf(rules, given);
  // Section 8.4: what is posted may be added to what is there, whatever it is called.
  if (given.call === 'update')
    return /^POST /i.test(rules.updates?.[target.name] ?? target.update ?? '') ? 5 : 0;
  const address = rules.writes?.[target.name] ?? target.write ?? '';
  if (target.create === undefined && /^(?:PUT|PATCH|DELETE) .*\}$/i.test(address)) return 0;
  const [first] = [target.once ?? []].flat();
  switch (first?.kind) {
    case 'key':
      return 1;
    case 'upsert':
      return 2;
    case 'look-up':
      return first.settle === undefined ? 3 : 4;
    case 'accept-duplicates':
      return 5;
    default:
      return 0;
  }
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export function readDuration(text: string): number {
  const [, count = '0', unit = 's'] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/.exec(text) ?? [];
  return Number(count) * (UNITS[unit] ?? 1000);
}

function listTold({ alerts }: RulesText, kind: string, flow: string): readonly string[] {
  const lines = (alerts?.send ?? []).filter(
    (line) => [line.when].flat().includes(kind) && (line.flow ?? flow) === flow,
  );
  return [
    ...new Set(lines.flatMap(({ to }) => [to].flat().map((channel) => `${channel}: ${kind}`))),
  ].toSorted();
}
