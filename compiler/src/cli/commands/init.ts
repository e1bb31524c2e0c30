import type { Host } from '../../source/host.ts';
import { askInit } from '../init/ask-init.ts';
import type { GivenOptions } from '../init/ask-init.ts';
import type { InitOptions } from '../init/init-options.ts';
import { printCommand } from '../init/print-command.ts';
import type { Prompter } from '../init/prompter.ts';
import { rankReads, rankWrites } from '../init/rank-operations.ts';
import type { Ranked } from '../init/rank-operations.ts';
import { readSides } from '../init/read-sides.ts';
import type { ChosenSide } from '../init/render-rules.ts';
import { settleRules } from '../init/settle-rules.ts';
import { printFindings } from '../print-findings.ts';

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
  const sides = readSides(host, folder, file, options);
  if (sides.kind === 'same-name')
    return refuse(print, `Both systems are called ${sides.name}; write --source crm=… --target ledger=….`);
  if (sides.kind === 'broken') {
    print(printFindings(host, folder, sides.found, 'text'));
    return 1;
  }
  const { source, target } = sides;
  const read = options.read ?? rankReads(source.read.operations, target.read.operations)[0]?.name;
  const write = options.write ?? rankWrites(target.read.operations, read ?? '')[0]?.name;
  const [reads, writes] = [choose(source, read), choose(target, write)];
  if (reads === undefined || writes === undefined) {
    const ranked =
      reads === undefined
        ? rankReads(source.read.operations, target.read.operations)
        : rankWrites(target.read.operations, read ?? '');
    const [side, option, given] = reads === undefined ? [source, '--read', read] : [target, '--write', write];
    if (given === undefined)
      return refuse(
        print,
        `No operation of "${side.name}" looks like one that ${reads === undefined ? 'reads a list of records' : 'writes a record'}. Name one with ${option} "${reads === undefined ? 'GET' : 'POST'} /…", or see whether the description is the right one.`,
      );
    return refuse(print, `${option} ${given} is no operation. The likeliest:\n${listRanked(ranked)}`);
  }
  const settled = await settleRules(host, file, {
    integration: options.name,
    output: options.output ?? `../generated/${options.name}`,
    source: reads,
    target: writes,
    key: options.key,
    changed: options.changed,
    pages: options.pages,
    policy: options.policy,
    without: new Set(options.leaveOut),
  });
  host.writeFile(file, settled.text);
  print(`${shown}: reads ${read}, writes ${write}\n`);
  const others = {
    read: rankReads(source.read.operations, target.read.operations).slice(1, 6),
    write: rankWrites(target.read.operations, read ?? '').slice(1, 6),
  };
  if (options.read === undefined && others.read.length > 0)
    print(`other reads (--read):\n${listRanked(others.read)}\n`);
  if (options.write === undefined && others.write.length > 0)
    print(`other writes (--write):\n${listRanked(others.write)}\n`);
  const open = [...settled.open].map(([code, count]) => `${count} ${code}`).join(', ');
  // What stands behind something wrong is not seen yet.
  const none = settled.wrong.length === 0 ? 'none' : 'known once the lines below are mended';
  print(`open decisions, marked TODO: ${open === '' ? none : open}\n`);
  for (const line of settled.wrong) print(`to mend: ${line}\n`);
  print(`next: mortise check ${shown}\n`);
  return settled.wrong.length === 0 ? 0 : 1;
}

/** Asks for what the command line leaves open, and says at the end how it is said without questions. @returns the exit code */
export async function initByQuestions(
  host: Host,
  folder: string,
  given: GivenOptions,
  prompter: Prompter,
  print: (text: string) => void,
): Promise<number> {
  const options = await askInit(host, folder, given, prompter);
  if (options === undefined) {
    prompter.close('Stopped: nothing was written.');
    return 1;
  }
  prompter.close('Without questions this is:');
  print(`${printCommand(options)}\n\n`);
  return init(host, folder, options, print);
}

function refuse(print: (text: string) => void, text: string): number {
  print(`${text}\n`);
  return 2;
}

function choose(side: Omit<ChosenSide, 'operation'>, name: string | undefined): ChosenSide | undefined {
  const operation = name === undefined ? undefined : side.read.operations.peek(name);
  return operation === undefined ? undefined : { ...side, operation };
}

function listRanked(ranked: readonly Ranked[]): string {
  return ranked.map(({ name }) => `  ${name}`).join('\n');
}
