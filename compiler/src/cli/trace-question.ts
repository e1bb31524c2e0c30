import type { Host } from '../source/host.ts';
import { readText } from '../write/read-text.ts';

/** What somebody holds in hand and wants to know the origin of. */
export type TraceQuestion =
  | { readonly kind: 'place'; readonly file: string; readonly line: number }
  /** `flows.customers.to.contact.map.Name`, with names or numbers of list elements. */
  | { readonly kind: 'rules'; readonly rules: readonly string[] }
  | { readonly kind: 'wrong'; readonly problem: string };

/** A line of the log, an alert, a place in a file or a path in the rules; undefined where it is none of them. */
export function readQuestion(host: Host, folder: string, text: string): TraceQuestion | undefined {
  const given = text.trim();
  if (given.startsWith('{')) return readJson(given);
  const alert = /^(?:NEW|STILL|RECOVERED) ([a-z-]+): ([^:]+)(?::|$)/.exec(given);
  if (alert !== null) return { kind: 'rules', rules: listAlertRules(alert[1], alert[2], findNamed(given)) };
  const place = /^(.+?):(\d+)(?::\d+)?$/.exec(given);
  if (place !== null) return readPlace(host, folder, place[1] ?? '', Number(place[2]));
  // A path with a star names a key of the language, and no rule.
  return /^(?:flows|systems|policies|alerts|custom)\.[^*]+$/.test(given) && !/\s/.test(given)
    ? { kind: 'rules', rules: [given] }
    : undefined;
}

function readPlace(host: Host, folder: string, name: string, line: number): TraceQuestion {
  const file = host.resolve(folder, name);
  const text = readText(host, file);
  if (text === undefined)
    return {
      kind: 'wrong',
      problem: `There is no file ${name}. A place is a file and a line: src/main.ts:12.`,
    };
  const count = text.split('\n').length;
  if (line < 1 || line > count)
    return { kind: 'wrong', problem: `${name} has ${count} lines, and ${line} is none of them.` };
  return { kind: 'place', file, line };
}

function readJson(text: string): TraceQuestion {
  let value: Readonly<Record<string, unknown>>;
  try {
    value = JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return {
      kind: 'wrong',
      problem: 'This begins like a line of the log, and is no JSON: give the whole line, in quotes.',
    };
  }
  const read = (name: string): string | undefined =>
    typeof value[name] === 'string' ? value[name] : undefined;
  const rule = read('rule');
  if (read('kind') !== undefined && read('subject') !== undefined)
    return { kind: 'rules', rules: listAlertRules(read('kind'), read('subject'), rule) };
  if (rule !== undefined && rule.includes('.')) return { kind: 'rules', rules: [rule] };
  const [flow, system, step] = [read('flow'), read('system'), read('step')];
  if (flow !== undefined) return { kind: 'rules', rules: [listStep(flow, step)] };
  if (system !== undefined) return { kind: 'rules', rules: [`systems.${system}`] };
  return {
    kind: 'wrong',
    problem:
      'This line names no rule, no flow and no system, so no rule is behind it: it tells of the service as a whole.',
  };
}

/** Of a line of the log: what is done there. */
function listStep(flow: string, step: string | undefined): string {
  if (step === 'read') return `flows.${flow}.from`;
  // A call is named by its operation, which several places of a flow may share.
  return step === undefined || step.includes(' ') ? `flows.${flow}` : `flows.${flow}.to.${step}`;
}

const OF_SYSTEMS: ReadonlySet<string> = new Set(['auth', 'pause']);

function listAlertRules(kind = '', subject = '', rule: string | undefined): string[] {
  if (rule !== undefined) return [rule];
  if (kind === 'channel') return [`alerts.channels.${subject}`];
  return [`${OF_SYSTEMS.has(kind) ? 'systems' : 'flows'}.${subject}`];
}

/** `(since 2026-01-05 09:00 UTC, rule flows.customers.to[0].map.Name)` */
function findNamed(line: string): string | undefined {
  return /, rule (\S+)\)$/.exec(line)?.[1];
}
