import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import type { AlertsModel, ChannelModel, SendModel } from '../model/integration-model.ts';
import type { AlertsInput, ChannelInput, SendInput } from '../model/rules-input.ts';
import { childOf, keyAt, valueAt } from '../source/source-ref.ts';
import type { SourceRef } from '../source/source-ref.ts';
import { measureTiming } from './resolve-timing.ts';
import { parseDurationMs, parseSetting } from './parse-units.ts';
import type { ResolveContext } from './resolve-context.ts';

/** Who is told of what: every name led to its channel or flow, and every line such that it can come true. */
export function resolveAlerts(context: ResolveContext): AlertsModel | undefined {
  const { rules, rulesFile } = context.workspace;
  if (rules.alerts === undefined) return undefined;
  const origin = valueAt(rulesFile, ['alerts']);
  const channels = Object.entries(rules.alerts.channels).map(([name, input]) =>
    resolveChannel(name, input, childOf(origin, 'channels', name)),
  );
  const send = rules.alerts.send.map((input, index) =>
    resolveSend(context, input, channels, childOf(origin, 'send', index)),
  );
  reportUnused(context, rules.alerts, channels);
  return { origin, channels, send };
}

function resolveChannel(name: string, input: ChannelInput, origin: SourceRef): ChannelModel {
  switch (input.kind) {
    case 'slack':
      return { origin, name, kind: 'slack', url: parseSetting(input.url) };
    case 'email':
      return {
        origin,
        name,
        kind: 'email',
        to: parseSetting(input.to),
        smtp: parseSetting(input.smtp),
        from: input.from === undefined ? undefined : parseSetting(input.from),
      };
    case 'webhook':
      return {
        origin,
        name,
        kind: 'webhook',
        url: parseSetting(input.url),
        secret: parseSetting(input.secret),
      };
  }
}

function resolveSend(
  context: ResolveContext,
  input: SendInput,
  channels: readonly ChannelModel[],
  origin: SourceRef,
): SendModel {
  const to = [input.to].flat().flatMap((name, index) => {
    const found = channels.find((channel) => channel.name === name);
    if (found !== undefined) return [found];
    const near = didYouMean(
      name,
      channels.map((channel) => channel.name),
    );
    const at = typeof input.to === 'string' ? childOf(origin, 'to') : childOf(origin, 'to', index);
    context.found.push(createDiagnostic('unknown-channel', { name, near }, at));
    return [];
  });
  checkFlow(context, input, origin);
  checkOver(context, input, origin);
  return {
    origin,
    when: [...new Set([input.when].flat())],
    to: [...new Set(to)],
    flow: input.flow,
    everyMs: input.every === undefined ? undefined : parseDurationMs(input.every),
    overMs: input.over === undefined ? undefined : parseDurationMs(input.over),
    because: input.because,
  };
}

/** Kinds of which a system is the subject, whatever flows use it. */
const OF_SYSTEMS = ['pause', 'auth'];

function checkFlow(context: ResolveContext, input: SendInput, origin: SourceRef): void {
  if (input.flow === undefined) return;
  const { flows } = context.workspace.rules;
  if (!Object.hasOwn(flows, input.flow)) {
    const near = didYouMean(input.flow, Object.keys(flows));
    context.found.push(createDiagnostic('unknown-flow', { name: input.flow, near }, childOf(origin, 'flow')));
  }
  const wrong = [input.when].flat().filter((kind) => OF_SYSTEMS.includes(kind));
  if (wrong.length === 0) return;
  const kinds = [...new Set(wrong)].map((kind) => `"${kind}"`);
  const subject = `${kinds.join(' and ')} ${kinds.length === 1 ? 'concerns' : 'concern'}`;
  const problem = `${subject} a system, whichever flows use it, so "flow" would keep it from everybody. Write it in a line of its own, without "flow".`;
  context.found.push(createDiagnostic('invalid-value', { problem }, childOf(origin, 'flow')));
}

function checkOver(context: ResolveContext, input: SendInput, origin: SourceRef): void {
  const isStale = [input.when].flat().includes('stale');
  if (isStale && input.over === undefined)
    context.found.push(createDiagnostic('missing-key', { key: 'over' }, origin, { fix: 'over: 30m' }));
  if (input.over === undefined) return;
  const at = childOf(origin, 'over');
  if (!isStale) {
    const problem =
      '"over" says how long a flow may be behind, and this line does not tell of that. Add "stale" to "when", or leave "over" out.';
    context.found.push(createDiagnostic('invalid-value', { problem }, at));
    return;
  }
  const overMs = parseDurationMs(input.over);
  for (const [name, flow] of Object.entries(context.workspace.rules.flows)) {
    const { everyMs, schedule } = measureTiming(flow.from, context.workspace.rules.zone);
    if ((input.flow ?? name) !== name || everyMs < overMs) continue;
    const gap = schedule === undefined ? `every ${flow.from.every ?? ''}` : `at ${schedule.cron}`;
    const longest = flow.from.every ?? `${Math.ceil(everyMs / 3_600_000)}h`;
    const problem = `The flow "${name}" reads ${gap}, so it would be stale over ${input.over} between any two readings. Allow more than ${longest}.`;
    const every = valueAt(origin.file, ['flows', name, 'from', 'every']);
    const related = [{ at: every, message: 'how often it reads' }];
    context.found.push(createDiagnostic('invalid-value', { problem }, at, { related }));
  }
}

function reportUnused(context: ResolveContext, input: AlertsInput, channels: readonly ChannelModel[]): void {
  const used = new Set(input.send.flatMap((line) => line.to));
  for (const { name, origin } of channels) {
    if (!used.has(name))
      context.found.push(createDiagnostic('unused-channel', { name }, keyAt(origin.file, origin.path)));
  }
}
