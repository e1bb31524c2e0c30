import { formatLocation } from '../diagnostics/render-text.ts';
import type { PlaceReader } from '../diagnostics/render-text.ts';
import type { Proof } from '../emit/list-proofs.ts';
import type { TraceEntry } from '../model/output-file.ts';
import { checkIntegration } from '../pipeline.ts';
import type { Host } from '../source/host.ts';
import { formatPath } from '../source/source-ref.ts';
import type { PathStep } from '../source/source-ref.ts';
import { parseYamlFile } from '../source/yaml-file.ts';
import { readLock, TRACE_FILE } from '../write/output-lock.ts';
import { readText } from '../write/read-text.ts';
import { listStale } from './list-stale.ts';
import { readOutput } from './read-output.ts';

/** Everything that belongs to one rule. */
export interface Trace {
  readonly rule: string;
  /** `specs/crm-to-ledger.rules.yaml:57:11` */
  readonly at: string;
  readonly text: string;
  /** Places in the descriptions that the value is made of. */
  readonly reads: readonly string[];
  /** The field or the operation in the description that the rule is about. */
  readonly spec: readonly string[];
  readonly code: readonly string[];
  readonly recordings: readonly string[];
  /** Ids of rows of the answer book, and files of tests. */
  readonly tests: readonly string[];
}

/** What one integration's rules and its generated service say of each other. */
export interface OpenTrace {
  /** What makes it less than certain: a file that was edited, or is not there. */
  readonly notes: readonly string[];
  /** @param at.column counted from 1; undefined where only the line is known */
  atPlace(at: Place): readonly Trace[];
  /** @param rules paths in the rules; targets and look-ups may be named */
  ofRules(rules: readonly string[]): readonly Trace[];
  listRules(): readonly string[];
}

/** @returns the reason where there is nothing to look into */
export async function openTrace(host: Host, entry: string, places: PlaceReader): Promise<OpenTrace | string> {
  const rulesText = readText(host, entry);
  const name = places.displayName(entry);
  if (rulesText === undefined) return `There is no rules file ${name}.`;
  const [checked] = await checkIntegration(host, entry);
  if (checked === undefined) return `The rules ${name} do not hold: see mortise check ${name}.`;
  const folder = host.resolve(entry, '..', readOutput(host, entry));
  const service = places.displayName(folder);
  const traceText = readText(host, host.resolve(folder, TRACE_FILE));
  if (traceText === undefined) return `${service} holds no ${TRACE_FILE}: run mortise gen ${name}.`;
  const { planService } = await import('../plan/plan-service.ts');
  const { listProofs } = await import('../emit/list-proofs.ts');
  const lock = readLock(host, folder);
  const trace = parseJson(traceText) as TraceEntry[] | undefined;
  if (!Array.isArray(trace)) return `${service}/${TRACE_FILE} is damaged: run mortise gen ${name}.`;
  const plan = planService(checked, { names: lock?.names ?? {}, rulesPath: name });
  const world: World = {
    host,
    entry,
    folder,
    places,
    rules: parseYamlFile(entry, rulesText),
    trace,
    proofs: listProofs(plan),
    files: host.listFiles(folder),
  };
  const traced = [...new Set(world.trace.map(({ file }) => file))];
  const notes = listStale({ host, entry, folder, lock, display: (file) => places.displayName(file) }, traced);
  return {
    notes,
    atPlace: (at) => traceRules(world, findRulesAt(world, at)),
    ofRules: (rules) =>
      traceRules(
        world,
        rules.flatMap((rule) => resolveRule(world, rule) ?? []),
      ),
    listRules: () => [...new Set(world.trace.map(({ rule }) => rule))],
  };
}

export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number | undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface World {
  readonly host: Host;
  readonly entry: string;
  readonly folder: string;
  readonly places: PlaceReader;
  readonly rules: ReturnType<typeof parseYamlFile>;
  readonly trace: readonly TraceEntry[];
  readonly proofs: readonly Proof[];
  readonly files: readonly string[];
}

