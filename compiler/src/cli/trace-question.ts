import type { Host } from '../source/host.ts';
import { readText } from '../write/read-text.ts';

/** What somebody holds in hand and wants to know the origin of. */
export type TraceQuestion =
  | {
      readonly kind: 'place';
      readonly file: string;
      readonly line: number;
      readonly column: number | undefined;
    }
  /** `flows.customers.to.contact.map.Name`, with names or numbers of list elements. */
  | { readonly kind: 'rules'; readonly rules: readonly string[] }
  | { readonly kind: 'wrong'; readonly problem: string };

/** A line of the log, an alert, a place in a file or a path in the rules; undefined where it is none of them. */
export function readQuestion(host: Host, folder: string, text: string): TraceQuestion | undefined {
  const given = text.trim();
  if (given.startsWith('{')) return readJson(given);
  const alert = readAlert(given);
  if (alert !== undefined) return alert;
  const place = /^(.+?):(\d+)(?::(\d+))?$/.exec(given);
  if (place !== null) {
    const [, name = '', line, column] = place;
    return readPlace(host, folder, name, [Number(line), column === undefined ? undefined : Number(column)]);
  }
  // A path with a star names a key of the language, and no rule.
  return /^(?:flows|systems|policies|alerts|custom)\.[^*]+$/.test(given) && !/\s/.test(given)
    ? { kind: 'rules', rules: [given] }
    : undefined;
}

/** `NEW auth: ledger: …`, alone or in a message to people. */
function readAlert(text: string): TraceQuestion | undefined {
  const line = /^(?:NEW|STILL|RECOVERED) ([a-z-]+): ([^:\n]+)(?::.*)?$/m.exec(text);
  return line === null
    ? undefined
    : { kind: 'rules', rules: listAlertRules(line[1], line[2], findNamed(line[0])) };
}

function readPlace(
  host: Host,
  folder: string,
  name: string,
  [line, column]: readonly [number, number | undefined],
): TraceQuestion {
  const file = host.resolve(folder, name);
  const text = readText(host, file);
  if (text === undefined)
    return {
      kind: 'wrong',
      problem: `There is no file ${name}. A place is a file and a line: generated/crm-to-ledger/src/flows/customers.ts:12.`,
    };
  const count = text.replace(/\n$/, '').split('\n').length;
  if (line < 1 || line > count)
    return { kind: 'wrong', problem: `${name} has ${count} lines, and ${line} is none of them.` };
  return { kind: 'place', file, line, column };
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
  const message = readAlert(read('text') ?? '');
  if (message !== undefined) return message;
  // An alert as a program gets it, or as the log tells of it.
  const kind = read('kind') ?? read('step');
  if (kind !== undefined && read('subject') !== undefined)
    return { kind: 'rules', rules: listAlertRules(kind, read('subject'), rule) };
  const sent = /^alerts\.send\[\d+\]$/.exec(read('step') ?? '');
  if (sent !== null) return { kind: 'rules', rules: [sent[0]] };
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
