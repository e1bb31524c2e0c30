import type { Host } from '../../source/host.ts';
import { readSystems } from '../../resolve/read-systems.ts';
import type { ReadSystem } from '../../resolve/read-systems.ts';
import { rankReads, rankWrites } from '../init/rank-operations.ts';
import type { Ranked } from '../init/rank-operations.ts';
import type { ChosenSide } from '../init/render-rules.ts';
import { settleRules } from '../init/settle-rules.ts';
import { printFindings } from '../print-findings.ts';

export interface InitOptions {
  readonly name: string;
  /** `crm=./crm.yaml`; several files of one system in one list. */
  readonly source: readonly string[];
  readonly target: readonly string[];
  readonly read: string | undefined;
  readonly write: string | undefined;
  readonly force: boolean;
}

/** `mortise init`: a rules file for two descriptions, in which what a person must decide is marked. @returns the exit code */
export async function init(
  host: Host,
  folder: string,
  options: InitOptions,
  print: (text: string) => void,
): Promise<number> {
  const file = host.resolve(folder, `specs/${options.name}.rules.yaml`);
  const shown = host.relative(folder, file);
  if (!/^[a-z][a-z0-9-]*$/.test(options.name))
    return refuse(print, 'Name it by lower-case letters, digits and hyphens: crm-to-ledger.');
  if (host.readFile(file) !== undefined && !options.force)
    return refuse(print, `There is a file ${shown} already; --force writes over it.`);
  const named = [readSide(options.source, 'source'), readSide(options.target, 'target')] as const;
  const [source, target] = named;
  if (source.name === target.name)
    return refuse(print, `Both systems are called ${source.name}; write --source crm=… --target ledger=….`);
  const specsOf = (paths: readonly string[]): string[] =>
    paths.map((path) => nameFrom(host, file, host.resolve(folder, path)));
  const sides = named.map(({ name, paths }) => ({ name, specs: specsOf(paths) }));
  const [systems, found] = readSystems(
    host,
    file,
    Object.fromEntries(sides.map(({ name, specs }) => [name, { spec: specs }])),
  );
  if (found.length > 0) {
    print(printFindings(host, folder, found, 'text'));
    return 1;
  }
  const [from, to] = sides.map((side) => ({ ...side, read: systems.get(side.name) as ReadSystem }));
  if (from === undefined || to === undefined) return 2;
  const read = options.read ?? rankReads(from.read.operations)[0]?.name;
  const write = options.write ?? rankWrites(to.read.operations, read ?? '')[0]?.name;
  const chosen = [choose(from, read), choose(to, write)];
  const [reads, writes] = chosen;
  if (reads === undefined || writes === undefined) {
    const ranked =
      reads === undefined ? rankReads(from.read.operations) : rankWrites(to.read.operations, read ?? '');
    return refuse(
      print,
      `${reads === undefined ? `--read ${read}` : `--write ${write}`} is no operation. The likeliest:\n${listRanked(ranked)}`,
    );
  }
  const settled = await settleRules(host, file, {
    integration: options.name,
    output: `../generated/${options.name}`,
    source: reads,
    target: writes,
    without: new Set(),
  });
  host.writeFile(file, settled.text);
  print(`${shown}: reads ${read}, writes ${write}\n`);
  if (options.read === undefined)
    print(`other reads (--read):\n${listRanked(rankReads(from.read.operations).slice(1, 6))}\n`);
  if (options.write === undefined)
    print(`other writes (--write):\n${listRanked(rankWrites(to.read.operations, read ?? '').slice(1, 6))}\n`);
  const open = [...settled.open].map(([code, count]) => `${count} ${code}`).join(', ');
  print(`open decisions, marked TODO: ${open === '' ? 'none' : open}\nnext: mortise check ${shown}\n`);
  for (const line of settled.wrong) print(`to mend: ${line}\n`);
  return settled.wrong.length === 0 ? 0 : 1;
}

function refuse(print: (text: string) => void, text: string): number {
  print(`${text}\n`);
  return 2;
}

/** `crm=./crm.yaml`, or a path whose file names the system: `./xero-accounting.yaml` is of xero. */
function readSide(
  given: readonly string[],
  otherwise: string,
): { readonly name: string; readonly paths: readonly string[] } {
  const parts = given.map((entry) => /^(?:([A-Za-z][A-Za-z0-9-]*)=)?(.+)$/.exec(entry) ?? []);
  const [, name, first = ''] = parts[0] ?? [];
  const base = /([A-Za-z][A-Za-z0-9]*)[^/]*$/
    .exec(first.slice(first.lastIndexOf('/') + 1))?.[1]
    ?.toLowerCase();
  return { name: name ?? base ?? otherwise, paths: parts.map(([, , path = '']) => path) };
}

function nameFrom(host: Host, file: string, path: string): string {
  const relative = host.relative(host.resolve(file, '..'), path);
  return relative.startsWith('.') ? relative : `./${relative}`;
}

function choose(side: Omit<ChosenSide, 'operation'>, name: string | undefined): ChosenSide | undefined {
  const operation = name === undefined ? undefined : side.read.operations.peek(name);
  return operation === undefined ? undefined : { ...side, operation };
}

function listRanked(ranked: readonly Ranked[]): string {
  return ranked.map(({ name }) => `  ${name}`).join('\n');
}