/** The rules behind a line of the rules, of a description, or of what was emitted. */
function findRulesAt(world: World, { file, line, column }: Place) {
  const { host, entry, folder, trace, rules } = world;
  if (file === entry) {
    const path = rules.pathAt(line, column);
    return path.length === 0 ? [] : [path];
  }
  const emitted = host.relative(folder, file);
  const found = emitted.startsWith('..')
    ? findSpecUses(world, { file, line, column })
    : findStatements(
        trace.filter((one) => one.file === emitted),
        (readText(host, file) ?? '').split('\n'),
        line,
      );
  return found.flatMap(({ rule }) => resolveRule(world, rule) ?? []);
}

/** The innermost statements that reach a line; where none does, those that declare what the line names. */
function findStatements(
  entries: readonly TraceEntry[],
  lines: readonly string[],
  line: number,
): TraceEntry[] {
  const covering = entries.filter((one) => one.line <= line && line <= findEnd(lines, one.line));
  const nearest = Math.max(...covering.map((one) => one.line));
  if (covering.length > 0) return covering.filter((one) => one.line === nearest);
  const named = new Set((lines[line - 1] ?? '').match(/[\w$]+/g) ?? []);
  return entries.filter((one) => named.has(/^ *const ([\w$]+) =/.exec(lines[one.line - 1] ?? '')?.[1] ?? ''));
}

/** A statement goes on as long as lines are indented further, and ends with the bracket that closes it. */
function findEnd(lines: readonly string[], start: number): number {
  const indentOf = (text: string): number => text.length - text.trimStart().length;
  const first = lines[start - 1] ?? '';
  // What is traced to the name of an element is the whole element.
  const indent = indentOf(first) - (/^ +name: /.test(first) ? 1 : 0);
  let end = start;
  while (end < lines.length && (lines[end] === '' || indentOf(lines[end] ?? '') > indent)) end += 1;
  return /^ *[)}\]]/.test(lines[end] ?? '') && end > start ? end + 1 : end;
}

/** Statements of which the description's innermost part at this line is a part, or that are a part of it. */
function findSpecUses({ host, entry, trace }: World, { file, line, column }: Place): readonly TraceEntry[] {
  const path = parseYamlFile(file, readText(host, file) ?? '').pathAt(line, column);
  const name = host.relative(host.resolve(entry, '..'), file);
  for (let depth = path.length; depth > 1; depth -= 1) {
    const pointer = `${name}#/${path.slice(0, depth).map(escapeStep).join('/')}`;
    const used = trace.filter(({ spec, reads = [] }) => spec === pointer || reads.includes(pointer));
    if (used.length > 0) return used;
  }
  return [];
}

function escapeStep(step: PathStep): string {
  return String(step).replaceAll('~', '~0').replaceAll('/', '~1');
}

/** `flows.customers.to.contact.map.Name` names the target where the rules have a list. */
function resolveRule({ rules }: World, rule: string): readonly PathStep[][] | undefined {
  const steps = [...rule.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(
    ({ index, 1: quoted, 2: number, 3: name }) => ({
      step: number === undefined ? (quoted ?? name ?? '') : Number(number),
      rest: rule.slice(index),
    }),
  );
  const path: PathStep[] = [];
  let value: unknown = rules.value;
  for (const { step, rest } of steps) {
    const held: unknown[] | undefined = Array.isArray(value) ? value : undefined;
    const named = held?.findIndex((one) => Reflect.get(Object(one), 'name') === step) ?? -1;
    // A target's path is one key, whatever it is made of: Contact.ContactID, Phones[0].PhoneNumber.
    const isWhole = held === undefined && Object.hasOwn(Object(value), rest);
    const real = isWhole ? rest : named >= 0 ? named : step;
    const next: unknown = Reflect.get(Object(value), real);
    if (next === undefined) return undefined;
    path.push(real);
    if (isWhole) break;
    value = next;
  }
  return [path];
}

function traceRules(world: World, paths: readonly (readonly PathStep[])[]): Trace[] {
  const seen = new Set<string>();
  return paths.flatMap((path) => {
    const nearest = findTraced(world, path);
    const rule = formatPath(nearest);
    if (seen.has(rule)) return [];
    seen.add(rule);
    return [traceRule(world, path, nearest)];
  });
}

/** The rule itself, or the nearest one above it that a statement was made of. */
function findTraced({ trace }: World, path: readonly PathStep[]): readonly PathStep[] {
  const rules = new Set(trace.map(({ rule }) => rule));
  for (let depth = path.length; depth > 0; depth -= 1)
    if (rules.has(formatPath(path.slice(0, depth)))) return path.slice(0, depth);
  return path;
}

function traceRule(world: World, path: readonly PathStep[], nearest: readonly PathStep[]): Trace {
  const { host, entry, folder, places, trace, proofs } = world;
  const rule = formatPath(nearest);
  const entries = trace.filter((one) => one.rule === rule);
  const shown = (file: string): string => places.displayName(host.resolve(folder, file));
  const location = places.locate({ file: entry, path, part: 'key' });
  const ids = proofs.filter((proof) => isBelow(proof.rule, rule)).map(({ id }) => id);
  return {
    rule: formatPath(path),
    at: formatLocation(location, places),
    text: places.lineText(entry, location.line).trim(),
    reads: entries.flatMap(({ reads = [] }) => reads.map((one) => showSpec(world, one))),
    spec: entries.flatMap(({ spec }) => (spec === undefined ? [] : [showSpec(world, spec)])),
    code: entries.map((one) => `${shown(one.file)}:${one.line}`),
    recordings: listRecordings(world, nearest).map(shown),
    tests: [...ids, ...listTestFiles(world, nearest, entries).map(shown)],
  };
}

function isBelow(rule: string, above: string): boolean {
  return rule === above || rule.startsWith(`${above}.`) || rule.startsWith(`${above}[`);
}

function showSpec({ host, entry, places }: World, spec: string): string {
  const [name = '', pointer = ''] = spec.split('#');
  const file = host.resolve(entry, '..', name);
  const path = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const inList = path.map((step): PathStep => (/^\d+$/.test(step) ? Number(step) : step));
  const exact = places.locate({ file, path, part: 'key' });
  const listed = places.locate({ file, path: inList, part: 'key' });
  return `${formatLocation(listed.line > exact.line ? listed : exact, places)} #${pointer}`;
}

/** What was recorded, or made up, of the call that a rule is about. */
function listRecordings(
  { files, host, folder }: World,
  [, flow, part, index, name]: readonly PathStep[],
): string[] {
  const role = (file: string): unknown => {
    const text = readText(host, host.resolve(folder, file)) ?? '{}';
    // One that is damaged is said by the contract tests and by drift; here it is of no call.
    const { role: is, name: of } = (parseJson(text) ?? {}) as {
      readonly role?: string;
      readonly name?: string;
    };
    return is === 'read' ? 'from' : is === 'find' ? `find ${of}` : 'to';
  };
  const wanted = (is: unknown): boolean =>
    part === undefined || part === 'keep' || part === 'later'
      ? true
      : part === 'find'
        ? index === undefined || is === `find ${index}`
        : part === 'to' && name === 'map'
          ? true
          : is === part;
  return files.filter(
    (file) => file.startsWith(`recordings/${flow}/`) && file.endsWith('.json') && wanted(role(file)),
  );
}

/** Tests that a rule takes part in beside the drills. */
function listTestFiles(
  { files }: World,
  [top, flow]: readonly PathStep[],
  entries: readonly TraceEntry[],
): string[] {
  if (top !== 'flows') return [];
  const mappings = entries.map(({ file }) =>
    file.startsWith('src/mappings/') ? file.replace(/^src\//, 'test/').replace(/\.ts$/, '.test.ts') : '',
  );
  const all = [...new Set(mappings), `test/flows/${flow}.test.ts`, `test/contract/${flow}.test.ts`];
  return all.filter((file) => files.includes(file));
}
